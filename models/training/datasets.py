"""Corpora -> documents of pieces with gold spans -> windows with targets for every head.

A document is read once; each epoch cuts its windows at other places, so that spans meet other borders.
"""

import json
import random
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from models import coreference, links
from models.labels import KINDS, LEARNED_TOPICS, NAME_LABELS, NAMES
from models.names import bare, is_name, pronoun_class
from models.tags import legal, write
from models.together import together
from models.topics.files import load_files
from models.topics.places import places, terms
from models.training.crf import labels_of
from models.windows import Pieces, Window, cut, read

Spans = npt.NDArray[np.int64]
Chances = npt.NDArray[np.float32]
IGNORE = -100
_OPEN, _CLOSE = "\"“”„«»‘'‚‹›", "\"”“»«’'‘›‹"
_NER = {"PERSON": "person", "ORGANIZATION": "organization", "LOCATION": "place"}


@dataclass(slots=True)
class Attributed:
    """One gold attribution, in pieces: spans of each role, and what is known of the record (labelled articles only)."""

    content: list[tuple[int, int]]
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    record: dict[str, Any] | None = None
    speaker: list[tuple[int, int]] = field(default_factory=list)  # where the speaker's name stands


@dataclass(slots=True)
class Mention:
    """A span to resolve and the candidates that are right for it; both are pieces."""

    span: tuple[int, int]
    answers: frozenset[tuple[int, int]]


@dataclass(slots=True)
class Doc:
    """One text and all that is known of it. None where a corpus says nothing of a layer."""

    name: str
    pieces: Pieces
    attributions: list[Attributed] | None = None
    names: npt.NDArray[np.int64] | None = None  # label a piece, IGNORE where not known
    unnamed_known: bool = False  # whether O of `names` also says "not unnamed"
    candidates: list[tuple[int, int, int]] = field(default_factory=list)  # first, last, class
    groups: dict[tuple[int, int], tuple[tuple[int, int], ...]] = field(default_factory=dict)  # candidates named together -> each of them
    mentions: list[Mention] = field(default_factory=list)
    mention_weight: float = 1.0
    rejected: list[Attributed] = field(default_factory=list)
    terms: npt.NDArray[np.int64] | None = None  # [topics, pieces], see models.topics.places
    convention: str = "contract"  # see models.labels.CONVENTIONS
    posterior: npt.NDArray[np.float16] | None = None  # how likely a teacher thinks each step of its tags, see models.training.crf.posterior


@dataclass(slots=True)
class PairTarget:
    """Queries and keys of one scorer in one window, what is right (column 0: nothing) and which pairs may be chosen."""

    queries: Spans
    keys: Spans
    features: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]
    allowed: npt.NDArray[np.bool_]
    weight: float = 1.0


@dataclass(slots=True)
class ClassTarget:
    """Joined spans ([records, spans, 2], -1 where missing) of one classifier and their labels (IGNORE: not known)."""

    spans: npt.NDArray[np.int64]
    labels: npt.NDArray[np.float32]


@dataclass(slots=True)
class TopicTarget:
    """Records of one window with what the relevance head reads (see `models.network.Relevance`), whether they are about each
    topic ([records, topics]; half where readers differ), and the pieces that say so [records, topics, pieces]."""

    contents: Spans
    sources: Spans
    places: npt.NDArray[np.int64]
    own: npt.NDArray[np.int64]
    labels: npt.NDArray[np.float32]
    evidence: npt.NDArray[np.bool_]


@dataclass(slots=True)
class Example:
    """A window with its targets."""

    window: Window
    tags: npt.NDArray[np.int64] | None
    names: npt.NDArray[np.int64] | None
    unnamed_known: bool
    pairs: dict[str, PairTarget]
    classes: dict[str, ClassTarget]
    topics: TopicTarget | None = None
    convention: str = "contract"
    posterior: tuple[Chances, Chances] | None = None  # labels a piece, and steps [labels, labels] summed over the window


def grouped(doc: Doc) -> None:
    """Sort the candidates of a document and add those that are named together (`models.together`)."""
    doc.candidates.sort()
    pieces = doc.pieces
    for chain in together(pieces.text, [(*pieces.chars(first, last), kind) for first, last, kind in doc.candidates]):
        members = tuple(doc.candidates[index][:2] for index in chain)
        doc.groups[members[0][0], members[-1][1]] = members
    doc.candidates = sorted([*doc.candidates, *((*span, coreference.TOGETHER) for span in doc.groups)])


def answers(doc: Doc, meant: Iterable[Sequence[tuple[int, int]]], mention: tuple[int, int]) -> frozenset[tuple[int, int]]:
    """The candidates that a mention stands for, given where each of those `meant` stands (pieces): of several, where they are
    named together, else where any of them is named; never what the mention overlaps."""
    found = [
        {own[:2] for own in doc.candidates if own[2] != coreference.TOGETHER and any(own[0] < last and first < own[1] for first, last in spans)}
        for spans in meant
    ]
    if len(found) > 1:
        several = {
            span for span, members in doc.groups.items()
            if all(any(own in each for each in found) for own in members) and all(any(own in each for own in members) for each in found)
        }
        found = [several] if several else found
    return frozenset(own for each in found for own in each if not (own[0] < mention[1] and mention[0] < own[1]))


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON objects of a file, one a line."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _cover(pieces: Pieces, spans: list[list[int]]) -> list[tuple[int, int]]:
    covered = [pieces.cover(start, end) for start, end in spans]
    return sorted({(first, last) for first, last in covered if last > first})


def _ner(pieces: Pieces, silver: list[list[Any]]) -> tuple[npt.NDArray[np.int64], list[tuple[int, int, int]]]:
    """Name labels and candidates from [start, end, type]; possessive endings and leading titles are cut off."""
    by_class: dict[str, list[tuple[int, int]]] = {name: [] for name in NAMES}
    unknown: list[tuple[int, int]] = []
    candidates = []
    for start, end, kind in silver:
        words = pieces.text[start:end]
        skip, until = bare(words)
        span = pieces.cover(start + skip, start + until)
        if span[1] <= span[0]:
            continue
        if kind in _NER and is_name(words):
            by_class[_NER[kind]].append(span)
            candidates.append((*span, NAMES.index(_NER[kind])))
        else:
            unknown.append(span)
    labels = write(len(pieces), by_class, NAME_LABELS)
    for first, last in unknown:
        labels[first:last] = IGNORE
    return labels, sorted(set(candidates))


def polnear(path: Path, tokenizer: Tokenizer) -> Iterator[Doc]:
    """Attributions by hand; names and coreference are silver (CoreNLP)."""
    for row in lines(path):
        pieces = read(row["text"], tokenizer)
        attributions = [
            Attributed(*(_cover(pieces, own[role]) for role in ("content", "source", "cue"))) for own in row["attributions"]
        ]
        doc = Doc(row["id"], pieces, [made for made in attributions if made.content], convention="polnear")
        if row["silver_ner"]:
            doc.names, doc.candidates = _ner(pieces, row["silver_ner"])
            doc.mention_weight = 0.3
            spans = {candidate[:2] for candidate in doc.candidates}
            for chain in row["silver_coref"]:
                covered = [pieces.cover(start, end) for start, end in chain]
                # A name is the head of a mention that ends with it ("candidate Donald Trump").
                answers = frozenset(
                    span for span in spans if any(first <= span[0] and span[1] in (last, last - 1, last - 2) for first, last in covered)
                )
                for (start, end), span in zip(chain, covered, strict=True):
                    if answers and span[1] > span[0] and pronoun_class(row["text"][start:end]) <= 3:
                        doc.mentions.append(Mention(span, answers))
            grouped(doc)
        yield doc


def gum(path: Path, tokenizer: Tokenizer) -> Iterator[Doc]:
    """Mentions and chains by hand; which mention is a name is read off its capital letters."""
    kinds = {"person": "person", "organization": "organization", "place": "place"}
    for row in lines(path):
        text = row["text"]
        pieces = read(text, tokenizer)
        by_class: dict[str, list[tuple[int, int]]] = {name: [] for name in NAMES}
        unknown: list[tuple[int, int]] = []
        chain_of: dict[tuple[int, int], int] = {}
        candidates: dict[tuple[int, int], int] = {}
        for start, end, kind, chain, pronoun in sorted(row["mentions"], key=lambda m: m[1] - m[0]):
            if kind not in kinds or pronoun:
                continue
            words = text[start:end]
            lead = len(words) - len(words.removeprefix("the ").removeprefix("The "))
            if is_name(words[lead:]):
                skip, until = bare(words[lead:])
                span, label = pieces.cover(start + lead + skip, start + lead + until), kinds[kind]
            elif kind == "place":
                continue
            else:
                # The noun phrase up to what follows its head: "a spokesman for Lund" -> "a spokesman".
                head = min((at for at in (words.find(stop) for stop in (" of ", " for ", " who ", ",", " in ", " at ", " from ", " with ", " to ", " (", " on ", " that ")) if at > 0), default=len(words))
                span, label = pieces.cover(start, start + head), "unnamed"
            if span[1] <= span[0] or any(span[0] < last and first < span[1] for first, last in chain_of):
                unknown.append(span)
                continue
            by_class[label].append(span)
            chain_of[span] = chain
            candidates[span] = NAMES.index(label)
        labels = write(len(pieces), by_class, NAME_LABELS)
        for first, last in unknown:
            labels[first:last][labels[first:last] == 0] = IGNORE
        doc = Doc(row["id"], pieces, None, labels, True, [(*span, kind) for span, kind in candidates.items()])
        grouped(doc)
        for span in doc.groups:
            chain = _chain_of(pieces, span, row["mentions"])
            if chain is not None:
                chain_of[span] = chain
        members: dict[int, set[tuple[int, int]]] = {}
        for span, chain in chain_of.items():
            members.setdefault(chain, set()).add(span)
        for start, end, kind, chain, pronoun in row["mentions"]:
            span = pieces.cover(start, end)
            if span[1] > span[0] and (pronoun or (kind in kinds and kind != "place")):
                doc.mentions.append(Mention(span, frozenset(own for own in members.get(chain, ()) if not (own[0] < span[1] and span[0] < own[1]))))
        yield doc


def _chain_of(pieces: Pieces, group: tuple[int, int], mentions: Sequence[Sequence[Any]]) -> int | None:
    """The chain of the mention by hand that holds a group and little else, if any."""
    start, end = pieces.chars(*group)
    holding = [
        own for own in mentions
        if own[0] <= start and end <= own[1] and not own[4] and end - start >= (own[1] - own[0]) / 2 and not pieces.text[own[0] : start].strip().count(" ")
    ]
    return int(min(holding, key=lambda own: own[1] - own[0])[3]) if holding else None


def gap(rows: Iterable[dict[str, Any]], tokenizer: Tokenizer) -> Iterator[Doc]:
    """One pronoun and two names a text; the same name elsewhere in it counts as well."""
    for row in rows:
        text = row["text"]
        pieces = read(text, tokenizer)
        answers: set[tuple[int, int]] = set()
        candidates: set[tuple[int, int, int]] = set()
        for candidate in row["candidates"]:
            name = text[slice(*candidate["span"])]
            at = -1
            while (at := text.find(name, at + 1)) >= 0:
                span = pieces.cover(at, at + len(name))
                if span[1] > span[0]:
                    candidates.add((*span, coreference.PERSON))
                    if candidate["coreferent"]:
                        answers.add(span)
        doc = Doc(row["id"], pieces, candidates=sorted(candidates))
        doc.mentions.append(Mention(pieces.cover(*row["pronoun"]), frozenset(answers)))
        yield doc


def _widened(text: str, spans: list[list[int]]) -> list[list[int]]:
    """Content as the contract has it -> as PolNeAR has it: with the marks around it and a leading "that"."""
    made = []
    for start, end in spans:
        that = re.search(r"\bthat\s+$", text[max(0, start - 8) : start], re.I)
        if that:
            start -= len(that.group())
        before, after = text[:start].rstrip(" \u00a0"), text[end:].lstrip(" \u00a0")
        if before[-1:] and before[-1] in _OPEN and after[:1] and after[0] in _CLOSE:
            start, end = len(before) - 1, len(text) - len(after) + 1
        elif before[-1:] and before[-1] in _OPEN and not text[len(before) : start].strip():
            start = len(before) - 1
        made.append([start, end])
    return made


def load_articles(folder: Path, split: str) -> list[dict[str, Any]]:
    """The labelled articles of a split ("train" or "dev"), all files in order of name."""
    return [row for path in sorted(folder.glob("*.jsonl")) for row in lines(path) if row["split"] == split]


def occurrences(text: str, name: str) -> list[tuple[int, int]]:
    """Where a name stands in a text, as whole words."""
    return [match.span() for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


def _meant(row: dict[str, Any], record: dict[str, Any]) -> list[list[tuple[int, int]]]:
    """Where each of those stands who speak in a record: the parts of "Hale and Lund", else the speaker."""
    names = _parts(record["speaker"]) if record["kind"] == "group" else []
    found = [_answers(row, record | {"speaker": name, "kind": "person"}) for name in names]
    return found if len(found) > 1 and all(found) else [_answers(row, record)]


def _parts(speaker: str) -> list[str]:
    """Hale, Lund and Tamm -> each of them."""
    return re.split(r", | and ", speaker)


def _answers(row: dict[str, Any], record: dict[str, Any]) -> list[tuple[int, int]]:
    """Occurrences of a speaker's full name, and for a person of the surname where it is nobody else's too."""
    text, name = row["text"], record["speaker"]
    found = occurrences(text, name)
    surname = name.split()[-1]
    others = {other["speaker"] for other in row["attributions"] if other["speaker"] and name not in (other["speaker"], *_parts(other["speaker"]))}
    if record["kind"] == "person" and len(name.split()) > 1 and not any(surname in other.split() for other in others):
        found += [own for own in occurrences(text, surname) if not any(s <= own[0] and own[1] <= e for s, e in found)]
    return found


def articles(
    rows: list[dict[str, Any]], tokenizer: Tokenizer, predict: Callable[[list[Pieces]], list[Any]] | None = None
) -> Iterator[Doc]:
    """Labelled articles: attributions in PolNeAR's convention, records, and antecedents of their sources.

    `predict` (see `silver`) gives names, and contents that no record holds: those teach what is not served.
    """
    pieces_of = [read(row["text"], tokenizer) for row in rows]
    silver = predict(pieces_of) if predict else [None] * len(rows)
    files = load_files()
    for row, pieces, known in zip(rows, pieces_of, silver, strict=True):
        text = row["text"]
        attributions = [
            Attributed(
                _cover(pieces, _widened(text, own["content"])), _cover(pieces, own["source"]), _cover(pieces, own["cue"]), own,
                sorted(pieces.cover(*span) for span in _answers(row, own)) if own["speaker"] else [],
            )
            for own in row["attributions"]
        ]
        doc = Doc(row["id"], pieces, [made for made in attributions if made.content], terms=terms(pieces, files))
        by_class: dict[str, list[tuple[int, int]]] = {name: [] for name in NAMES}
        for own in row["attributions"]:
            label = {"person": "person", "organization": "organization"}.get(own["kind"])
            if label and own["speaker"] and is_name(own["speaker"]):
                by_class[label] += [pieces.cover(*span) for span in _answers(row, own)]
        labels = write(len(pieces), {name: sorted(set(spans)) for name, spans in by_class.items()}, NAME_LABELS)
        if known is not None:
            tagged, predicted, spans = known
            labels = np.where(labels == 0, predicted, labels)
            for name in NAMES:
                by_class[name] += [tuple(span) for span in spans[name].tolist()]
            doc.rejected = _rejected(pieces, doc.attributions or [], tagged)
        doc.names, doc.unnamed_known = labels, known is not None
        taken: list[tuple[int, int, int]] = []
        for index, name in enumerate(NAMES):
            for first, last in sorted(set(by_class[name])):
                if last > first and not any(first < other[1] and other[0] < last for other in taken):
                    taken.append((first, last, index))
        doc.candidates = taken
        grouped(doc)
        for made in doc.attributions or []:
            record = made.record or {}
            for span in made.source if record["speaker"] else ():
                words = text[slice(*pieces.chars(*span))]
                if record["speaker"] in words and not words.startswith(("the ", "The ")):
                    continue
                right = answers(doc, [[pieces.cover(*own) for own in each] for each in _meant(row, record)], span)
                if right or record["speaker"] in words or words in record["speaker"]:
                    doc.mentions.append(Mention(span, right))
        yield doc


def _rejected(pieces: Pieces, gold: list[Attributed], tagged: dict[str, Spans]) -> list[Attributed]:
    """Contents that were tagged, and quotations in marks, which no record holds."""
    held = [span for own in gold for span in own.content]
    spans = [tuple(span) for span in tagged["content"].tolist()]
    spans += [pieces.cover(made.start, made.end) for made in pieces.pairs if made.level == 0]
    made = []
    for span in sorted(set(spans)):
        if span[1] <= span[0] or any(span[0] < last and first < span[1] for first, last in held):
            continue
        near = {role: min((tuple(own) for own in tagged[role].tolist()), key=lambda own: abs(own[0] - span[0]), default=None) for role in ("source", "cue")}
        made.append(Attributed([span], *([near[role]] if near[role] and abs(near[role][0] - span[0]) < 40 else [] for role in ("source", "cue"))))
    return made


def _classes(doc: Doc, start: int, end: int) -> dict[str, ClassTarget]:
    """Targets of the span classifiers: records are served, rejected contents are not."""
    rows = []
    for own, served in [*((own, 1.0) for own in doc.attributions or [] if own.record), *((own, 0.0) for own in doc.rejected)]:
        first, last = own.content[0][0], own.content[-1][1]
        if own.record:  # as the contract has it: without the marks
            first, last = doc.pieces.cover(own.record["content"][0][0], own.record["content"][-1][1])
        if not (start <= first and last <= end):
            continue
        spans = [(first - start, last - start)]
        for role in (own.source, own.cue):
            inside = [span for span in role if start <= span[0] and span[1] <= end]
            spans.append((inside[0][0] - start, inside[0][1] - start) if inside else (-1, -1))
        rows.append((spans, served, own.record))
    if not rows:
        return {}
    spans = np.array([row[0] for row in rows], np.int64)
    records = [row[2] for row in rows]
    made = {"served": ClassTarget(spans, np.array([[row[1]] for row in rows], np.float32))}
    kept = np.array([index for index, record in enumerate(records) if record], np.int64)
    if len(kept):
        own = [records[index] for index in kept]
        made["negated"] = ClassTarget(spans[kept], np.array([[float(record["negated"])] for record in own], np.float32))
        named = np.array([index for index in kept if spans[index, 1, 0] >= 0], np.int64)
        if len(named):
            kinds = np.array([[KINDS.index(records[index]["kind"])] for index in named], np.float32)
            made["kind"] = ClassTarget(spans[named][:, 1:2], kinds)
    return made


_NONE = (-1, -1)


def _topics(doc: Doc, start: int, end: int) -> TopicTarget | None:
    """What the relevance head shall say of the records that lie in pieces [start, end)."""
    rows = []
    for own in doc.attributions or []:
        if own.record is None or doc.terms is None:
            continue
        content = doc.pieces.cover(own.record["content"][0][0], own.record["content"][-1][1])
        if not (start <= content[0] and content[1] <= end):
            continue
        source, cue, speaker = ([span for span in spans if start <= span[0] and span[1] <= end] for spans in (own.source, own.cue, own.speaker))
        evidence = np.zeros((len(LEARNED_TOPICS), end - start), bool)
        for number, topic in enumerate(LEARNED_TOPICS):
            for span in own.record["topics"].get(topic, ()):
                first, last = doc.pieces.cover(*span)
                evidence[number, max(0, first - start) : max(0, last - start)] = True
        given = (_array([content]), _array(source[:1] or [_NONE]), _array(cue[:1] or [_NONE]))
        at = places(doc.pieces, *given, [speaker], start, end)[0]
        evidence &= at[None] >= 0
        disputed = own.record.get("disputed", ())  # see models.training.readers
        about = [0.5 if topic in disputed else float(topic in own.record["topics"]) for topic in LEARNED_TOPICS]
        rows.append((content, source[0] if source else (start - 1, start - 1), at, about, evidence))
    if not rows:
        return None
    return TopicTarget(
        _array([row[0] for row in rows]) - start, _array([row[1] for row in rows]) - start, np.stack([row[2] for row in rows]),
        doc.terms[:, start:end], np.array([row[3] for row in rows], np.float32), np.stack([row[4] for row in rows]),
    )


def _speakers(doc: Doc, start: int, end: int) -> PairTarget | None:
    """Targets of the speaker scorer: whose words each record is, told from where it stands rather than from its source."""
    keys = [own for own in doc.candidates if start <= own[0] and own[1] <= end and own[2] != coreference.TOGETHER]
    spans = _array([key[:2] for key in keys])
    queries, right, said = [], [], []
    before: list[list[tuple[int, int]]] = [[], []]
    for own in sorted((own for own in doc.attributions or [] if own.record), key=lambda own: own.content):
        mine = [any(key[0] < last and first < key[1] for first, last in own.speaker) for key in keys]
        inside = start <= own.content[0][0] and own.content[0][1] <= end
        if inside and own.record and (any(mine) or own.record["speaker"] is None):
            queries.append(own.content[0])
            right.append([not any(mine), *mine])
            said.append([next((age for age in (1, 2) if key[:2] in before[age - 1]), 0) for key in keys])
        spoke = [key[:2] for key, is_mine in zip(keys, mine, strict=True) if is_mine]
        if spoke != before[0]:
            before = [spoke, before[0]]
    if not queries or not keys:
        return None
    sources = _array(sorted({span for own in doc.attributions or [] for span in own.source}))
    candidates = coreference.Candidates(doc.pieces, spans, np.array([key[2] for key in keys], np.int64), sources)
    features = coreference.speaker_features(_array(queries), candidates, np.array(said, np.int64))
    allowed = np.ones((len(queries), 1 + len(keys)), bool)
    return PairTarget(_array(queries) - start, spans - start, features, np.array(right), allowed)


def _inside(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """The spans that share a piece with [start, end), cut to it and counted from it."""
    return [(max(first, start) - start, min(last, end) - start) for first, last in spans if first < end and start < last]


def _array(spans: list[tuple[int, int]]) -> Spans:
    return np.array(spans, np.int64).reshape(-1, 2)


def _pairs(pieces: Pieces, attributions: list[Attributed], start: int, end: int) -> dict[str, PairTarget]:
    """Targets of the link scorers among the gold spans of one window."""
    contents = sorted((span, number) for number, own in enumerate(attributions) for span in own.content if start <= span[0] and span[1] <= end)
    if not contents:
        return {}
    queries = _array([span for span, _ in contents])
    made = {}
    for role in ("source", "cue"):
        keys = sorted({span for own in attributions for span in getattr(own, role) if start <= span[0] and span[1] <= end})
        right = np.zeros((len(contents), 1 + len(keys)), bool)
        known = np.ones(len(contents), bool)
        for row, (_, number) in enumerate(contents):
            own = getattr(attributions[number], role)
            right[row, 1:] = [key in own for key in keys]
            right[row, 0] = not own
            known[row] = right[row].any()  # else it stands outside this window
        if known.any():
            spans = _array(keys)
            made[role] = PairTarget(
                queries[known] - start, spans - start, links.features(pieces, queries[known], spans), right[known],
                np.ones_like(right[known]),
            )
    right = np.zeros((len(contents), 1 + len(contents)), bool)
    allowed = np.zeros_like(right)
    for row, (_, number) in enumerate(contents):
        allowed[row, 0] = True
        allowed[row, 1 : 1 + row] = True
        right[row, 1 : 1 + row] = [other == number for _, other in contents[:row]]
        right[row, 0] = not right[row].any()
    made["join"] = PairTarget(queries - start, queries - start, links.features(pieces, queries, queries), right, allowed)
    return made


def _antecedents(doc: Doc, start: int, end: int) -> PairTarget | None:
    """Targets of the antecedent scorer in one window."""
    keys = [candidate for candidate in doc.candidates if start <= candidate[0] and candidate[1] <= end]
    rows: list[tuple[tuple[int, int], list[bool], list[bool]]] = []
    for mention in doc.mentions:
        if not (start <= mention.span[0] and mention.span[1] <= end):
            continue
        several = coreference.plural(coreference.span_text(doc.pieces, np.array(mention.span)))
        apart = [not (key[0] < mention.span[1] and mention.span[0] < key[1]) and (several or key[2] != coreference.TOGETHER) for key in keys]
        right = [key[:2] in mention.answers and own for key, own in zip(keys, apart, strict=True)]
        if mention.answers and not any(right):
            continue  # it may stand before this window
        rows.append((mention.span, [not any(right), *right], [True, *apart]))
    if not rows or not keys:
        return None
    queries, spans = _array([row[0] for row in rows]), _array([key[:2] for key in keys])
    classes = np.array([key[2] for key in keys], np.int64)
    sources = _array(sorted({span for own in doc.attributions or [] for span in own.source}))
    return PairTarget(
        queries - start, spans - start, coreference.features(queries, coreference.Candidates(doc.pieces, spans, classes, sources)),
        np.array([row[1] for row in rows]), np.array([row[2] for row in rows]), doc.mention_weight,
    )


def example(doc: Doc, start: int, end: int) -> Example:
    """Pieces [start, end) of a document with all targets."""
    tags = None
    pairs: dict[str, PairTarget] = {}
    if doc.attributions is not None:
        by_role = {
            role: sorted(_inside([span for own in doc.attributions for span in getattr(own, role)], start, end), key=lambda s: s[0] - s[1])
            for role in ("source", "cue", "content")
        }
        tags = write(end - start, by_role)
        pairs = _pairs(doc.pieces, doc.attributions, start, end)
    antecedents = _antecedents(doc, start, end)
    for name, target in (("antecedent", antecedents), ("speaker", _speakers(doc, start, end))):
        if target is not None:
            pairs[name] = target
    names = None if doc.names is None else doc.names[start:end]
    return Example(
        cut(doc.pieces, start, end), tags, names, doc.unnamed_known, pairs, _classes(doc, start, end), _topics(doc, start, end), doc.convention,
        _posterior(doc.posterior, start, end),
    )


def _posterior(given: npt.NDArray[np.float16] | None, start: int, end: int) -> tuple[Chances, Chances] | None:
    """The steps of a document -> the labels of pieces [start, end), and their steps summed."""
    if given is None or end - start < 2:
        return None
    inside = given[start : end - 1].astype(np.float32)
    steps = np.zeros(legal().shape, np.float32)
    steps[legal()] = inside.sum(0)
    return labels_of(inside), steps


def cuts(doc: Doc, length: int, overlap: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Borders of a document's windows; the first one ends at a random place, so that no two epochs see the same."""
    total = len(doc.pieces)
    if total <= length:
        yield 0, total
        return
    end = chance.randint(length // 2, length)
    start = 0
    while True:
        yield start, min(end, total)
        if end >= total:
            return
        start = max(0, end - overlap)
        end = start + length


def drawn(sources: list[tuple[list[Doc], float]], seed: int, epoch: int) -> tuple[list[Doc], random.Random]:
    """What an epoch sees of the sources, each with how often it is drawn, and the chance that orders it; the same at every call."""
    chance = random.Random(seed * 1000 + epoch)
    made: list[Doc] = []
    for docs, times in sources:
        made += docs * int(times) + chance.sample(docs, round(times % 1 * len(docs)))
    return made, chance


def plan(
    docs: list[Doc], length: int, overlap: int, budget: int, chance: random.Random
) -> Iterator[list[tuple[Doc, int, int]]]:
    """One epoch as batches of (document, start, end): windows of like length together, at most `budget` pieces (padding
    counted) a batch, in random order."""
    borders = [(doc, *border) for doc in docs for border in cuts(doc, length, overlap, chance)]
    chance.shuffle(borders)
    pool = 64
    order: list[list[tuple[Doc, int, int]]] = []
    for at in range(0, len(borders), pool):
        batch: list[tuple[Doc, int, int]] = []
        for border in sorted(borders[at : at + pool], key=lambda b: b[2] - b[1]):
            if batch and (len(batch) + 1) * (border[2] - border[1]) > budget:
                order.append(batch)
                batch = []
            batch.append(border)
        order.append(batch)
    chance.shuffle(order)
    yield from order
