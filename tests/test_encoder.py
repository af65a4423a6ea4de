"""A window's scores and states are its own, whatever runs beside it."""

import random

import numpy as np
import pytest

from models import artifact, windows
from models.encoder import BUCKETS, LEAST, Encoder
from models.windows import Window, cut

TEXT = "Marta Hale, the finance minister, said on Monday that Russia had broken the deal. “We will pay,” she told reporters. " * 60


@pytest.fixture(scope="module")
def some() -> list[Window]:
    """Windows of every bucket's size, some filling it and some not."""
    pieces = windows.read(TEXT, windows.tokenizer(artifact.DEFAULT))
    lengths = [size for bucket in BUCKETS for size in (bucket - 2, bucket - 9)]
    return [cut(pieces, start, start + size) for start, size in enumerate(lengths * 2)]


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_company_changes_nothing(precision: str, some: list[Window]) -> None:
    encoder = Encoder(artifact.DEFAULT, precision, threads=2)
    alone = [encoder([window])[0] for window in some]
    draw = random.Random(1)
    for size in (2, 5, 17, len(some)):
        chosen = draw.sample(range(len(some)), size)
        for number, made in zip(chosen, encoder([some[number] for number in chosen]), strict=True):
            for part in ("tags", "names", "states"):
                here, there = getattr(made, part), getattr(alone[number], part)
                if precision == "bf16":
                    assert (here == there).all(), f"{part} of {some[number].length} pieces among {size} windows"
                else:
                    assert np.abs(here - there).max() < 1e-4


def test_small_batches_are_filled(some: list[Window]) -> None:
    encoder = Encoder(artifact.DEFAULT, "fp32", threads=1)
    made = encoder(some[:1])
    assert made[0].states.shape[0] == some[0].length < LEAST
    assert np.isfinite(made[0].states).all()
