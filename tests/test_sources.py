"""Whose words a source stands for, told from its own words."""

import pytest

from models import coreference, sources
from models.mentions import Mentioned
from models.types import Span


@pytest.mark.parametrize(
    ("source", "whose"),
    [
        ("a statement from the firm", "the firm"),
        ("An earlier statement from the Taiwanese defence ministry", "the Taiwanese defence ministry"),
        ("a statement released by Beijing", "Beijing"),
        ("The website of the Jewish Chronicle", "the Jewish Chronicle"),
        ("A statement read on behalf of the family", "the family"),
        ("a letter from Ms Jones", "Ms Jones"),
        ("a post of minister", "a post of minister"),
        ("the head of state", "the head of state"),
        ("a spokesman for the statement's author", "a spokesman for the statement's author"),
        ("the statement", "the statement"),
    ],
)
def test_a_statement_is_its_issuers(source: str, whose: str) -> None:
    assert source[sources.issuer(source) :] == whose


@pytest.mark.parametrize(
    ("text", "source", "wanted"),
    [
        ("‘Thanks for nothing’: Kyiv mayor to allies", "Kyiv mayor to allies", "Kyiv mayor"),
        ("‘Thanks for nothing’: ambassador to Kyiv", "ambassador to Kyiv", "ambassador to Kyiv"),
        ("“Thanks,” said the mayor to allies", "the mayor to allies", "the mayor to allies"),
    ],
)
def test_a_headline_names_who_is_teased(text: str, source: str, wanted: str) -> None:
    assert sources.teased(text, Span(text.index(source), len(text))).of(text) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("Telegram channels have circulated images", "Telegram channels"), ("the agency and the broadcaster both", "the agency and the broadcaster"),
        ("One lawyer who has read the note", "One lawyer who has read the note"), ("the ministry itself", "the ministry"), ("a man, aged 40", "a man"),
        ("ministers of France, Germany and Italy", "ministers of France, Germany and Italy"), ("the delegation of NATO, the EU and Kyiv, which left", "the delegation of NATO, the EU and Kyiv"),
        ("a man from Riga, and Ann", "a man from Riga"),
        ("an official who spoke on condition of anonymity", "an official"),
    ],
)
def test_a_description_is_its_first_words(source: str, wanted: str) -> None:
    assert sources.description(source)[0] == wanted


@pytest.mark.parametrize(
    ("source", "names", "wanted"),
    [
        ("its president, who has sold buttons since the Pope came, Mrs Ann Hale", ("Pope", "Ann Hale"), "Ann Hale"),
        ("a ferry worker, who gave his name only as Andrei", ("Andrei",), "Andrei"),
        ("a ferry worker, who sailed with Andrei", ("Andrei",), None),
        ("Uzbek President Jo Lund", ("Uzbek", "Jo Lund"), "Jo Lund"),
        ("Ann Hale outside Preston Crown Court", ("Ann Hale",), "Ann Hale"),
        ("Ann Hale supporters", ("Ann Hale",), None),
        ("an aide to Ann Hale", ("Ann Hale",), None),
    ],
)
def test_the_name_that_is_the_source(source: str, names: tuple[str, ...], wanted: str | None) -> None:
    inside = [Mentioned(Span(at := source.index(name), at + len(name)), name, coreference.PERSON, (0, 1)) for name in names]
    found = sources.head(source, Span(0, len(source)), inside)
    assert (found.name if found else None) == wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("Ukraine's ambassador to the UK Ann Hale", "Ann Hale"),
        ("the minister for Wales Ann Hale", "Ann Hale"),
        ("a spokesman for the UK Ann Hale", None),
        ("the road to the UK Ann Hale", None),
    ],
)
def test_a_person_behind_the_place_of_an_office(source: str, wanted: str | None) -> None:
    inside = [
        Mentioned(Span(at := source.index(name), at + len(name)), name, kind, (0, 1))
        for name, kind in (("UK" if "UK" in source else "Wales", coreference.PLACE), ("Ann Hale", coreference.PERSON))
    ]
    found = sources.head(source, Span(0, len(source)), inside)
    assert (found.name if found else None) == wanted


@pytest.mark.parametrize(
    ("source", "name", "named"),
    [
        ("South Korea's Yonhap news agency", "Yonhap", True), ("Russia’s Gazprom", "Gazprom", True), ("the Kremlin's press service", "Kremlin", False),
        ("Israel's Supreme Court", "Supreme Court", False), ("Yonhap reporters", "Yonhap", False),
        ("the firm TrackBites", "TrackBites", True), ("three Brexit Party MEPs", "Brexit Party MEPs", False), ("Some Labour MPs", "Labour MPs", False),
    ],
)
def test_a_body_and_what_only_holds_its_name(source: str, name: str, named: bool) -> None:
    at = source.index(name)
    own = Mentioned(Span(at, at + len(name)), name, coreference.ORGANIZATION, (0, 1))
    assert sources.head(source, Span(0, len(source)), [own]) == (own if named else None)


@pytest.mark.parametrize(
    ("text", "name", "relative", "wanted"),
    [
        ("so the latest UN report, it says", "UN", False, "the latest UN report"),
        ("so UN climate analysis, it says", "UN", False, "UN climate analysis"),
        ("so the UN reported, it says", "UN", False, None),
        ("by US outlets, which say", "US", True, "US outlets"),
        ("by a White House official who said", "White House", True, "a White House official"),
        ("by the Treasury, which said", "Treasury", True, None),
        ("by the Treasury itself, which said", "Treasury", True, None),
        ("by the Treasury. Banks, which said", "Treasury", True, None),
    ],
)
def test_what_a_name_is_only_a_part_of(text: str, name: str, relative: bool, wanted: str | None) -> None:
    at = text.index(name)
    found = sources.around(text, Mentioned(Span(at, at + len(name)), name, coreference.ORGANIZATION, (0, 1)), text.index("wh", at + len(name)) if relative else None)
    assert (found.of(text) if found else None) == wanted
    assert sources.around(text, Mentioned(Span(at, at + len(name)), name, coreference.PERSON, (0, 1)), None) is None


@pytest.mark.parametrize(
    ("text", "source", "wanted"),
    [
        ("Another, a retired teacher, said: “No.”", "Another, a retired teacher", "a retired teacher"),
        ("One, a builder, said no.", "One", "a builder"),
        ("“No,” said another, a brewer from Riga.", "another", "a brewer from Riga"),
        ("Another, who had left, said no.", "Another", "Another"),
        ("One, Ann Hale, said no.", "One, Ann Hale", "One, Ann Hale"),
        ("One lawyer, a partner, said no.", "One lawyer", "One lawyer"),
        ("The mayor, a retired teacher, said no.", "The mayor", "The mayor"),
    ],
)
def test_one_of_several_is_called_what_it_is_said_to_be(text: str, source: str, wanted: str) -> None:
    at = text.index(source)
    assert sources.described_as(text, Span(at, at + len(source))).of(text) == wanted


@pytest.mark.parametrize(
    ("text", "name", "explained"),
    [
        ("It met Jo Lund, the envoy to the United States, who said no.", "Jo Lund", True),
        ("It met Jo Lund, a prosecutor after World War Two, who said no.", "Jo Lund", True),
        ("Jo Lund, a senator from Texas, met the Tories, who said no.", "Jo Lund", False),
        ("Jo Lund met the Tories, who said no.", "Jo Lund", False),
        ("It met Jo Lund, a friend. She saw the Tories, who said no.", "Jo Lund", False),
    ],
)
def test_a_person_who_is_explained_before_who(text: str, name: str, explained: bool) -> None:
    at = text.index(name)
    own = Mentioned(Span(at, at + len(name)), name, coreference.PERSON, (0, 1))
    assert sources.explains(text, own, text.index("who")) == explained


@pytest.mark.parametrize(
    ("source", "names", "together"),
    [
        ("The Secretary-General of NATO, Jens Stoltenberg and Prime Minister Boris Johnson", ("Jens Stoltenberg", "Boris Johnson"), True),
        ("Jens Stoltenberg and Boris Johnson", ("Jens Stoltenberg", "Boris Johnson"), True),
        ("an aide to Jens Stoltenberg and Boris Johnson", ("Jens Stoltenberg", "Boris Johnson"), False),
    ],
)
def test_who_speak_together(source: str, names: tuple[str, ...], together: bool) -> None:
    inside = [Mentioned(Span(at := source.index(name), at + len(name)), name, coreference.PERSON, (0, 1)) for name in names]
    assert sources.joint(source, Span(0, len(source)), inside) == (inside if together else [])
