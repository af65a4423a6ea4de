"""Marks are paired by paragraph, and a mark without a partner disturbs nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.marks import CLOSING, INSIDE, OPENING, OUTSIDE, UNCLOSED, pair, states


def inside(text: str) -> list[tuple[str, bool, int]]:
    return [(text[made.start : made.end], made.closed, made.level) for made in pair(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('"We pay," Hale said, "now."', [("We pay,", True, 0), ("now.", True, 0)]),
        ('He said: "A must pay.\n\n"In full."', [("A must pay.", False, 0), ("In full.", True, 0)]),
        (
            '"It needs jets. He left. "We agree," said Lund.',
            [("It needs jets. He left.", False, 0), ("We agree,", True, 0)],
        ),
        ("”Cut it,” said Reyes.", [("Cut it,", True, 0)]),
        ("'It's Dunn's, not the workers' fault,' he said.", [("It's Dunn's, not the workers' fault,", True, 0)]),
        ('He recalled "the spirit of \'91" here.', [("the spirit of '91", True, 0)]),
        ("« Non », dit-il. »Nein«, sagte er.", [(" Non ", True, 0), ("Nein", True, 0)]),
        ("„Ні“, сказав він.", [("Ні", True, 0)]),
        ("\"He told me, 'No,'\" she said.", [("He told me, 'No,'", True, 0), ("No,", True, 1)]),
        ('"He said "never" again," she said.', [('He said "never" again,', True, 0), ("never", True, 1)]),
        ("&ldquo;Pay&rdquo; he said", [("Pay", True, 0)]),
        ("''Oh,'' he said.", [("Oh,", True, 0)]),
        ("<blockquote>\n<p>We pay.</p>\n</blockquote> he wrote", [("We pay.", True, 0)]),
        ("<q>Pay “now”</q>, he wrote; <blockquote cite='x'>No", [("Pay “now”", True, 0), ("now", True, 1), ("No", False, 0)]),
        ("a stray </blockquote> says nothing", []),
        ("the cityâ€™s debt â€“ all of it â€“ and", []),
        ("the ministers' plan", []),
    ],
)
def test_pairs(text: str, wanted: list[tuple[str, bool, int]]) -> None:
    assert inside(text) == wanted


def test_states_follow_the_outermost_pair() -> None:
    text = 'a "b" "c'
    assert states(text, pair(text)).tolist() == [OUTSIDE, OUTSIDE, OPENING, INSIDE, CLOSING, OUTSIDE, OPENING, UNCLOSED]


@given(st.text(alphabet="ab .,\n\"'“”‘’«»„`", max_size=60))
def test_pairs_lie_in_the_text_and_never_cross(text: str) -> None:
    pairs = pair(text)
    for made in pairs:
        assert 0 <= made.outer_start < made.start <= made.end <= made.outer_end <= len(text)
        assert made.start < made.end
    assert len(states(text, pairs)) == len(text)
