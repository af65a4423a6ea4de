"""Where the pieces of a text stand, seen from a record, and what the topics' word lists say of them: what the relevance
head is told of each piece beside its state."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.labels import LEARNED_TOPICS, PLACES
from models.topics.files import TopicFile
from models.windows import Pieces

BEFORE, AFTER = 320, 96  # pieces around a content that the head reads
AROUND = 8  # pieces around a speaker's name that tell who that is ("Ukrainian President …")
NUMBER = {name: index for index, name in enumerate(PLACES)}
Spans = Sequence[tuple[int, int]]


def terms(pieces: Pieces, files: Sequence[TopicFile]) -> npt.NDArray[np.int64]:
    """What each piece is to each learned topic: 0 none of its words, 1 a weak one, 2 a strong one; [topics, pieces]."""
    made = np.zeros((len(LEARNED_TOPICS), len(pieces)), np.int64)
    for topic in files:
        if topic.name in LEARNED_TOPICS:
            row = made[LEARNED_TOPICS.index(topic.name)]
            for span in topic.find(pieces.text):
                first, last = pieces.cover(span.start, span.end)
                row[first:last] = 1 if topic.is_weak(span.of(pieces.text)) else 2
    return made


def others(own: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The strongest that any other topic's words say of each piece; [topics, pieces]."""
    return np.stack([np.delete(own, row, 0).max(0) for row in range(len(own))])


def places(pieces: Pieces, content: tuple[int, int], source: Spans, cue: Spans, speaker: Spans, low: int, high: int) -> npt.NDArray[np.int64]:
    """The place of pieces [low, high) (numbers of PLACES); -1 where out of reach. All spans are pieces of the text;
    `speaker` are the mentions of whoever speaks."""
    index = np.arange(low, high)
    first, last = content
    sentence, paragraph = pieces.sentence[low:high], pieces.paragraph[low:high]
    here = (int(pieces.sentence[first]), int(pieces.sentence[last - 1]), int(pieces.paragraph[first]))
    made = np.where(index < first, NUMBER["earlier"], NUMBER["later"])
    made[(paragraph == here[2] - 1) & (index < first)] = NUMBER["paragraph before"]
    made[(paragraph == here[2]) & (index < first)] = NUMBER["paragraph"]
    made[(paragraph == 0) & (here[2] > 0)] = NUMBER["heading"]
    made[sentence == here[0] - 1] = NUMBER["sentence before"]
    made[sentence == here[1] + 1] = NUMBER["sentence after"]
    made[(sentence >= here[0]) & (sentence <= here[1])] = NUMBER["sentence"]
    for name, spans, margin in (("speaker", speaker, AROUND), ("source", source, 0), ("cue", cue, 0), ("content", [content], 0)):
        for start, end in spans:
            made[max(start - margin - low, 0) : max(end + margin - low, 0)] = NUMBER[name]
    made[(index < first - BEFORE) | (index >= last + AFTER)] = -1
    return made


def reach(pieces: Pieces, content: tuple[int, int]) -> tuple[int, int]:
    """The pieces [low, high) that the head reads of a text."""
    return max(0, content[0] - BEFORE), min(len(pieces), content[1] + AFTER)
