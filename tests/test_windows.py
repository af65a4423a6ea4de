"""Windows cover every piece, and what is computed a piece comes back in its place."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models import artifact
from models.windows import OVERLAP, merge, read, split, tokenizer

TOKENIZER = tokenizer(artifact.DEFAULT)


@given(st.integers(1, 3000), st.integers(0, 3))
def test_merge_is_the_inverse_of_split(count: int, seed: int) -> None:
    pieces = read("word " * count, TOKENIZER)
    windows = split(pieces)
    values = np.random.default_rng(seed).normal(size=(len(pieces), 2)).astype(np.float32)
    assert (merge(windows, [values[own.start : own.end] for own in windows]) == values).all()
    assert all(own.length <= 510 for own in windows)
    assert all(a.end - b.start >= OVERLAP - 1 for a, b in itertools.pairwise(windows))


ODD = st.text(st.sampled_from("aZ é\u0301\u200b\u00a0\r\n🇺🇦👩\u200d👩\u202e“”'\"«»…—0שلم中"), max_size=80)


@given(ODD)
def test_offsets_fit_any_text(text: str) -> None:
    pieces = read(text, TOKENIZER)
    assert all(
        0 <= start < end <= len(text) for start, end in zip(pieces.starts.tolist(), pieces.ends.tolist(), strict=True)
    )
    assert (np.diff(pieces.starts) >= 0).all()


def test_case_layout_and_paragraphs() -> None:
    pieces = read("KYIV said\n\nso.", TOKENIZER)
    words = [pieces.text[s:e] for s, e in zip(pieces.starts, pieces.ends, strict=True)]
    assert words[-3:] == ["said", "so", "."]
    assert pieces.case[0] == 3
    assert pieces.case[-3] == 1
    assert pieces.layout[-2] == 3
    assert pieces.layout[-1] == 0
    assert pieces.paragraph[-2] == 2


@given(ODD)
def test_characters_of_pieces_are_covered_by_them(text: str) -> None:
    pieces = read(text, TOKENIZER)
    for first, last in itertools.combinations(range(len(pieces) + 1), 2):
        assert pieces.cover(*pieces.chars(first, last)) == (first, last)
