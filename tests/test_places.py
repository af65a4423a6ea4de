"""Where pieces stand, seen from a record, worked by hand on one text."""

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
    content, source, cue = (at(pieces, words) for words in ("Pay up,", "Hale", "said"))
    made = places(pieces, content, [source], [cue], [], 0, len(pieces))
    where = {TEXT[start:end]: PLACES[number] for start, end, number in zip(pieces.starts, pieces.ends, made, strict=True)}
    assert where["Aid"] == "heading"
    assert where["Moscow"] == "sentence before"
    assert (where["Pay"], where["said"], where["Hale"], where["He"]) == ("content", "cue", "source", "sentence after")


def test_pieces_out_of_reach_have_none() -> None:
    pieces = windows.read("So it goes on. " * 200, windows.tokenizer(artifact.DEFAULT))
    content = (len(pieces) // 2, len(pieces) // 2 + 4)
    made = places(pieces, content, [], [], [], 0, len(pieces))
    low, high = reach(pieces, content)
    assert (made[:low] == -1).all()
    assert (made[high:] == -1).all()
    assert (made[low:high] >= 0).all()
    assert (places(pieces, content, [], [], [], low, high) == made[low:high]).all()


def test_terms_and_those_of_the_others() -> None:
    pieces = read()
    own = terms(pieces, load_files())
    moscow, aid = at(pieces, "Moscow")[0], at(pieces, "Aid")[0]
    russia, spending = LEARNED_TOPICS.index("russia"), LEARNED_TOPICS.index("spending")
    assert own[russia, moscow] == 2
    assert own[spending, aid] > 0
    assert others(own)[spending, moscow] == 2
    assert others(own)[russia, moscow] == 0
