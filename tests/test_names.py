"""Names without titles, how two names relate, and what counts as a name."""

import pytest

from models.names import NAME, UNNAMED, bare, is_name, pronoun_class, relation


@pytest.mark.parametrize(
    ("phrase", "wanted"),
    [
        ("Foreign Minister Andriy Sibiga", "Andriy Sibiga"),
        ("Mr. Hale", "Hale"),
        ("Archpriest Marta Hale", "Marta Hale"),
        ("Cr Hale", "Hale"),
        ("Dame Ruth Amis's", "Ruth Amis"),
        ("Jean-Noël Barrot", "Jean-Noël Barrot"),
        ("Maître Abel Sorin", "Abel Sorin"),
        ("Kremlin", "Kremlin"),
        ("Minister", "Minister"),
    ],
)
def test_bare(phrase: str, wanted: str) -> None:
    start, end = bare(phrase)
    assert phrase[start:end] == wanted


@pytest.mark.parametrize(
    ("mention", "name", "wanted"),
    [
        ("Hale", "Marta Hale", 2), ("Marta", "Marta Hale", 3), ("Marta Hale", "Marta Hale", 1), ("Sanchez", "José Sánchez", 2),
        ("NATO", "North Atlantic Treaty Organization", 7), ("Lund", "Marta Hale", 0), ("Minister Marta Hale", "Marta Hale", 5),
        ("Ana Kovac", "Petr Kovac", 6),
    ],
)
def test_relation(mention: str, name: str, wanted: int) -> None:
    assert relation(mention, name) == wanted


def test_pronouns_names_and_descriptions() -> None:
    assert pronoun_class("She") == pronoun_class("her") == 1
    assert pronoun_class("Vincent van Gogh") == NAME
    assert pronoun_class("the border guard") == UNNAMED
    assert is_name("Bank of England")
    assert not is_name("the bank")
    assert not is_name("")
