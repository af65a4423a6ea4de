"""What a speaker is, from words, classifier and class of name."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from models import coreference, kinds
from models.labels import KINDS
from models.mentions import Entity, Mentioned
from models.types import Span, SpeakerKind

TEXT = "a statement from the firm"


def record(kind: str, source: int = 0) -> Any:
    return SimpleNamespace(kind=np.array([0.9 if name == kind else 0.0 for name in KINDS]), source=source)


def reading(text: str = TEXT) -> Any:
    """A text that is one source, a piece a character."""
    return SimpleNamespace(
        text=text, sources=np.array([[0, len(text)]]), span=lambda pieces: Span(*pieces), pieces=SimpleNamespace(cover=lambda start, end: (start, end))
    )


@pytest.mark.parametrize(("source", "wanted"), [("an official familiar with the plan", SpeakerKind.ANONYMOUS), ("the minister", SpeakerKind.PERSON)])
def test_words_that_withhold_an_identity_decide(source: str, wanted: SpeakerKind) -> None:
    assert kinds.of_words(reading(source), record("person"), source) is wanted


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [(TEXT, "document", SpeakerKind.ORGANIZATION), ("the statement", "document", SpeakerKind.DOCUMENT), (TEXT, "person", SpeakerKind.PERSON)],
)
def test_whoever_issued_a_statement_is_no_document(text: str, kind: str, wanted: SpeakerKind) -> None:
    assert kinds.classified(reading(text), record(kind)) is wanted


@pytest.mark.parametrize(
    ("name", "kind", "source", "wanted"),
    [
        (coreference.PERSON, "organization", 0, SpeakerKind.PERSON),
        (coreference.ORGANIZATION, "group", 0, SpeakerKind.GROUP),
        (coreference.ORGANIZATION, "group", -1, SpeakerKind.ORGANIZATION),
        (coreference.PLACE, "person", 0, SpeakerKind.ORGANIZATION),
        (coreference.UNNAMED, "anonymous", 0, SpeakerKind.ANONYMOUS),
    ],
)
def test_a_name_has_the_kind_of_its_class(name: int, kind: str, source: int, wanted: SpeakerKind) -> None:
    assert kinds.of_name(reading(), record(kind, source), Mentioned(Span(0, 4), "Hale", name, (0, 1))) is wanted


@pytest.mark.parametrize(
    ("kind", "entity", "wanted"),
    [("person", coreference.PERSON, True), ("organization", coreference.PERSON, False), ("group", coreference.ORGANIZATION, True), ("person", coreference.UNNAMED, False)],
)
def test_a_description_stands_for_its_kind_only(kind: str, entity: int, wanted: bool) -> None:
    assert kinds.may_be(record(kind), Entity("Hale", entity)) is wanted
