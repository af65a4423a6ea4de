"""Where a mention stands in its clause."""

import numpy as np
import pytest

from models import clauses, windows
from models.artifact import DEFAULT
from models.clauses import BORDER, SIDES, Clauses
from models.windows import Pieces

TEXT = "Ann Hale, who left, claimed that Bo Lund’s exit had dismayed her. After it Hale and Reed met Voss (Kyiv)."


def read(text: str = TEXT) -> Pieces:
    return windows.read(text, windows.tokenizer(DEFAULT))


def spans(pieces: Pieces, *words: str) -> np.ndarray:
    return np.array([pieces.cover(pieces.text.rindex(word), pieces.text.rindex(word) + len(word)) for word in words])


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("Ann Hale", BORDER, clauses.COMMA), ("Bo Lund", BORDER, 5), ("Reed", clauses.AND, clauses.VERB),
        ("Voss", clauses.VERB, BORDER), ("it", clauses.PREPOSITION, clauses.OTHER), ("her", clauses.VERB, BORDER), ("who", clauses.COMMA, clauses.VERB),
    ],
)
def test_what_stands_beside_a_mention(name: str, before: int, after: int) -> None:
    pieces = read()
    assert divmod(int(Clauses(pieces).sides(spans(pieces, name))[0]), SIDES) == (before, after)


def test_nothing_stands_beside_the_first_and_the_last_word() -> None:
    pieces = read("Hale saw Lund")
    assert [divmod(own, SIDES) for own in Clauses(pieces).sides(spans(pieces, "Hale", "Lund")).tolist()] == [(BORDER, clauses.VERB), (clauses.VERB, BORDER)]


def test_borders_and_verbs_between() -> None:
    pieces = read()
    made = Clauses(pieces).apart(spans(pieces, "her", "Voss"), spans(pieces, "Ann Hale", "Bo Lund", "Reed"))
    assert made.tolist() == [[3 * 3 + 2, 2, 12], [12, 12, 1]]  # "her": , who , that / claimed left had dismayed; had dismayed


def test_a_mention_within_another_has_nothing_between() -> None:
    pieces = read()
    assert Clauses(pieces).apart(spans(pieces, "Ann Hale"), spans(pieces, "Ann Hale")).tolist() == [[0]]


@pytest.mark.parametrize(
    ("mention", "named", "wanted"),
    [
        ("She", False, clauses.SUBJECT), ("him", False, clauses.OBJECT), ("His", False, clauses.OWNER), ("her", False, clauses.HER),
        ("themselves", False, clauses.SELF), ("Hale", True, clauses.NAME), ("the minister", False, clauses.DESCRIPTION),
    ],
)
def test_forms(mention: str, named: bool, wanted: int) -> None:
    assert clauses.form(mention, named) == wanted


def test_a_text_without_words() -> None:
    made = Clauses(read(" \n "))
    assert made.sides(np.zeros((0, 2), np.int64)).tolist() == []
