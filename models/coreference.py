"""Mentions -> the names they stand for: what the pair scorers `antecedent` and `speaker` are told of each pair beside the states."""

import bisect
import functools
import re
from collections import Counter

import numpy as np
import numpy.typing as npt

from models import clauses, genders, links
from models.labels import COREFERENCE_FEATURES
from models.links import Spans, between, difference, signed_gap
from models.names import NAME, acronym, is_title, positions, pronoun_class, relation, words
from models.names import UNNAMED as DESCRIPTION
from models.windows import Pieces

PERSON, ORGANIZATION, PLACE, UNNAMED, TOGETHER = range(5)  # classes of a candidate; TOGETHER: see `models.together`
ALL = slice(None)
FRESH, BARRED = 4, 5  # of `Candidates.recency`
_PLURALS = frozenset([pronoun_class("they"), pronoun_class("we"), pronoun_class("you"), pronoun_class("both"), DESCRIPTION])
_NEAR = 60  # characters around a name in which its title stands ("Andriy Sibiga, the foreign minister,")
_COMMON = frozenset(["the", "a", "an", "of", "and", "for", "in", "to", "at", "on", "with", "this", "that", "his", "her", "their", "its", "some", "many", "several", "most"])
_STOP = re.compile(r"[.?!]\s|\n")


def plural(mention: str) -> bool:
    """Whether a mention may stand for several who are named together: they, we, you, "both", "the couple"."""
    return pronoun_class(mention) in _PLURALS


def span_text(pieces: Pieces, span: npt.NDArray[np.int64]) -> str:
    """The characters from a span's first to its last piece."""
    return pieces.text[slice(*pieces.chars(*span))]


class Candidates:
    """The names and descriptions of a text that a mention may stand for, and what the features ask of each, read once.

    `spans` [candidates, 2] are pieces, in reading order; `classes` holds PERSON … TOGETHER a candidate, `sources` the spans
    that the tags call a source.
    """

    def __init__(self, pieces: Pieces, spans: Spans, classes: npt.NDArray[np.int64], sources: Spans) -> None:
        self.pieces, self.spans, self.classes = pieces, spans, classes
        texts = [span_text(pieces, span) for span in spans]
        distinct = {text: index for index, text in enumerate(dict.fromkeys(texts))}
        folded = [tuple(words(text)) for text in distinct]
        self.names = list(distinct)
        self.name = np.array([distinct[text] for text in texts], np.int64)  # which of `names` each candidate is
        often = Counter(folded[own] for own in self.name.tolist())
        self.often = np.array([min(often[own], 8) for own in folded], np.int64).take(self.name)
        self.sharing: dict[str, list[int]] = {}  # a word, or the acronym, of a name -> the names that have it
        for number, own in enumerate(folded):
            for word in {*own, acronym(own)}:
                self.sharing.setdefault(word, []).append(number)
        at = np.searchsorted(sources[:, 0], spans[:, 1])  # a source that begins before a candidate's end holds a piece of it
        last = np.maximum.accumulate(np.concatenate([[-1], sources[:, 1]]))
        self.in_source = last[at] > spans[:, 0]
        self.begins = pieces.starts[spans[:, 0]].tolist()
        self.gender = self._genders(folded)
        self.bearer = self._bearers(folded)
        self._near: dict[int, frozenset[str]] = {}

    @functools.cached_property
    def positions(self) -> dict[str, list[int]]:
        """Where each word of the text begins, see `names.positions`."""
        return positions(self.pieces.text)

    def _genders(self, folded: list[tuple[str, ...]]) -> npt.NDArray[np.int64]:
        """UNKNOWN, HE or SHE (`models.genders`) of each person; a surname has what its title or its full name tells."""
        made = np.zeros(len(self.spans), np.int64)
        by_surname: dict[str, set[int]] = {}
        people = np.flatnonzero(self.classes == PERSON).tolist()
        for key in people:
            own = folded[self.name[key]]
            start = self.begins[key]
            made[key] = genders.of_title(self.pieces.text[max(0, start - 14) : start]) or (genders.of_name(own) if len(own) > 1 else 0)
            if made[key] and own:
                by_surname.setdefault(own[-1], set()).add(int(made[key]))
        for key in people:
            own = folded[self.name[key]]
            told = by_surname.get(own[-1], set()) if own else set()
            if not made[key] and own:
                made[key] = next(iter(told)) if len(told) == 1 else genders.of_name(own) if not told else 0
        return made

    def _bearers(self, folded: list[tuple[str, ...]]) -> npt.NDArray[np.int64]:
        """Numbers that candidates share which are taken for one another: people by their last word, others by their name."""
        keys = [
            (kind, folded[name][-1:] if kind == PERSON else folded[name])
            for kind, name in zip(self.classes.tolist(), self.name.tolist(), strict=True)
        ]
        number = {key: index for index, key in enumerate(dict.fromkeys(keys))}
        return np.array([number[key] for key in keys], np.int64)

    @functools.cached_property
    def clauses(self) -> clauses.Clauses:
        """The classes of the text's pieces; only antecedents ask for them, as for what follows."""
        return clauses.Clauses(self.pieces)

    @functools.cached_property
    def sides(self) -> npt.NDArray[np.int64]:
        """What stands beside each candidate, see `Clauses.sides`."""
        return self.clauses.sides(self.spans)

    @functools.cached_property
    def order(self) -> npt.NDArray[np.int64]:
        """Which of its sentence's candidates each is: 0 the first, 1 the second, 2 any later one."""
        sentence = self.pieces.sentence[self.spans[:, 0]]
        made: npt.NDArray[np.int64] = np.minimum(np.arange(len(sentence)) - np.searchsorted(sentence, sentence), 2)
        return made

    @functools.cached_property
    def standing(self) -> npt.NDArray[np.int64]:
        """2 for the person named first in the text (whom an encyclopedia's article is about) + 1 for the one named most often."""
        people = self.bearer[self.classes == PERSON]
        if not len(people):
            return np.zeros(len(self.spans), np.int64)
        made: npt.NDArray[np.int64] = 2 * (self.bearer == people[0]) + (self.bearer == np.bincount(people).argmax())
        return made

    def recency(self, queries: Spans, wanted: npt.NDArray[np.int64], near: slice = ALL) -> npt.NDArray[np.int64]:
        """How many others were named since each near candidate last was before the mention: among those of its class, and among
        all that were sources ("he added" goes back to who spoke last); [queries, candidates, 2].

        0 to 3 (or more); FRESH: not named, or no source, before; BARRED: of another gender than `wanted` [queries], which counts for
        no others either.
        """
        own, bearers = np.unique(self.bearer[near], return_inverse=True)
        named = np.arange(len(bearers))
        gender, kind = np.zeros(len(own), np.int64), np.zeros(len(own), np.int64)
        told = self.gender[near] > 0
        gender[bearers[told]] = self.gender[near][told]
        kind[bearers] = self.classes[near]
        barred = (wanted[:, None] >= 0) & (gender > 0)[None] & (gender[None] != wanted[:, None])
        before = np.searchsorted(self.spans[near][:, 0], queries[:, 0])
        made = np.empty((len(queries), len(bearers), 2), np.int64)
        for table, (there, groups) in enumerate(((named, kind), (named[self.in_source[near]], np.zeros_like(kind)))):
            last = np.full((1 + len(bearers), len(own)), -1, np.int64)
            last[1 + there, bearers[there]] = there
            seen = np.where(barred, -1, np.maximum.accumulate(last, 0)[before])
            since = np.empty_like(seen)
            for group in np.unique(groups).tolist():
                columns = np.flatnonzero(groups == group)
                order = np.argsort(-seen[:, columns], axis=1, kind="stable")
                since[np.arange(len(queries))[:, None], columns[order]] = np.arange(len(columns))
            made[:, :, table] = np.where(barred, BARRED, np.where(seen < 0, FRESH, np.minimum(since, FRESH - 1)))[:, bearers]
        return made

    def relations(self, mention: str) -> npt.NDArray[np.int64]:
        """`names.relation` of a mention to each candidate; [candidates]."""
        made = np.zeros(len(self.names), np.int64)
        own = words(mention)
        for number in {number for word in (*own, own[0].replace(".", "")) for number in self.sharing.get(word, ())} if own else ():
            made[number] = relation(mention, self.names[number])
        return made[self.name]

    def titled(self, mention: str) -> npt.NDArray[np.int64]:
        """1 for each candidate beside which a word of the mention (minister, coach, …) stands; [candidates]."""
        made = np.zeros(len(self.spans), np.int64)
        wanted = {word for word in words(mention) if len(word) > 3 and word not in _COMMON}
        for at in {at for word in wanted for at in self.positions.get(word, ())}:
            for key in range(bisect.bisect_left(self.begins, at - 2 * _NEAR), bisect.bisect_right(self.begins, at + 2 * _NEAR)):
                if not made[key]:
                    made[key] = not wanted.isdisjoint(self._beside(key))
        return made

    def _beside(self, key: int) -> frozenset[str]:
        """The words that stand close to a candidate, in its sentence."""
        if key not in self._near:
            text, start, end = self.pieces.text, self.begins[key], int(self.pieces.ends[self.spans[key, 1] - 1])
            before = _STOP.split(text[max(0, start - _NEAR) : start])[-1]
            after = _STOP.split(text[end : end + _NEAR])[0]
            self._near[key] = frozenset(words(before + " " + after))
        return self._near[key]


def features(queries: Spans, candidates: Candidates, near: slice = ALL) -> npt.NDArray[np.int64]:
    """One row of small integers a pair of mention and near candidate; [queries, candidates, tables], see COREFERENCE_FEATURES."""
    pieces, keys = candidates.pieces, candidates.spans[near]
    mentions = [span_text(pieces, query) for query in queries]
    distinct = {mention: index for index, mention in enumerate(dict.fromkeys(mentions))}
    rows = np.array([distinct[mention] for mention in mentions], np.int64)
    related = np.stack([candidates.relations(mention)[near] for mention in distinct])
    classes_of = [pronoun_class(mention) for mention in distinct]
    kind = np.array(classes_of, np.int64)[rows]
    titled = np.zeros_like(related)
    for row, (mention, own) in enumerate(zip(distinct, classes_of, strict=True)):
        if own == DESCRIPTION or (own == NAME and any(is_title(word) for word in words(mention))):
            titled[row] = candidates.titled(mention)[near]
    quoted = pieces.marks > 0
    gender = candidates.gender[near][None]
    wanted = np.where(kind == 0, genders.HE, np.where(kind == 1, genders.SHE, -1))
    made = np.empty((len(COREFERENCE_FEATURES), len(queries), len(keys)), np.int64)  # a table is written, and read, as one block
    made[0] = difference(pieces.sentence, queries, keys, -8, 4)
    made[1] = difference(pieces.paragraph, queries, keys, -5, 3)
    made[2] = signed_gap(queries, keys, 13)
    made[3] = np.clip(between(queries, keys, keys), -4, 4) + 4
    made[4] = related[rows]
    made[5] = 5 * kind[:, None] + candidates.classes[near][None]
    made[6] = 4 * candidates.in_source[near][None] + 2 * quoted[queries[:, 0]][:, None] + quoted[keys[:, 0]][None]
    made[7] = np.log2(candidates.often[near]).astype(np.int64)[None]
    made[8] = titled[rows]
    made[9] = np.where((gender == 0) | (wanted[:, None] < 0), 0, np.where(gender == wanted[:, None], 1, 2))
    made[10:12] = np.moveaxis(candidates.recency(queries, wanted, near), 2, 0)
    form = np.array([clauses.form(mention, own == NAME) for mention, own in zip(distinct, classes_of, strict=True)], np.int64)[rows][:, None]
    sentence = np.clip(pieces.sentence[queries[:, 0]][:, None] - pieces.sentence[keys[:, 0]][None], 0, 2)
    made[12] = candidates.clauses.apart(queries, keys)
    made[13] = candidates.sides[near][None] * clauses.FORMS + form
    made[14] = candidates.standing[near][None]
    made[15] = (3 * candidates.order[near][None] + sentence) * clauses.FORMS + form
    made[16] = candidates.clauses.sides(queries)[:, None]
    return np.moveaxis(made, 0, 2)


def speaker_features(queries: Spans, candidates: Candidates, said: npt.NDArray[np.int64], near: slice = ALL) -> npt.NDArray[np.int64]:
    """One row of small integers a pair of content and near candidate; [queries, candidates, tables], see SPEAKER_FEATURES.

    `said` [queries, candidates]: 1 where the candidate is who said the quote before, 2 who said the one before that, else 0.
    """
    keys = candidates.spans[near]
    shape = (len(queries), len(keys))
    own = [
        np.broadcast_to(row[near][None], shape)
        for row in (candidates.classes, np.log2(candidates.often).astype(np.int64), candidates.in_source.astype(np.int64))
    ]
    return np.concatenate([links.features(candidates.pieces, queries, keys), np.stack([*own, said], 2)], 2)
