"""Speech inside a quotation."""

import numpy as np
import pytest

from models import artifact, load, nested, windows
from models.records import Reading, Record
from models.types import QuoteType, Span

NOBODY = np.zeros((0, 2), np.int64)


def read(text: str, spans: tuple[Span, ...], shape: QuoteType = QuoteType.DIRECT) -> Reading:
    """A reading with one record, as far as it takes to look for marks in it."""
    pieces = windows.read(text, windows.tokenizer(artifact.DEFAULT))
    record = Record(spans, shape, pieces.cover(spans[0].start, spans[-1].end), -1, -1, 1.0, 1.0, 1.0, False, 0.0, ())
    return Reading(text, pieces, None, None, NOBODY, NOBODY, {}, (record,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("My son called later and said, ‘Mum, we left.’", None),
        ("My son said, ‘Mum, we left.’", ("My son", "said", "Mum, we left.")),
        ("I was out and the head of the choir asked me at once: ‘Are you well?’", ("the head of the choir", "asked", "Are you well?")),
        ("A year ago their aunt used to say ‘not one more’", ("their aunt", "used to say", "not one more")),
        ("One of them told her, ‘Go home,’ so she went", ("One of them", "told", "Go home,")),
        ("Marta Hale said quietly: ‘Go home.’", ("Marta Hale", "said", "Go home.")),
        ("They call it ‘the old house’ here", None),
        ("She said ‘no’ to it", None),
    ],
)
def test_who_speaks_inside(words: str, wanted: tuple[str, str, str] | None) -> None:
    text = f"“{words}” Lund said."
    reading = read(text, (Span(1, 1 + len(words)),))
    found = [(source.of(text), cue.of(text), content.of(text)) for content, source, cue in nested._inside(reading, reading.records[0], reading.records[0].spans[0], reading.pieces.pairs)]
    assert found == ([wanted] if wanted else [])


def test_nothing_is_inside_a_clause_without_marks() -> None:
    text = "Lund said his son said “we have all left”."
    reading = read(text, (Span(10, len(text) - 1),), QuoteType.INDIRECT)
    assert nested.added(reading) is reading


def test_spans_are_joined_in_reading_order() -> None:
    made, old, new = nested._merged(np.array([[4, 6], [9, 10]]), np.array([[1, 2], [9, 10]]))
    assert made.tolist() == [[1, 2], [4, 6], [9, 10]]
    assert (list(old), list(new)) == ([1, 2], [0, 2])


def test_a_quotation_inside_another_is_a_record_of_its_own() -> None:
    text = "“I was asleep when it hit. My son said, ‘Mum, we are all alive,’ and I said, ‘Stay where you are,’” Marta Hale told reporters in Kharkiv on Tuesday."
    (analysis,) = load()([text])
    found = {text[own.quote.spans[0].start : own.quote.spans[-1].end]: own.speaker for own in analysis.attributions}
    assert {"Mum, we are all alive,", "Stay where you are,"} <= set(found)
    assert found["Stay where you are,"].name == "Marta Hale"  # type: ignore[union-attr]
    assert [own.quote.spans[0].start for own in analysis.attributions] == sorted(own.quote.spans[0].start for own in analysis.attributions)


def test_a_third_person_in_somebody_s_words_is_somebody_else() -> None:
    text = "“The auditor warned me, ‘The city’s reserve is gone,’” Treasurer Marta Hale told the hearing on Monday."
    (analysis,) = load()([text])
    assert [own.speaker.name for own in analysis.attributions if own.speaker] == ["Marta Hale", "The auditor"]
