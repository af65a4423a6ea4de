"""Where the pieces of a text stand, seen from a record, and what the topics' word lists say of them: what the relevance
head is told of each piece beside its state."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.labels import LEARNED_TOPICS, PLACES
from models.topics.files import Text, TopicFile
from models.windows import Pieces

BEFORE, AFTER = 320, 96  # pieces around a content that the head reads
AROUND = 8  # pieces around a speaker's name that tell who that is ("Ukrainian President …")
NUMBER = {name: index for index, name in enumerate(PLACES)}
Spans = Sequence[tuple[int, int]]


def terms(pieces: Pieces, files: Sequence[TopicFile]) -> npt.NDArray[np.int64]:
    """What each piece is to each learned topic: 0 none of its words, 1 a weak one, 2 a strong one; [topics, pieces]."""
    made = np.zeros((len(LEARNED_TOPICS), len(pieces)), np.int64)
    text = Text(pieces.text)
    for topic in files:
        if topic.name in LEARNED_TOPICS:
            row = made[LEARNED_TOPICS.index(topic.name)]
            for span in topic.find(text):
                first, last = pieces.cover(span.start, span.end)
                row[first:last] = 1 if topic.is_weak(span.of(pieces.text)) else 2
    return made


def others(own: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The strongest that any other topic's words say of each piece; [topics, pieces]."""
    return np.stack([np.delete(own, row, 0).max(0) for row in range(len(own))])


def places(
    pieces: Pieces, contents: npt.NDArray[np.int64], sources: npt.NDArray[np.int64], cues: npt.NDArray[np.int64], speakers: Sequence[Spans],
    low: int, high: int,
) -> npt.NDArray[np.int64]:
    """The place of pieces [low, high), seen from each record (numbers of PLACES); -1 where out of reach; [records, high - low].

    All spans are pieces of the text: `contents`, `sources`, `cues` [records, 2], (-1, -1) where there is none; `speakers` are
    the mentions of whoever speaks.
    """
    index = np.arange(low, high)[None]
    first, last = contents[:, :1], contents[:, 1:]
    sentence, paragraph = pieces.sentence[low:high][None], pieces.paragraph[low:high][None]
    begins, ends, here = pieces.sentence[first], pieces.sentence[last - 1], pieces.paragraph[first]
    before = index < first
    made = np.where(before, NUMBER["earlier"], NUMBER["later"])
    made[(paragraph == here - 1) & before] = NUMBER["paragraph before"]
    made[(paragraph == here) & before] = NUMBER["paragraph"]
    made[(paragraph == 0) & (here > 0)] = NUMBER["heading"]
    made[sentence == begins - 1] = NUMBER["sentence before"]
    made[sentence == ends + 1] = NUMBER["sentence after"]
    made[(sentence >= begins) & (sentence <= ends)] = NUMBER["sentence"]
    for row, spans in enumerate(speakers):
        for start, end in spans:
            if end + AROUND > low and start - AROUND < high:
                made[row, max(start - AROUND - low, 0) : end + AROUND - low] = NUMBER["speaker"]
    for name, own in (("source", sources), ("cue", cues), ("content", contents)):
        made[(index >= own[:, :1]) & (index < own[:, 1:])] = NUMBER[name]
    made[(index < first - BEFORE) | (index >= last + AFTER)] = -1
    return made


def reach(pieces: Pieces, contents: npt.NDArray[np.int64]) -> tuple[int, int]:
    """The pieces [low, high) that the head reads for some records."""
    return max(0, int(contents[:, 0].min()) - BEFORE), min(len(pieces), int(contents[:, 1].max()) + AFTER)
