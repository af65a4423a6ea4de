"""Tagged contents -> parts and quotes, worked by hand on texts without a model."""

import numpy as np
import pytest

from models import artifact
from models.labels import TAG_LABELS
from models.quotes import Linked, Part, join, leaning, parts, shape
from models.types import QuoteType
from models.windows import Pieces, read, tokenizer

TOKENIZER = tokenizer(artifact.DEFAULT)
INSIDE = TAG_LABELS.index("I-content")


def tagged(text: str, *contents: str) -> tuple[Pieces, list[Part]]:
    """The parts of a text whose tags are surely `contents`."""
    pieces = read(text, TOKENIZER)
    scores = np.full((len(pieces), len(TAG_LABELS)), -5, np.float32)
    scores[:, 0] = 5
    spans = []
    for content in contents:
        first, last = pieces.cover(text.index(content), text.index(content) + len(content))
        spans.append((first, last))
        scores[first:last, 0], scores[first:last, INSIDE] = -5, 5
    return pieces, parts(pieces, np.array(spans, np.int64).reshape(-1, 2), scores)


@pytest.mark.parametrize(
    ("text", "contents", "wanted"),
    [
        ("Hale said Russia had left.", ["Russia had left"], [("indirect", ["Russia had left"])]),
        ("Hale said that Russia had left.", ["that Russia had left"], [("indirect", ["Russia had left"])]),
        ("“We will pay,” said Hale.", ["“We will pay,”"], [("direct", ["We will pay,"])]),
        ("Hale said “A Winter in Kazan” was banned.", ["“A Winter in Kazan” was banned"], [("indirect", ["“A Winter in Kazan” was banned"])]),
        ("Hale said “WE WILL PAY” again.", ["“WE WILL PAY” again"], [("mixed", ["“WE WILL PAY” again"])]),
        ("As Hale wrote, “a good roof outlives kings.”", ["“a good roof outlives kings.”"], [("direct", ["a good roof outlives kings."])]),
        ("It falls, Hale said, “and the rest falls too.”", ["“and the rest falls too.”"], [("mixed", ["and the rest falls too."])]),
        ("Hale called it “reckless”.", ["“reckless”"], [("mixed", ["reckless"])]),
        ("Hale said it would “bleed us dry” by May.", ["it would “bleed us dry” by May"], [("mixed", ["it would “bleed us dry” by May"])]),
        ("She called it “weak” and “a gift to Moscow”.", ["“weak” and “a gift to Moscow”"], [("mixed", ["weak", "a gift to Moscow"])]),
        ("He said: “A must pay.\n\n“B too.”", ["“A must pay."], [("direct", ["A must pay."]), ("direct", ["B too."])]),
    ],
)
def test_parts(text: str, contents: list[str], wanted: list[tuple[str, list[str]]]) -> None:
    _, found = tagged(text, *contents)
    assert [(str(part.type), [span.of(text) for span in part.spans]) for part in found] == wanted


def link(source: int, cue: int, same: int = -1) -> Linked:
    return Linked(source, 0.9, cue, 0.9, same, 0.9)


def test_a_tag_interrupts_one_quote() -> None:
    pieces, found = tagged("“We pay,” said Hale. “All of it.”", "“We pay,”", "“All of it.”")
    assert join(pieces, found, [link(0, 0), link(0, 0)]) == [[0, 1]]
    assert shape(found) is QuoteType.DIRECT


def test_another_cue_begins_another_quote() -> None:
    pieces, found = tagged("“We pay,” said Hale. “No,” said Lund.", "“We pay,”", "“No,”")
    assert join(pieces, found, [link(0, 0), link(1, 1)]) == [[0], [1]]


def test_a_closed_quote_and_one_in_the_next_paragraph_are_two() -> None:
    pieces, found = tagged("“We pay,” said Hale.\n\n“All of it.”", "“We pay,”", "“All of it.”")
    assert join(pieces, found, [link(0, 0), link(0, 0)]) == [[0], [1]]


def test_a_quote_over_paragraphs_is_one() -> None:
    pieces, found = tagged("He said: “A must pay.\n\n“B too.”", "“A must pay.")
    assert join(pieces, found, [link(0, 0), link(-1, -1)]) == [[0, 1]]


def test_leaning_shifts_contents_and_their_beginnings() -> None:
    made = dict(zip(TAG_LABELS, leaning(-0.25, -0.5).tolist(), strict=True))
    assert {label: value for label, value in made.items() if value} == {"B-content": -0.75, "S-content": -0.75, "I-content": -0.25, "E-content": -0.25}
    assert not leaning(0.0, 0.0).any()
