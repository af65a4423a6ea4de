"""What the scorers are told of a mention and its candidates, against plain readings of the same text."""

import numpy as np

from models import artifact, coreference, windows
from models.names import relation

TEXT = "Anna Kovac, the finance minister, spoke. Petr Kovac of the NBU listened. The minister left. National Bank of Ukraine staff saw her."
NAMES = ("Anna Kovac", "Petr Kovac", "NBU", "National Bank of Ukraine")


def candidates() -> coreference.Candidates:
    pieces = windows.read(TEXT, windows.tokenizer(artifact.DEFAULT))
    spans = np.array([pieces.cover(TEXT.index(name), TEXT.index(name) + len(name)) for name in NAMES])
    source = np.array([pieces.cover(TEXT.index("the NBU"), TEXT.index(". The"))])
    return coreference.Candidates(pieces, spans, np.array([0, 0, 1, 1]), source)


def test_relations_are_those_of_the_names() -> None:
    made = candidates()
    for mention in ("Kovac", "NBU", "the bank", "she", "Ms. Kovac", "Ukraine", ""):
        assert made.relations(mention).tolist() == [relation(mention, name) for name in NAMES], mention


def test_a_title_beside_a_name() -> None:
    assert candidates().titled("the minister").tolist() == [1, 0, 0, 0]


def test_which_candidates_are_sources() -> None:
    assert candidates().in_source.tolist() == [False, False, True, False]


def test_features_of_a_part_are_a_part_of_the_features() -> None:
    made = candidates()
    start = TEXT.index("The minister")
    query = np.array([made.pieces.cover(start, start + len("The minister"))])
    whole = coreference.features(query, made)
    near = coreference.features(query, made, slice(1, 3))
    own = [0, 1, 2, 4, 5, 6, 7, 8]  # how many names stand between is counted among those near
    assert (whole[:, 1:3, own] == near[:, :, own]).all()
