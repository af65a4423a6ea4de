"""Which names tell "he" from "she"."""

import numpy as np
import pytest

from models import artifact, coreference, genders, windows
from models.genders import HE, SHE, UNKNOWN
from models.names import words


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Marta Hale", SHE), ("Oleksandr Koval", HE), ("Zdeňka Havlová", SHE), ("Łukasz Nowak", HE), ("Jean-Pierre Roux", HE),
        ("Qwfp Zxcv", UNKNOWN), ("", UNKNOWN),
    ],
)
def test_given_names(name: str, wanted: int) -> None:
    assert genders.of_name(words(name)) == wanted


def test_titles() -> None:
    assert [genders.of_title(before) for before in ("said Mr. ", "the Baroness ", "said ", "")] == [HE, SHE, UNKNOWN, UNKNOWN]


def test_no_name_is_in_both_lists() -> None:
    raw = genders.lists()
    assert not set(raw["he"]) & set(raw["she"])
    assert all(name.isascii() and name == name.lower() for own in raw.values() for name in own)


def test_a_surname_has_what_the_full_name_or_a_title_tells() -> None:
    text = "Marta Hale met Petr Kovac and Anna Kovac. Hale left; Mr Kovac stayed. Kovac said no."
    pieces = windows.read(text, windows.tokenizer(artifact.DEFAULT))
    at = [text.index("Marta Hale"), text.index("Hale left"), text.index("Kovac stayed"), text.rindex("Kovac")]
    lengths = [len("Marta Hale"), 4, 5, 5]
    both = [(text.index(name), len(name)) for name in ("Petr Kovac", "Anna Kovac")]
    spans = sorted(pieces.cover(start, start + size) for start, size in [*zip(at, lengths, strict=True), *both])
    made = coreference.Candidates(pieces, np.array(spans), np.zeros(len(spans), np.int64), np.zeros((0, 2), np.int64))
    assert made.gender.tolist() == [SHE, HE, SHE, SHE, HE, UNKNOWN]
    query = np.array([pieces.cover(len(text) - 8, len(text) - 1)])
    assert coreference.features(query, made).shape == (1, len(spans), len(coreference.COREFERENCE_FEATURES))
