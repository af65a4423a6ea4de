"""Who is meant: entities ranked as antecedents of a mention, or as the speaker of a quote without a source."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models import coreference
from models.links import Spans
from models.mentions import Entity, Mentioned
from models.records import Reading
from models.scoring import softmax
from models.types import Span

NEAREST = 160  # mentions before a mention that are scored as its antecedent
AFTER = 40  # the same after it
LEAST = 0.05  # a referent less probable than this is left out
FAR = 1000  # pieces around a mention within which a source counts as near


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entity that may be meant, with its probability 0..1 and its likeliest mention."""

    entity: Entity
    probability: float
    mention: Mentioned


class Antecedents:
    """The scorers of one text over its mentions (`found`, in reading order)."""

    def __init__(self, reading: Reading, found: Sequence[Mentioned], entity_of: dict[Span, Entity]) -> None:
        self.reading, self.found, self.entity_of = reading, found, entity_of
        self.keys = np.array([own.pieces for own in found], np.int64).reshape(-1, 2)
        self.classes = np.array([own.kind for own in found], np.int64)

    def of(self, query: tuple[int, int]) -> list[Ranked]:
        """Entities that a mention (pieces) may stand for, the likeliest first; what is missing to 1 is "none of them"."""
        low, chances = self._chances(np.array(query, np.int64))
        return self._ranked(low, chances)

    def speakers(self, content: tuple[int, int], before: Sequence[Sequence[Mentioned]]) -> list[Ranked]:
        """Entities whose words a content (pieces) may be, told from where it stands.

        `before` holds the mentions of who said the quote before and of who said the one before that.
        """
        query = np.array([content], np.int64)
        low, high = self._near(content)
        if low == high:
            return []
        keys = self.keys[low:high]
        said = np.zeros((1, high - low), np.int64)
        for age, mentions in reversed(list(enumerate(before, 1))):
            pieces = {own.pieces for own in mentions}
            said[0, [own.pieces in pieces for own in self.found[low:high]]] = age
        features = coreference.speaker_features(
            self.reading.pieces, query, keys, self.classes[low:high], self._sources(query[0]), said
        )
        scores = self.reading.heads.pairs["speaker"](self.reading.states, query, keys, features)[0]
        return self._ranked(low, softmax(scores))

    def referents(self, spans: list[Span]) -> list[list[tuple[Span, float]]]:
        """For each pronoun the mentions that it may stand for and how probable each is, the likeliest first."""
        made: list[list[tuple[Span, float]]] = []
        for span in spans:
            covered = self.reading.pieces.cover(span.start, span.end)
            own: list[tuple[Span, float]] = []
            if covered[1] > covered[0]:
                low, chances = self._chances(np.array(covered, np.int64))
                own = [(self.found[low + at].span, float(chances[1 + at])) for at in np.flatnonzero(chances[1:] >= LEAST).tolist()]
            made.append(sorted(own, key=lambda pair: -pair[1]))
        return made

    def _near(self, query: Sequence[int]) -> tuple[int, int]:
        middle = int(np.searchsorted(self.keys[:, 0], query[0]))
        return max(0, middle - NEAREST), min(len(self.keys), middle + AFTER)

    def _chances(self, query: npt.NDArray[np.int64]) -> tuple[int, npt.NDArray[np.float32]]:
        """The first mention scored, and the probabilities of "none" and of the mentions from there on."""
        low, high = self._near(query.tolist())
        if low == high:
            return low, np.ones(1, np.float32)
        keys = self.keys[low:high]
        features = coreference.features(self.reading.pieces, query[None], keys, self.classes[low:high], self._sources(query))
        scores = self.reading.heads.pairs["antecedent"](self.reading.states, query[None], keys, features)[0]
        scores[1:][(keys[:, 0] < query[1]) & (query[0] < keys[:, 1])] = -1e4
        return low, softmax(scores)

    def _sources(self, query: npt.NDArray[np.int64]) -> Spans:
        low, high = np.searchsorted(self.reading.sources[:, 0], [query[0] - FAR, query[1] + FAR])
        return self.reading.sources[low:high]

    def _ranked(self, low: int, chances: npt.NDArray[np.float32]) -> list[Ranked]:
        """Mentions of one entity together; `chances` is "none" and the mentions from `low` on."""
        total: dict[int, float] = {}
        best: dict[int, tuple[Entity, Mentioned, float]] = {}
        for mention, chance in zip(self.found[low:], chances[1:].tolist(), strict=False):
            entity = self.entity_of[mention.span]
            total[id(entity)] = total.get(id(entity), 0.0) + chance
            if id(entity) not in best or chance > best[id(entity)][2]:
                best[id(entity)] = (entity, mention, chance)
        made = [Ranked(best[key][0], min(1.0, value), best[key][1]) for key, value in total.items()]
        return sorted(made, key=lambda own: -own.probability)
