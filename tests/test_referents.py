"""Whom pronouns stand for: numbered, read back, learned from."""

from pathlib import Path

import pytest

from models import coreference, windows
from models.artifact import DEFAULT
from models.labels import NAMES
from models.training import referents
from models.training.datasets import Doc, Mention, lines

TEXT = "Marta Hale met Jo Lund. She said he had lied. The minister’s aide told them so. Rain fell on the firm."


def test_pronouns_and_descriptions_are_numbered() -> None:
    assert referents.sheet("a@0", TEXT) == (
        "=== a@0\nMarta Hale met Jo Lund. ⟦1 She⟧ said ⟦2 he⟧ had lied. ⟦3 The minister⟧’s aide told ⟦4 them⟧ so. Rain fell on ⟦5 the firm⟧.\n"
    )


@pytest.mark.parametrize(("words", "wanted"), [("The chief prosecutor spoke.", ["The chief prosecutor"]), ("It said no.", ["It"]), ("It is late.", [])])
def test_what_is_numbered(words: str, wanted: list[str]) -> None:
    assert [words[start:end] for start, end in referents.mentions(words)] == wanted


def test_answers_come_back_as_places() -> None:
    found, wrong = referents.read_back(["1, 3: Marta Hale", "4: Hale; Jo Lund", "5: -", "2: Lund ?"], TEXT)
    assert not wrong
    assert [(TEXT[start:end], [TEXT[slice(*span)] for span in spans]) for start, end, spans in found] == [
        ("She", ["Marta Hale"]), ("The minister", ["Marta Hale"]), ("them", ["Hale", "Jo Lund"]), ("the firm", []),
    ]


@pytest.mark.parametrize("line", ["1: Nobody Here", "7: Marta Hale", "she: Hale", "1 Hale"])
def test_what_the_text_does_not_hold_is_told(line: str) -> None:
    found, wrong = referents.read_back([line, "1: -"], TEXT)
    assert wrong == [line]
    assert len(found) == 1


def test_a_surname_that_two_share_is_nobody_s_alone() -> None:
    text = "Ann Hale and Bo Hale met Jo Lund. Hale and Lund left."
    names = {"Ann Hale", "Bo Hale", "Jo Lund"}
    assert [text[slice(*span)] for span in referents.places(text, [(0, 8)], names)] == ["Ann Hale"]
    assert [text[slice(*span)] for span in referents.places(text, [(25, 32)], names)] == ["Jo Lund", "Lund", "Lund"]


def test_a_mention_learns_its_candidates_or_that_there_is_none() -> None:
    pieces = windows.read(TEXT, windows.tokenizer(DEFAULT))
    hale, lund = pieces.cover(0, 10), pieces.cover(15, 22)
    doc = Doc("a", pieces, candidates=[(*hale, 0), (*lund, 0)])
    at = {TEXT[start:end]: (start, end) for start, end in referents.mentions(TEXT)}
    read = [(*at["She"], [[0, 10]]), (*at["he"], [[15, 22]]), (*at["The minister"], [[79, 82]]), (*at["the firm"], [])]
    assert [(own.span, own.answers) for own in referents.taught(doc, read)] == [
        (pieces.cover(*at["She"]), {hale}), (pieces.cover(*at["he"]), {lund}), (pieces.cover(*at["the firm"]), frozenset()),
    ]


def gap(right: tuple[int, int] | None) -> Doc:
    """The text as GAP has it: "She", and Hale and Lund to choose from."""
    pieces = windows.read(TEXT, windows.tokenizer(DEFAULT))
    hale, lund = pieces.cover(0, 10), pieces.cover(15, 22)
    return Doc("a", pieces, candidates=[(*hale, 0), (*lund, 0)], mentions=[Mention(pieces.cover(24, 27), frozenset([right] if right else []))])


def found(*spans: tuple[int, int]) -> referents.Names:
    """Names of people that stand in a text, by class."""
    return {kind: spans if kind == "person" else () for kind in NAMES}


def test_a_text_of_gap_teaches_all_its_pronouns_over_all_its_names() -> None:
    doc = gap(None)
    hale, aide = doc.candidates[0][:2], doc.pieces.cover(61, 65)
    at = {TEXT[start:end]: (start, end) for start, end in referents.mentions(TEXT)}
    referents.completed(doc, [(*at["She"], [[61, 65]]), (*at["he"], [[0, 10]])], found((61, 65), (0, 5)))
    assert [own[:2] for own in doc.candidates] == [hale, doc.pieces.cover(15, 22), aide]  # not the Hale that stands in Marta Hale
    assert [(own.span, own.answers) for own in doc.mentions] == [(doc.pieces.cover(*at["She"]), {aide}), (doc.pieces.cover(*at["he"]), {hale})]


def test_a_reader_does_not_overrule_gap() -> None:
    doc = gap(None)
    doc = gap(doc.candidates[0][:2])
    referents.completed(doc, [(24, 27, [[15, 22]])], found())
    assert [own.answers for own in doc.mentions] == [{doc.candidates[0][:2]}]


def test_a_passage_s_candidates_are_its_answers_and_what_is_found() -> None:
    row = {"id": "a", "text": TEXT, "referents": [[24, 27, [[0, 10]]], [33, 35, [[61, 65]]]]}
    tokenizer = windows.tokenizer(DEFAULT)
    (doc,) = referents.written([row], tokenizer, {TEXT: found((15, 22), (0, 5))})
    hale, lund, aide = (doc.pieces.cover(*own) for own in ((0, 10), (15, 22), (61, 65)))
    assert doc.candidates == [(*hale, coreference.PERSON), (*lund, coreference.PERSON), (*aide, coreference.UNNAMED)]
    assert [own.answers for own in doc.mentions] == [{hale}, {aide}]
    (alone,) = referents.written([row], tokenizer, {})
    assert [own[:2] for own in alone.candidates] == [hale, aide]


def test_every_passage_holds_its_mentions_and_answers() -> None:
    rows = list(lines(referents.FOLDER / "written.jsonl"))
    assert len({row["id"] for row in rows}) == len(rows) > 0
    for row in rows:
        for start, end, spans in row["referents"]:
            mention = row["text"][start:end]
            assert mention.strip()
            assert mention not in [row["text"][slice(*span)] for span in spans], (row["id"], mention)  # a pronoun or a description, not the name
            assert all(0 <= first < last <= len(row["text"]) and row["text"][slice(first, last)].strip() for first, last in spans), row["id"]


def test_nothing_is_known_where_nobody_has_read(tmp_path: Path) -> None:
    assert referents.load("news", tmp_path) == {}
