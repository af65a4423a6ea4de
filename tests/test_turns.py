"""Whose turn a quote without a source is, and when nobody can tell."""

from types import SimpleNamespace
from typing import Any

import pytest

from models import turns
from models.types import QuoteType, Span

ASKER, OTHER = SimpleNamespace(id="s1"), SimpleNamespace(id="s2")


def records(text: str, *quotes: str) -> list[Any]:
    """Direct records of the quotes, which stand in the text in this order."""
    made, at = [], 0
    for quote in quotes:
        at = text.index(quote, at)
        made.append(SimpleNamespace(spans=(Span(at, at + len(quote)),), type=QuoteType.DIRECT))
    return made


@pytest.mark.parametrize(
    ("text", "quotes", "made", "wanted"),
    [
        ("“Why?” asked A.\n\n“It rained,” said B.\n\n“For long?”", ["Why?", "It rained,", "For long?"], [ASKER, OTHER], ASKER),
        ("“Why?” asked A.\r\n“Rain,” said B.\r\n“Long?”\r\n“Yes.”", ["Why?", "Rain,", "Long?", "Yes."], [ASKER, OTHER, ASKER], OTHER),
        ("“Why?” asked A.\n\n“Rain,” said B.\n\n“Lots of it.”", ["Why?", "Rain,", "Lots of it."], [ASKER, OTHER], None),
        ("“No,” said A.\n\n“Yes,” said B.\n\n“Why?”", ["No,", "Yes,", "Why?"], [ASKER, OTHER], None),
        ("“Why?” asked A.\n\n“Rain,” said B.\n\nHe shrugged. “Long?”", ["Why?", "Rain,", "Long?"], [ASKER, OTHER], None),
        ("“Why?” asked A.\n\n“Rain.”", ["Why?", "Rain."], [ASKER], None),
        ("“Why?” asked A.\n\n“Rain,” said B.\n\nA bus came.\n\n“Long?”", ["Why?", "Rain,", "Long?"], [ASKER, OTHER], None),
    ],
)
def test_questions_and_answers(text: str, quotes: list[str], made: list[Any], wanted: Any) -> None:
    assert turns.whose(text, records(text, *quotes), made) is wanted


def test_the_last_two_are_two() -> None:
    assert turns.last_two([OTHER, ASKER, None, ASKER, ASKER]) == [ASKER, OTHER]  # type: ignore[list-item, comparison-overlap]
    assert turns.last_two([]) == [None, None]
