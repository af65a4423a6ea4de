"""Whom descriptions name, on texts small enough to mark by hand."""

from types import SimpleNamespace

import pytest

from models import coreference
from models.descriptions import Descriptions, content_words, says_more
from models.mentions import Entity, Mentioned, entities
from models.names import positions
from models.types import Span

TEXT = (
    "Chief Justice Liivika Tamm read the ruling. Finance minister Jaan Kask and foreign minister Ana Lund listened; Dag Berg, a retired general, slept. "
    "A senior alliance official left. The German foreign ministry and the Supreme Court of Estonia were silent."
)
PEOPLE = ("Liivika Tamm", "Jaan Kask", "Ana Lund", "Dag Berg")
BODIES = ("Supreme Court of Estonia",)
UNNAMED = ("A senior alliance official", "The German foreign ministry")


def descriptions() -> Descriptions:
    def mention(name: str, kind: int) -> Mentioned:
        start = TEXT.index(name)
        return Mentioned(Span(start, start + len(name)), name, kind, (start, start + 1))

    found = sorted(
        [mention(name, kind) for names, kind in ((PEOPLE, coreference.PERSON), (BODIES, coreference.ORGANIZATION), (UNNAMED, coreference.UNNAMED)) for name in names],
        key=lambda own: own.span,
    )
    entity_of = {own.span: entity for entity in entities(found, TEXT) for own in entity.mentions}
    for own in found:
        entity_of.setdefault(own.span, Entity(own.name, own.kind, [own]))
    antecedents = SimpleNamespace(found=found, candidates=SimpleNamespace(positions=positions(TEXT)))
    return Descriptions(TEXT, antecedents, entity_of)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("description", "wanted"),
    [
        ("the chief justice", "Liivika Tamm"), ("the justice", "Liivika Tamm"), ("the finance minister", "Jaan Kask"), ("the general", "Dag Berg"),
        ("the ex-general", "Dag Berg"), ("the minister", None), ("the defence minister", None), ("the cook", None), ("the", None),
    ],
)
def test_the_only_person_whom_the_text_calls_so(description: str, wanted: str | None) -> None:
    holder = descriptions().holder(description)
    assert (holder and holder.name) == wanted


@pytest.mark.parametrize(("description", "wanted"), [("the court", "Supreme Court of Estonia"), ("the bank", None), ("the high court", None)])
def test_the_only_body_of_the_kind(description: str, wanted: str | None) -> None:
    body = descriptions().body(description)
    assert (body and body.name) == wanted


@pytest.mark.parametrize(
    ("description", "wanted"),
    [("the official", "A senior alliance official"), ("the ministry", "The German foreign ministry"), ("the US official", None), ("the soldier", None)],
)
def test_a_fuller_description_before(description: str, wanted: str | None) -> None:
    made = descriptions()
    before = made.earlier(description, len(TEXT))
    assert (before and before.name) == wanted
    assert made.earlier(description, 10) is None


def test_content_words_end_at_the_head() -> None:
    assert content_words("the former defence secretary, who left in May") == ["defence", "secretary"]
    assert content_words("A spokesman for Lund") == ["spokesman"]
    assert content_words("her ex-husband") == ["husband"]


@pytest.mark.parametrize(
    ("description", "short", "more"),
    [
        ("a senior US official", "the official", True),
        ("US state department", "the state department", True),
        ("an official", "the official", True),
        ("the official", "the official", False),
        ("a US official", "the minister", False),
        ("a US official", "the Russian official", False),
    ],
)
def test_a_description_that_says_more(description: str, short: str, more: bool) -> None:
    assert says_more(description, short) is more
