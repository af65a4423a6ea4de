"""Where pieces stand, seen from a record, worked by hand on one text."""

import numpy as np

from models import artifact, windows
from models.labels import LEARNED_TOPICS, PLACES
from models.topics.files import load_files
from models.topics.places import others, places, reach, terms

TEXT = "Aid row\n\nMoscow waited. “Pay up,” said Hale. He left."


def read() -> windows.Pieces:
    return windows.read(TEXT, windows.tokenizer(artifact.DEFAULT))


def at(pieces: windows.Pieces, words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return pieces.cover(start, start + len(words))


def test_every_piece_has_its_place() -> None:
    pieces = read()
    content, source, cue = (np.array([at(pieces, words)]) for words in ("Pay up,", "Hale", "said"))
    made = places(pieces, content, source, cue, [[]], 0, len(pieces))[0]
    where = {TEXT[start:end]: PLACES[number] for start, end, number in zip(pieces.starts, pieces.ends, made, strict=True)}
    assert where["Aid"] == "heading"
    assert where["Moscow"] == "sentence before"
    assert (where["Pay"], where["said"], where["Hale"], where["He"]) == ("content", "cue", "source", "sentence after")


def test_pieces_out_of_reach_have_none_and_a_part_of_the_text_is_a_part_of_the_places() -> None:
    pieces = windows.read("So it goes on. " * 200, windows.tokenizer(artifact.DEFAULT))
    middle = len(pieces) // 2
    contents, none = np.array([[middle, middle + 4], [middle + 20, middle + 22]]), np.full((2, 2), -1)
    speakers = [[], [(middle - 400, middle - 399), (middle + 40, middle + 41)]]
    made = places(pieces, contents, none, none, speakers, 0, len(pieces))
    for row, content in enumerate(contents):
        low, high = reach(pieces, content[None])
        assert (made[row, :low] == -1).all()
        assert (made[row, high:] == -1).all()
        assert (made[row, low:high] >= 0).all()
    low, high = reach(pieces, contents)
    assert (places(pieces, contents, none, none, speakers, low, high) == made[:, low:high]).all()


def test_terms_and_those_of_the_others() -> None:
    pieces = read()
    own = terms(pieces, load_files())
    moscow, aid = at(pieces, "Moscow")[0], at(pieces, "Aid")[0]
    russia, spending = LEARNED_TOPICS.index("russia"), LEARNED_TOPICS.index("spending")
    assert own[russia, moscow] == 2
    assert own[spending, aid] > 0
    assert others(own)[spending, moscow] == 2
    assert others(own)[russia, moscow] == 0
