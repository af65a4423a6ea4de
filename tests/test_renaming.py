"""Other names and the other gender, every place kept."""

import random

import pytest

from models import genders
from models.names import fold
from models.training import renaming

TEXT = "Mr Peter Hale told Ann Lund that his wife kept her from him. Hale saw her. Grace under fire: with grace, Ann left."
PEOPLE = [(3, 13), (19, 27), (61, 65), (TEXT.index("Grace"), TEXT.index("Grace") + 5), (TEXT.rindex("Ann"), TEXT.rindex("Ann") + 3)]
POOL = ["Voss"]


def edits(swapped: bool, unknown: int = genders.UNKNOWN) -> renaming.Edits:
    return renaming.renamed(TEXT, PEOPLE, POOL, random.Random(1), swapped, unknown)


def test_names_change_and_pronouns_stay() -> None:
    made = edits(False).text
    he, she = made.split()[1], made.split()[4]
    assert made == f"Mr {he} Voss told {she} Voss that his wife kept her from him. Voss saw her. Grace under fire: with grace, {she} left."
    assert (genders.of_name([fold(he)]), genders.of_name([fold(she)])) == (genders.HE, genders.SHE)
    assert he not in ("Peter", "Ann")


def test_both_genders_swap() -> None:
    made = edits(True).text
    one, other = made.split()[1], made.split()[4]
    assert made == f"Mrs {one} Voss told {other} Voss that her husband kept him from her. Voss saw him. Grace under fire: with grace, {other} left."
    assert (genders.of_name([fold(one)]), genders.of_name([fold(other)])) == (genders.SHE, genders.HE)


@pytest.mark.parametrize("swapped", [False, True])
def test_every_place_is_kept(swapped: bool) -> None:
    made = edits(swapped)
    for word, now in (("told", "told"), ("Peter Hale", f"{made.text.split()[1]} Voss"), ("left", "left"), ("Grace under", "Grace under")):
        start, end = made.span((TEXT.index(word), TEXT.index(word) + len(word)))
        assert made.text[start:end] == now
    inside = TEXT.index("Hale") + 1
    assert made.text[slice(*made.span((inside, inside + 2)))] == "Voss"  # part of a changed word: the word


@pytest.mark.parametrize(("text", "wanted"), [("She met her.", "He met him."), ("Her car", "His car"), ("told her that", "told him that"), ("HER", "HIM")])
def test_her(text: str, wanted: str) -> None:
    assert renaming.renamed(text, [], POOL, random.Random(1), True).text.casefold() == wanted.casefold()


def test_a_given_name_that_nobody_knows() -> None:
    text = "Xyzzq Hale came."
    assert renaming.renamed(text, [(0, 10)], POOL, random.Random(1), False).text == "Xyzzq Voss came."
    first = renaming.renamed(text, [(0, 10)], POOL, random.Random(1), True, genders.HE).text.split()[0]
    assert genders.of_name([fold(first)]) == genders.SHE


def test_everyone() -> None:
    snippet = {"id": "g", "text": "Ann Hale saw Eva Lund. She left.", "pronoun": [23, 26], "candidates": [{"span": [0, 8], "coreferent": True}, {"span": [13, 21], "coreferent": False}]}
    passage = {"id": "p", "text": "Bo Reed lost his hat.", "referents": [[13, 16, [[0, 7]]]]}
    told = {"g": [(23, 26, [[0, 8]])]}
    known = {snippet["text"]: {"person": [(0, 8), (13, 21)], "place": []}, passage["text"]: {"person": [(0, 7)]}}
    made = renaming.everyone([snippet], told, [passage], known)
    snippets, new_told, passages, new_known = made
    (row,) = snippets
    names = [row["text"][slice(*own["span"])] for own in row["candidates"]]
    assert row["text"][slice(*row["pronoun"])] in ("She", "He")
    assert names[0] not in ("Ann Hale", names[1])
    (start, end, spans), = new_told["g"]
    assert [start, end] == row["pronoun"]
    assert spans == [row["candidates"][0]["span"]]
    (own,) = passages
    assert own["text"][slice(*own["referents"][0][2][0])] == " ".join(own["text"].split()[:2]) != "Bo Reed"
    assert new_known[row["text"]] == {"person": [tuple(candidate["span"]) for candidate in row["candidates"]], "place": []}
    assert new_known[own["text"]] == {"person": [tuple(own["referents"][0][2][0])]}
    assert made == renaming.everyone([snippet], told, [passage], known)  # the same at every call
