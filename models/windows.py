"""Text -> pieces with what WordPiece drops (case, spaces, paragraphs, marks) -> overlapping windows, and back.

`split` and `merge` are inverses: what is computed for every piece of every window comes back as one row a piece,
each row from the window in which the piece stands farthest from an edge.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models.marks import Pair, pair, states
from models.sentences import paragraphs, sentences

CASES = 5  # no letters, lower, Title, UPPER, mIxed
LAYOUTS = 4  # glued to the piece before, after a space, after a line break, after a blank line
SHORT = 32  # characters of a piece; a word of over 100 letters is one piece, however long
LENGTH = 510  # pieces of a window, [CLS] and [SEP] not counted
OVERLAP = 128  # pieces that two neighbouring windows share, at least


@dataclass(frozen=True, slots=True)
class Pieces:
    """The sub-words of a text; every array has one entry a piece.

    `starts`/`ends` are characters, half-open; `case`, `layout`, `marks` are small enums (see CASES, LAYOUTS and
    `models.marks`); `paragraph` and `sentence` count up from 0. `pairs` are the text's quotations in marks.
    """

    text: str
    ids: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]
    case: npt.NDArray[np.int64]
    layout: npt.NDArray[np.int64]
    marks: npt.NDArray[np.int64]
    paragraph: npt.NDArray[np.int64]
    sentence: npt.NDArray[np.int64]
    pairs: tuple[Pair, ...]

    def __len__(self) -> int:
        return len(self.ids)

    def cover(self, start: int, end: int) -> tuple[int, int]:
        """The pieces `[first, last + 1)` that share a character with `[start, end)`; empty where none does."""
        first = int(self.ends.searchsorted(start, side="right"))
        last = int(self.starts.searchsorted(end, side="left"))
        return first, max(first, last)

    def chars(self, first: int, last: int) -> tuple[int, int]:
        """The characters `[start, end)` of the pieces `[first, last)`, of which there is one at least; the inverse of `cover`."""
        return int(self.starts[first]), int(self.ends[last - 1])


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces `[start, end)` of a text, as the encoder takes them; `features` has rows ids, case, layout, marks."""

    start: int
    end: int
    features: npt.NDArray[np.int64]

    @property
    def length(self) -> int:
        """Pieces of the window, [CLS] and [SEP] not counted."""
        return self.end - self.start


def tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of a weights folder, without truncation or padding."""
    made = Tokenizer.from_file(str(folder / "tokenizer.json"))
    made.no_truncation()
    made.no_padding()
    return made


def _case(word: str) -> int:
    if word.islower():
        return 1
    letters = [char for char in word if char.isalpha()]
    if not letters:
        return 0
    if letters[0].isupper() and not any(char.isupper() for char in letters[1:]):
        return 2
    return 3 if word.isupper() else 4


_known_case = functools.lru_cache(maxsize=1 << 15)(_case)  # words recur; only of `SHORT` ones, or hostile texts would fill the memory


def read(text: str, with_tokenizer: Tokenizer) -> Pieces:
    """The pieces of a text; none where it holds nothing that the tokenizer keeps."""
    encoding = with_tokenizer.encode(text, add_special_tokens=False)
    offsets = np.array(encoding.offsets, np.int64).reshape(-1, 2)
    kept = offsets[:, 1] > offsets[:, 0]
    ids = np.array(encoding.ids, np.int64)[kept]
    starts, ends = offsets[kept, 0], offsets[kept, 1]
    case = np.fromiter(
        ((_known_case if e - s <= SHORT else _case)(text[s:e]) for s, e in zip(starts.tolist(), ends.tolist(), strict=True)), np.int64, len(ids)
    )
    paragraph_of, sentence_of = paragraphs(text), sentences(text)
    layout = np.zeros(len(ids), np.int64)
    layout[:1] = 3
    apart = np.flatnonzero(starts[1:] > ends[:-1]) + 1
    lines = paragraph_of[starts[apart]] - paragraph_of[ends[apart - 1] - 1]
    spaced = [" " in gap or any(map(str.isspace, gap)) for gap in map(text.__getitem__, map(slice, ends[apart - 1].tolist(), starts[apart].tolist()))]
    layout[apart] = np.where(lines > 1, 3, np.where(lines > 0, 2, spaced))
    pairs = pair(text)
    state_of = states(text, pairs)
    return Pieces(
        text, ids, starts, ends, case, layout, state_of[starts].astype(np.int64),
        paragraph_of[starts].astype(np.int64), sentence_of[starts].astype(np.int64), tuple(pairs),
    )


def cut(pieces: Pieces, start: int, end: int) -> Window:
    """Pieces `[start, end)` as one window."""
    rows = (pieces.ids, pieces.case, pieces.layout, pieces.marks)
    return Window(start, end, np.stack([row[start:end] for row in rows]))


def split(pieces: Pieces, length: int = LENGTH, overlap: int = OVERLAP) -> tuple[Window, ...]:
    """Windows of at most `length` pieces, as equal as can be, that share at least `overlap` with their neighbours.

    Example, length 5, overlap 2, nine pieces:   0 1 2 3 4
                                                     2 3 4 5 6
                                                         4 5 6 7 8
    """
    if not len(pieces):
        return ()
    if len(pieces) <= length:
        return (cut(pieces, 0, len(pieces)),)
    count = -(-(len(pieces) - overlap) // (length - overlap))
    last = len(pieces) - length
    starts = [round(index * last / (count - 1)) for index in range(count)]
    return tuple(cut(pieces, start, start + length) for start in starts)


def merge(windows: Sequence[Window], rows: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    """One row a piece from one row a piece of every window; shape [pieces, …]."""
    parts, done = [], 0
    for index, (window, own) in enumerate(zip(windows, rows, strict=True)):
        until = window.end if index + 1 == len(windows) else (window.end + windows[index + 1].start) // 2
        parts.append(own[done - window.start : until - window.start])
        done = until
    return np.concatenate(parts)
