"""What counts as the right speaker where the text leaves it open."""

from types import SimpleNamespace
from typing import Any

import pytest

from models.training.articles_scores import rightly_named


def answer(name: str | None, confidence: float = 0.5, *others: str) -> Any:
    """An attribution as far as it is asked for its speaker."""
    speaker = SimpleNamespace(name=name, confidence=confidence, alternatives=[SimpleNamespace(name=own) for own in others])
    return SimpleNamespace(speaker=speaker if name else None)


@pytest.mark.parametrize(
    ("wanted", "alternatives", "given", "right"),
    [
        ("Ana Kovac", None, answer("Ana Kovac", 0.9), True),
        ("Ana Kovac", None, answer("Petr Kovac", 0.5, "Ana Kovac"), False),
        (None, None, answer(None), True),
        (None, None, answer("Ana Kovac"), False),
        (None, "Ana Kovac / Petr Kovac", answer(None), True),
        (None, "Ana Kovac / Petr Kovac", answer("Petr Kovac", 0.55, "Ana Kovac"), True),
        (None, "Ana Kovac / Petr Kovac", answer("Petr Kovac", 0.9, "Ana Kovac"), False),
        (None, "Ana Kovac / Petr Kovac", answer("Petr Kovac", 0.5), False),
        ("Ana Kovac", "Petr Kovac", answer("Petr Kovac", 0.5, "Ana Kovac"), True),
        (None, "Ana Kovac / Petr Kovac", answer("Lund", 0.4, "Ana Kovac", "Petr Kovac"), False),
    ],
)
def test_the_right_speaker(wanted: str | None, alternatives: str | None, given: Any, right: bool) -> None:
    assert rightly_named({"speaker": wanted, "alternatives": alternatives}, given) is right
