"""Which names of a text are surely one entity."""

import pytest

from models import coreference
from models.mentions import Mentioned, agree, entities, whole
from models.types import Span

PERSON, BODY, UNNAMED = coreference.PERSON, coreference.ORGANIZATION, coreference.UNNAMED


def named(*names: tuple[str, int]) -> dict[str, str]:
    """Each name -> the name of its entity, where they stand one after the other in a text."""
    text = ". ".join(name for name, _ in names)
    found, at = [], 0
    for name, kind in names:
        start = text.index(name, at)
        at = start + len(name)
        found.append(Mentioned(Span(start, at), name, kind, (start, at)))
    agree(found)
    return {own.name: entity.name for entity in entities(found, text) for own in entity.mentions}


@pytest.mark.parametrize(
    ("short", "full", "kind"),
    [
        ("Hale", "Marta Hale", PERSON), ("Marta", "Marta Hale", PERSON), ("Tiff", "Tiffany Clegg", PERSON), ("Baroness Warsi", "Sayeeda Warsi", PERSON),
        ("Volodymyr Zelenskyy", "Volodymyr Zelensky", PERSON), ("Zelenskiy", "Volodymyr Zelensky", PERSON), ("Pieskow", "Dmitry Pieskov", PERSON), ("Kudriavtsev", "Alexei Kudryavtsev", PERSON),
        ("Chamber", "National Audit Chamber of Slovenia", BODY), ("Ministry", "Ministry of Finance", BODY), ("BBC", "British Broadcasting Corporation", BODY),
    ],
)
def test_a_short_form_or_another_spelling(short: str, full: str, kind: int) -> None:
    made = named((full, kind), (short, kind))
    assert made[short] == made[full] == full


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Anna Kovac", "Petr Kovac", PERSON), ("Hale", "Marta Lund", PERSON), ("Chamber", "House of Commons", BODY), ("Israel", "Israel Defense Forces", BODY),
        ("Lord Hexham", "Lord Amis", PERSON),
    ],
)
def test_two_who_are_not_surely_one(one: str, other: str, kind: int) -> None:
    made = named((one, kind), (other, kind))
    assert made[one] != made[other]


@pytest.mark.parametrize(
    "names",
    [
        (("Marta Hale", PERSON), ("Hale", BODY), ("Hale", PERSON), ("Hale", PERSON)),  # once taken for a body
        (("Marta Hale", BODY), ("Hale", PERSON)),
    ],
)
def test_a_name_is_of_one_class(names: tuple[tuple[str, int], ...]) -> None:
    assert set(named(*names).values()) == {"Marta Hale"}


def test_a_foundation_is_not_who_it_is_named_after() -> None:
    made = named(("Marta Hale Foundation", BODY), ("Marta Hale", PERSON), ("Hale", PERSON))
    assert (made["Marta Hale"], made["Hale"]) == ("Marta Hale", "Marta Hale")


def test_a_body_that_two_names_could_mean_is_neither() -> None:
    made = named(("Ministry of Finance", BODY), ("Ministry of Defence", BODY), ("Ministry", BODY))
    assert made["Ministry"] == "Ministry"


def test_a_son_of_the_same_name_is_another() -> None:
    made = named(("Tom Hale", PERSON), ("Tom Hale Jr", PERSON), ("Hale", PERSON), ("Hale Jr", PERSON))
    assert (made["Hale"], made["Hale Jr"]) == ("Tom Hale", "Tom Hale Jr")
    made = named(("Tom Hale Jr", PERSON), ("Hale", PERSON), ("Hale Jr", PERSON))
    assert set(made.values()) == {"Tom Hale Jr"}  # where no father is named


def test_mrs_and_mr_of_one_surname_are_two() -> None:
    text = "Jonathan Hale slept. Mrs Hale rose. Mr Hale woke. Hale wrote. Lady Hale read."
    found = [Mentioned(Span(at, at + len(name)), name, PERSON, (at, at + 1)) for name, at in (("Jonathan Hale", 0), ("Hale", 25), ("Hale", 39), ("Hale", 50), ("Lady Hale", 62))]
    assert [text[own.span.start : own.span.end] for own in found] == [own.name for own in found]
    assert [[own.span.start for own in entity.mentions] for entity in entities(found, text)] == [[0, 39, 50], [25, 62]]


@pytest.mark.parametrize(
    ("text", "tagged", "kind", "wanted"),
    [
        ("said Russia’s foreign ministry", "’s foreign ministry", UNNAMED, "Russia’s foreign ministry"),
        ("said Russia's foreign ministry", "s foreign ministry", UNNAMED, "Russia's foreign ministry"),
        ("by Porto Alegre's mayor", "'s mayor", UNNAMED, "Porto Alegre's mayor"),
        ("the shipping journal Poop Deck", "journal Poop Deck", BODY, "Poop Deck"),
        ("the boss's lawyer", "lawyer", UNNAMED, "lawyer"),
        ("said coxswain Marta Hale", "coxswain Marta Hale", PERSON, "Marta Hale"),
        ("Filippo della Valle", "della Valle", PERSON, "della Valle"),
        ("Cllr Desmond Applegarth said", "Cllr", PERSON, "Desmond Applegarth"),
        ("Rear Adm. Marta Hale told", "Adm", PERSON, "Marta Hale"),
        ("the Mayor said", "Mayor", PERSON, "Mayor"),
        ("Marta Hale Monday", "Marta Hale", PERSON, "Marta Hale"),
        ("Luiz de Braga e Sousa, 40, said", "Luiz de Braga", PERSON, "Luiz de Braga e Sousa"),
        ("Marta Hale de facto", "Marta Hale", PERSON, "Marta Hale"),
        ("said Lady Hale", "Hale", PERSON, "Lady Hale"),
        ("said Lady Marta Hale", "Marta Hale", PERSON, "Marta Hale"),
        ("said Mrs Hale", "Hale", PERSON, "Hale"),
        ("said Tom Hale Jr, 40", "Tom Hale", PERSON, "Tom Hale Jr"),
        ("the UN Interim Force in Lebanon (Unifil) said", "UN Interim Force", BODY, "UN Interim Force in Lebanon"),
        ("The UN Interim Force in Lebanon (Unifil) said", "The UN Interim Force", BODY, "UN Interim Force in Lebanon"),
        ("the Office for Budget Work (OBW) said", "Office", BODY, "Office for Budget Work"),
        ("the Harbour Board in Ghent (Belgium) said", "Harbour Board", BODY, "Harbour Board"),
    ],
)
def test_a_mention_has_whole_borders(text: str, tagged: str, kind: int, wanted: str) -> None:
    start = text.index(tagged)
    assert text[slice(*whole(text, start, start + len(tagged), kind))] == wanted
