"""What the scorers are told of a mention and its candidates, against plain readings of the same text."""

import numpy as np

from models import artifact, coreference, genders, windows
from models.names import relation

TEXT = "Anna Kovac, the finance minister, spoke. Petr Kovac of the NBU listened. The minister left. National Bank of Ukraine staff saw her."
NAMES = ("Anna Kovac", "Petr Kovac", "NBU", "National Bank of Ukraine")


def candidates() -> coreference.Candidates:
    pieces = windows.read(TEXT, windows.tokenizer(artifact.DEFAULT))
    spans = np.array([pieces.cover(TEXT.index(name), TEXT.index(name) + len(name)) for name in NAMES])
    source = np.array([pieces.cover(TEXT.index("the NBU"), TEXT.index(". The"))])
    return coreference.Candidates(pieces, spans, np.array([0, 0, 1, 1]), source)


def test_relations_are_those_of_the_names() -> None:
    made = candidates()
    for mention in ("Kovac", "NBU", "the bank", "she", "Ms. Kovac", "Ukraine", ""):
        assert made.relations(mention).tolist() == [relation(mention, name) for name in NAMES], mention


def test_a_title_beside_a_name() -> None:
    assert candidates().titled("the minister").tolist() == [1, 0, 0, 0]


def test_which_candidates_are_sources() -> None:
    assert candidates().in_source.tolist() == [False, False, True, False]


def test_features_of_a_part_are_a_part_of_the_features() -> None:
    made = candidates()
    start = TEXT.index("The minister")
    query = np.array([made.pieces.cover(start, start + len("The minister"))])
    whole = coreference.features(query, made)
    near = coreference.features(query, made, slice(1, 3))
    own = [0, 1, 2, 4, 5, 6, 7, 8]  # how many names stand between is counted among those near
    assert (whole[:, 1:3, own] == near[:, :, own]).all()


PEOPLE = "Anna Hale met Boris Lund. Lund told the BBC of Carla Reed. Hale left. The UN and Dana Voss came, said Voss. She smiled at Reed."
NAMED = ("Anna Hale", "Boris Lund", "Lund", "BBC", "Carla Reed", "Hale", "UN", "Dana Voss", "Voss", "Reed")  # in reading order


def recency(mention: str, wanted: int) -> dict[str, list[int]]:
    """What `recency` says of each name; the last place of a word is its."""
    pieces = windows.read(PEOPLE, windows.tokenizer(artifact.DEFAULT))

    def cover(words: str) -> tuple[int, int]:
        return pieces.cover(PEOPLE.rindex(words), PEOPLE.rindex(words) + len(words))

    kinds = [coreference.ORGANIZATION if name in ("BBC", "UN") else coreference.PERSON for name in NAMED]
    made = coreference.Candidates(pieces, np.array([cover(name) for name in NAMED]), np.array(kinds), np.array([cover("Lund"), cover("Voss")]))
    found = made.recency(np.array([cover(mention)]), np.array([wanted]))[0]
    return dict(zip(NAMED, found.tolist(), strict=True))


def test_who_was_named_since() -> None:
    made = recency("She", -1)
    assert [made[name][0] for name in ("Voss", "Hale", "Carla Reed", "Lund")] == [0, 1, 2, 3]
    assert (made["UN"][0], made["BBC"][0]) == (0, 1)  # bodies among bodies
    assert made["Reed"] == made["Carla Reed"]  # the same surname, also behind the mention
    early = recency("told", -1)
    assert early["BBC"] == early["Dana Voss"] == [coreference.FRESH, coreference.FRESH]


def test_who_spoke_since() -> None:
    made = recency("She", -1)
    assert [made[name][1] for name in ("Voss", "Dana Voss", "Boris Lund", "Anna Hale")] == [0, 0, 1, coreference.FRESH]


def test_people_of_another_gender_do_not_count() -> None:
    made = recency("She", genders.SHE)
    assert made["Boris Lund"] == made["Lund"] == [coreference.BARRED, coreference.BARRED]
    assert [made[name][0] for name in ("Dana Voss", "Hale", "Carla Reed")] == [0, 1, 2]
