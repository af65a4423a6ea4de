"""What stands next to a name, and on whose behalf somebody speaks."""

import pytest

from models.roles import describe, principal
from models.speakers import description
from models.types import Span


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ukrainian Foreign Minister Andriy Sibiga said no.", "Andriy Sibiga", "Ukrainian Foreign Minister"),
        ("Marta Hale, the finance minister, said no.", "Marta Hale", "finance minister"),
        ("Mr Hale said no.", "Hale", None),
        ("On Friday Hale said no.", "Hale", None),
    ],
)
def test_roles(text: str, name: str, role: str | None) -> None:
    start = text.index(name)
    assert describe(text, Span(start, start + len(name))).role == role


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a spokeswoman for Ewald Trautmann", "Ewald Trautmann"),
        ("Lund's lawyer", "Lund"),
        ("a Treasury spokesman", "Treasury"),
        ("the border guard", None),
    ],
)
def test_principal(source: str, wanted: str | None) -> None:
    assert principal(source) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a senior official who spoke on condition of anonymity", "a senior official"),
        ("the border guard, a man of forty", "the border guard"),
        ("two people familiar with the talks", "two people familiar with the talks"),
    ],
)
def test_description(source: str, wanted: str) -> None:
    name, until = description(source)
    assert name == wanted
    assert source[:until].strip() == wanted
