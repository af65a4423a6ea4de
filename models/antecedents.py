"""Who is meant: entities ranked as antecedents of a mention, or as the speaker of a quote without a source."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models import coreference
from models.mentions import Entity, Mentioned
from models.records import Reading
from models.scoring import Floats, softmax
from models.types import Span

NEAREST = 160  # mentions before a mention that are scored as its antecedent
AFTER = 40  # the same after it
UNLIKELY = 1e-4  # an entity less probable than this is not ranked
LEAST = 0.05  # a referent less probable than this is left out
NEVER = -1e4  # the score of what may not be chosen
CHUNK = 32  # mentions scored together


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entity that may be meant, with its probability 0..1 and its likeliest mention."""

    entity: Entity
    probability: float
    mention: Mentioned


class Antecedents:
    """The scorers of one text over its mentions (`found`, in reading order)."""

    def __init__(self, reading: Reading, found: Sequence[Mentioned], entity_of: dict[Span, Entity]) -> None:
        self.reading, self.found = reading, found
        distinct = {id(entity_of[own.span]): entity_of[own.span] for own in found}
        self.entities = list(distinct.values())
        number = {key: index for index, key in enumerate(distinct)}
        self.numbers = np.array([number[id(entity_of[own.span])] for own in found], np.int64)  # which of `entities` each is
        spans = np.array([own.pieces for own in found], np.int64).reshape(-1, 2)
        self.candidates = coreference.Candidates(reading.pieces, spans, np.array([own.kind for own in found], np.int64), reading.sources)
        self.at = {own.pieces: index for index, own in enumerate(found)}
        self._known: dict[tuple[int, int], tuple[int, npt.NDArray[np.float32]]] = {}

    @functools.cached_property
    def _antecedent_keys(self) -> Floats:
        return self.reading.heads.pairs["antecedent"].keys(self.reading.states, self.candidates.spans)

    @functools.cached_property
    def _speaker_keys(self) -> Floats:
        return self.reading.heads.pairs["speaker"].keys(self.reading.states, self.candidates.spans)

    def prepare(self, queries: Sequence[tuple[int, int]]) -> None:
        """Score mentions (pieces) that `of` and `referents` will be asked for, many at a time."""
        fresh = sorted({query for query in queries if query not in self._known})
        for at in range(0, len(fresh), CHUNK):
            self._score(fresh[at : at + CHUNK])

    def of(self, query: tuple[int, int]) -> list[Ranked]:
        """Entities that a mention (pieces) may stand for, the likeliest first; what is missing to 1 is "none of them"."""
        self.prepare([query])
        return self._ranked(*self._known[query])

    def speakers(self, content: tuple[int, int], before: Sequence[Sequence[Mentioned]]) -> list[Ranked]:
        """Entities whose words a content (pieces) may be, told from where it stands.

        `before` holds the mentions of who said the quote before and of who said the one before that.
        """
        low, high = self._near(content)
        if low == high:
            return []
        query = np.array([content], np.int64)
        said = np.zeros((1, high - low), np.int64)
        for age, mentions in reversed(list(enumerate(before, 1))):
            near = [at - low for own in mentions if low <= (at := self.at.get(own.pieces, -1)) < high]
            said[0, near] = age
        features = coreference.speaker_features(query, self.candidates, said, slice(low, high))
        scores = self.reading.heads.pairs["speaker"](self.reading.states, query, self._speaker_keys[low:high], features)[0]
        scores[1:][self.candidates.classes[low:high] == coreference.TOGETHER] = NEVER
        return self._ranked(low, softmax(scores))

    def referents(self, spans: list[Span]) -> list[list[tuple[Span, float]]]:
        """For each pronoun the mentions that it may stand for and how probable each is, the likeliest first."""
        covered = [self.reading.pieces.cover(span.start, span.end) for span in spans]
        self.prepare([own for own in covered if own[1] > own[0]])
        made: list[list[tuple[Span, float]]] = []
        for query in covered:
            own: list[tuple[Span, float]] = []
            if query[1] > query[0]:
                low, chances = self._known[query]
                own = [(self.found[low + at].span, float(chances[1 + at])) for at in np.flatnonzero(chances[1:] >= LEAST).tolist()]
            made.append(sorted(own, key=lambda pair: -pair[1]))
        return made

    def _near(self, query: Sequence[int]) -> tuple[int, int]:
        spans = self.candidates.spans
        middle = int(spans[:, 0].searchsorted(query[0]))
        return max(0, middle - NEAREST), min(len(spans), middle + AFTER)

    def _score(self, queries: Sequence[tuple[int, int]]) -> None:
        """Keep of each query the first mention scored, and the probabilities of "none" and of the mentions from there on."""
        bounds = [self._near(query) for query in queries]
        low, high = min(bound[0] for bound in bounds), max(bound[1] for bound in bounds)
        if low == high:
            self._known.update((query, (low, np.ones(1, np.float32))) for query in queries)
            return
        near, asked = slice(low, high), np.array(queries, np.int64)
        keys = self.candidates.spans[near]
        features = coreference.features(asked, self.candidates, near)
        scores = self.reading.heads.pairs["antecedent"](self.reading.states, asked, self._antecedent_keys[near], features)
        single = np.array([not coreference.plural(coreference.span_text(self.reading.pieces, query)) for query in asked])
        several = self.candidates.classes[near] == coreference.TOGETHER
        overlap = (keys[None, :, 0] < asked[:, None, 1]) & (asked[:, None, 0] < keys[None, :, 1])
        scores[:, 1:][overlap | (single[:, None] & several[None])] = NEVER
        for query, row, (first, last) in zip(queries, scores, bounds, strict=True):
            self._known[query] = (first, softmax(np.concatenate([row[:1], row[1 + first - low : 1 + last - low]])))

    def _ranked(self, low: int, chances: npt.NDArray[np.float32]) -> list[Ranked]:
        """Mentions of one entity together; `chances` is "none" and the mentions from `low` on."""
        own = self.numbers[low : low + len(chances) - 1]
        total = np.bincount(own, chances[1:], len(self.entities))
        order = np.argsort(chances[1:])  # so that of an entity's mentions the likeliest is written last
        best = np.zeros(len(self.entities), np.int64)
        best[own[order]] = low + order
        likely = np.flatnonzero(total >= UNLIKELY)
        return [
            Ranked(self.entities[number], min(1.0, float(total[number])), self.found[best[number]])
            for number in likely[np.argsort(-total[likely], kind="stable")].tolist()
        ]
