"""What stands next to a name, and on whose behalf somebody speaks."""

import time

import pytest

from models.roles import describe, principal, principal_behind
from models.sources import description
from models.types import Span


@pytest.mark.parametrize(
    ("source", "name", "role"),
    [
        ("Crossing guard Floyd Beemer", "Floyd Beemer", "Crossing guard"), ("the gardening guru Marta Hale", "Marta Hale", "gardening guru"),
        ("Goalie Sasha Petrov", "Sasha Petrov", "Goalie"), ("Commission Vice-President Jo Lund", "Jo Lund", "Commission Vice-President"),
        ("Poland's Jo Lund", "Jo Lund", None), ("his brother Tom", "Tom", None), ("Grandmother Dunya", "Dunya", None), ("Sir Jo Lund", "Jo Lund", None),
        ("Ann Hale and Jo Lund", "Jo Lund", None), ("the Rt Rev Jo Lund", "Jo Lund", None), ("Jo Lund", "Jo Lund", None), ("analysts at Lund", "Lund", None),
        ("The following week Jo Lund", "Jo Lund", None), ("Several Lunds", "Lunds", None),
    ],
)
def test_what_a_source_says_before_its_name(source: str, name: str, role: str | None) -> None:
    text = f"It rained. {source} said no."
    start = text.index(name)
    assert describe(text, Span(start, start + len(name)), text.index(source)).role == role


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Ukrainian Foreign Minister Andriy Sibiga said no.", "Andriy Sibiga", "Ukrainian Foreign Minister"),
        ("Marta Hale, the finance minister, said no.", "Marta Hale", "finance minister"),
        ("Mr Hale said no.", "Hale", None),
        ("On Friday Hale said no.", "Hale", None),
        ("However, Marta Hale said no.", "Marta Hale", None),
        ("Pharmacist Elvira Koval said no.", "Elvira Koval", "Pharmacist"),
        ("said tenant organizer Marisol Quintana.", "Marisol Quintana", "tenant organizer"),
        ("growled coach Rusty Cott.", "Rusty Cott", "coach"),
        ("The transport secretary, Giles Pren, said no.", "Giles Pren", "transport secretary"),
        ("Its director, Professor Sunil Wick, said no.", "Sunil Wick", "director"),
        ("Lund, 44, a nurse from Hull, said no.", "Lund", "nurse"),
        ("After talks with the president, Marta Hale said no.", "Marta Hale", None),
        ("the Minister of Foreign Affairs Liz Truss said no.", "Liz Truss", "Minister of Foreign Affairs"),
        ("Marta Hale, who had said so before, left.", "Marta Hale", None),
        ("The defence minister, General Ofelia Sanz, said no.", "Ofelia Sanz", "defence minister"),
        ("Norway's army chief, Lt. Gen. Sigurd Berg, said no.", "Sigurd Berg", "Norway's army chief"),
        ("After a day with the press, General Sigurd Berg said no.", "Sigurd Berg", "General"),
        ("NEW DELHI - Foreign Minister Arvind Rao said no.", "Arvind Rao", "Foreign Minister"),
    ],
)
def test_roles(text: str, name: str, role: str | None) -> None:
    start = text.index(name)
    assert describe(text, Span(start, start + len(name))).role == role


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        ("Marta Hale, chief executive of Noordzee Grid, said no.", "Marta Hale", ("chief executive", "Noordzee Grid")),
        ("Estonia's interior minister, Priit Allik, said no.", "Priit Allik", ("Estonia's interior minister", None)),
        ("Analyst Giulia Sartorelli of Banca Ponente said no.", "Giulia Sartorelli", ("Analyst", "Banca Ponente")),
        ("Sen. Ruth Pickett of Missouri said no.", "Ruth Pickett", ("Sen.", None)),
        ("a matter of life and death for Tetiana, who said no.", "Tetiana", (None, None)),
        ("they tried to arrest Apollo Quibo, who said no.", "Apollo Quibo", (None, None)),
        ("Marta Hale, mayor of Campo Verde, said no.", "Marta Hale", ("mayor of Campo Verde", None)),
        ("the Minister of Foreign Affairs Liz Truss said no.", "Liz Truss", ("Minister of Foreign Affairs", None)),
    ],
)
def test_an_office_and_whom_it_is_held_with(text: str, name: str, wanted: tuple[str, str | None]) -> None:
    start = text.index(name)
    made = describe(text, Span(start, start + len(name)))
    assert (made.role, made.affiliation) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a spokeswoman for Ewald Trautmann", "Ewald Trautmann"),
        ("Lund's lawyer", "Lund"),
        ("a Treasury spokesman", "Treasury"),
        ("Kremlin spokesman Dmitry Peskov", "Kremlin"),
        ("His barrister", "His"),
        ("A spokesman", None),
        ("The mayor's office", None),
        ("Lund's former aide", None),
        ("a spokesperson from the Department for Business", "Department for Business"),
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


def test_long_asides_take_no_time() -> None:
    text = "Marta Hale, " + "the very long aside of a writer who never stops " * 40 + "x" * 5000
    began = time.perf_counter()
    describe(text, Span(0, 10))
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Maria Hale, a spokeswoman for the court, said no.", "court"),
        ("Maria Hale, the judge, said no.", None),
        ("Maria Hale said a spokesman for Lund, who left, had come.", None),
    ],
)
def test_a_principal_behind_the_name(text: str, wanted: str | None) -> None:
    assert principal_behind(text, len("Maria Hale")) == wanted
