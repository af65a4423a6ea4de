"""Labelled texts against served records: found, speaker, type, kind, negation, topics, calibration, patterns.

What is counted of a text is a `Tally`; tallies add up, so any group of texts has its scores, and texts drawn anew with
replacement give intervals (the bootstrap of Efron, 1979).
"""

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from models import Analysis, Attribution, Attributor
from models.labels import LEARNED_TOPICS
from models.names import pronoun_class, words
from models.topics.files import Text, TopicFile, load_files
from models.training.scores import matched

MARKED = {"marked": ("direct", "mixed"), "indirect": ("indirect",), "all": ("direct", "mixed", "indirect")}
BINS = 10
LENGTHS = {"to 60 words": (0, 60), "60 to 200": (60, 200), "200 to 400": (200, 400), "over 400": (400, 1 << 30)}
OPEN = 0.6  # the highest confidence of a speaker whom the text leaves open
DRAWS = 500  # of texts, for an interval
LEAST = 8  # texts of a style that is reported by itself
Errors = list[dict[str, Any]]


def same_name(gold: str | None, given: str | None) -> bool:
    """Whether two names are equal but for case, accents, a possessive and a leading article."""
    if gold is None or given is None:
        return gold is given
    bare = [[word for word in words(name) if word not in ("the", "a", "an")] for name in (gold, given)]
    return bare[0] == bare[1]


@dataclass(slots=True)
class Tally:
    """Sums over texts by name: `f1` (right given, given, right wanted, wanted), `share` (right, of) and `bins` [BINS, 3]
    (sum of confidences, right, all). `clean` holds the numbers of its patterns and whether all of a text is right."""

    f1: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    share: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    bins: dict[str, npt.NDArray[np.float64]] = field(default_factory=dict)
    clean: list[tuple[int, bool]] = field(default_factory=list)
    texts: int = 0

    def count(self, name: str, right_given: float, given: float, right_wanted: float, wanted: float) -> None:
        """Add to an F1."""
        self.f1[name] = self.f1.get(name, np.zeros(4)) + np.array((right_given, given, right_wanted, wanted))

    def sets(self, name: str, given: set[str], wanted: set[str]) -> None:
        """Add two sets to an F1."""
        self.count(name, len(given & wanted), len(given), len(given & wanted), len(wanted))

    def tick(self, name: str, right: bool) -> None:
        """Add to a share."""
        self.share[name] = self.share.get(name, np.zeros(2)) + np.array((right, 1))

    def told(self, name: str, confidence: float, right: bool) -> None:
        """Add a confidence and whether it was right."""
        row = self.bins.setdefault(name, np.zeros((BINS, 3)))
        row[min(int(confidence * BINS), BINS - 1)] += (confidence, right, 1)

    @classmethod
    def sum(cls, tallies: Iterable[Self]) -> Self:
        """All of them as one."""
        made = cls()
        for own in tallies:
            for mine, theirs in ((made.f1, own.f1), (made.share, own.share), (made.bins, own.bins)):
                for name, values in theirs.items():
                    mine[name] = mine[name] + values if name in mine else values.copy()
            made.clean += own.clean
            made.texts += own.texts
        return made


def tally(row: dict[str, Any], analysis: Analysis, errors: Errors | None = None) -> Tally:
    """What is right of one text; `errors`, where given, gathers what is wrong."""
    made = Tally(texts=1)
    gold, given = row["attributions"], analysis.attributions
    pairs = matched([[tuple(span) for span in own["content"]] for own in gold], [[(s.start, s.end) for s in own.quote.spans] for own in given])
    partner, back = dict(pairs), {j: i for i, j in pairs}
    named = {i for i, j in pairs if rightly_named(gold[i], given[j])}
    for kind, types in MARKED.items():
        own_gold = {i for i, own in enumerate(gold) if own["type"] in types}
        own_given = {j for j, own in enumerate(given) if own.quote.type in types}
        for name, right in (("found", set(partner)), ("named", named)):
            made.count(f"{name} {kind}", sum(back.get(j) in right for j in own_given), len(own_given), len(own_gold & right), len(own_gold))
    clean = True
    for i, own in enumerate(gold):
        if i not in partner:
            clean = False
            made.count("topics everywhere", 0, 0, 0, len(own["topics"]))
            _note(errors, row, own, None, "missed")
            continue
        wrong = _record(made, row["text"], own, given[partner[i]], i in named)
        clean = clean and not {"speaker", "type", "negated"} & set(wrong)
        if wrong:
            _note(errors, row, own, given[partner[i]], " ".join(wrong))
    for j, other in enumerate(given):
        i = back.get(j, -1)
        made.told("attribution", other.confidence, i in named and gold[i]["type"] == str(other.quote.type))
        if i < 0:
            made.count("topics everywhere", 0, len(other.topics), 0, 0)
            clean = clean and other.confidence < 0.5
            _note(errors, row, None, other, "extra")
    made.clean = [(pattern, clean) for pattern in row["patterns"]]
    return made


def _record(made: Tally, text: str, own: dict[str, Any], other: Attribution, good: bool) -> list[str]:
    """Count one found record; the names of what is wrong with it."""
    wrong = [] if good else ["speaker"]
    made.tick("name indirect" if own["type"] == "indirect" else "name marked", good)
    source = text[slice(*own["source"][0])] if own["source"] else ""
    if source and pronoun_class(source) in (0, 1, 2, 3) and own["speaker"]:
        made.tick("pronoun", good)
    if own["speaker"] is None and not own["alternatives"]:
        made.tick("null", other.speaker is None)
    if other.speaker is not None and own["speaker"] is not None:
        made.tick("kind", str(other.speaker.kind) == own["kind"])
        wrong += ["kind"] if str(other.speaker.kind) != own["kind"] else []
        if own["role"]:
            made.tick("role", (other.speaker.role or "").casefold() == own["role"].casefold())
        if own["on_behalf_of"]:
            made.tick("on behalf of", same_name(own["on_behalf_of"], other.speaker.on_behalf_of))
    made.tick("type", str(other.quote.type) == own["type"])
    wrong += ["type"] if str(other.quote.type) != own["type"] else []
    made.count("negated", other.negated and own["negated"], other.negated, other.negated and own["negated"], own["negated"])
    wrong += ["negated"] if other.negated != own["negated"] else []
    wanted, about = set(own["topics"]), {topic.topic for topic in other.topics}
    quote = Text(" ".join(text[start:end] for start, end in own["content"]))
    listed = {topic.name for topic in _files() if topic.find(quote)}
    for judged, name in ((about, "topics"), (listed, "keywords")):
        made.sets(f"{name} micro", judged, wanted)
        if own["reference"]:
            made.sets(f"{name} reference", judged, wanted)
        if own["trap"]:
            made.tick(f"{name} trap", bool(judged - wanted))
    for topic in LEARNED_TOPICS:
        made.sets(f"topics {topic}", about & {topic}, wanted & {topic})
    for given in other.topics:
        made.told("topics", given.confidence, given.topic in wanted)
    made.sets("topics everywhere", about, wanted)
    made.tick("topics exact", about == wanted)
    return wrong + (["topics"] if about != wanted else [])


def f1(counts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """F1 of rows of (right given, given, right wanted, wanted); 0 where nothing was given or wanted."""
    precision = np.divide(counts[..., 0], counts[..., 1], out=np.zeros(counts.shape[:-1]), where=counts[..., 1] > 0)
    recall = np.divide(counts[..., 2], counts[..., 3], out=np.zeros(counts.shape[:-1]), where=counts[..., 3] > 0)
    both = precision + recall
    return np.divide(2 * precision * recall, both, out=np.zeros(counts.shape[:-1]), where=both > 0)


def scores(made: Tally) -> dict[str, Any]:
    """All scores of a tally, each 0..1; None where nothing was counted. `keywords` are the topics' own word lists over the
    quote alone, the baseline that the relevance head must beat; `calibration` is the expected calibration error and its table."""
    points = lambda name: round(float(f1(made.f1[name])), 4) if name in made.f1 else None  # noqa: E731
    share = lambda name: round(float(made.share[name][0] / made.share[name][1]), 4) if name in made.share else None  # noqa: E731
    patterns: dict[int, bool] = {}
    for pattern, clean in made.clean:
        patterns[pattern] = patterns.get(pattern, True) and clean
    return {
        "found": {kind: points(f"found {kind}") for kind in MARKED},
        "found_and_named": {kind: points(f"named {kind}") for kind in MARKED},
        **{name.replace(" ", "_"): share(name) for name in ("name marked", "name indirect", "pronoun", "null", "kind", "type", "role", "on behalf of", "topics exact")},
        "negated": points("negated"),
        "topics": {
            "micro": points("topics micro"), **{topic: points(f"topics {topic}") for topic in LEARNED_TOPICS},
            "all_quotes": points("topics everywhere"), "reference": points("topics reference"), "trap_wrong": share("topics trap"),
            "keywords": {"micro": points("keywords micro"), "reference": points("keywords reference"), "trap_wrong": share("keywords trap")},
        },
        "calibration": {name: calibration(bins) for name, bins in sorted(made.bins.items())},
        "patterns": {"right": sum(patterns.values()), "of": len(patterns)},
        "texts": made.texts,
    }


def calibration(bins: npt.NDArray[np.float64]) -> dict[str, Any]:
    """The expected calibration error, and for each bin that holds any: confidence, share right, how many."""
    full = bins[bins[:, 2] > 0]
    error = float((np.abs(full[:, 0] - full[:, 1])).sum() / full[:, 2].sum())
    return {"error": round(error, 4), "bins": [[round(told / count, 3), round(right / count, 3), int(count)] for told, right, count in full.tolist()]}


def intervals(tallies: Sequence[Tally], seed: int = 1) -> dict[str, list[float]]:
    """From the 2.5th to the 97.5th percentile of each F1 over texts drawn anew."""
    drawn = np.random.default_rng(seed).multinomial(len(tallies), np.full(len(tallies), 1 / len(tallies)), DRAWS)
    made = {}
    for name in ("found marked", "found indirect", "named marked", "named indirect", "topics micro", "negated"):
        counts = np.stack([own.f1.get(name, np.zeros(4)) for own in tallies])
        low, high = np.percentile(f1(drawn @ counts), (2.5, 97.5))
        made[name.replace(" ", "_")] = [round(float(low), 4), round(float(high), 4)]
    return made


def grouped(rows: Sequence[dict[str, Any]], tallies: Sequence[Tally]) -> dict[str, Any]:
    """Found, and found and named, of groups of texts: by style, by length, by pattern (whether all its texts are right)."""

    def brief(chosen: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        full = scores(Tally.sum(own for row, own in zip(rows, tallies, strict=True) if chosen(row)))
        return {"texts": full["texts"], "found": full["found"]["all"], "found_and_named": full["found_and_named"]["all"], "topics": full["topics"]["micro"]}

    styles = sorted({row["style"] for row in rows})
    by_style = {style: brief(lambda row, style=style: row["style"] == style) for style in styles}  # type: ignore[misc]
    words_of = [len(row["text"].split()) for row in rows]
    lengths = {id(row): count for row, count in zip(rows, words_of, strict=True)}
    by_length = {name: brief(lambda row, low=low, high=high: low <= lengths[id(row)] < high) for name, (low, high) in LENGTHS.items()}  # type: ignore[misc]
    patterns: dict[int, list[bool]] = {}
    for own in tallies:
        for pattern, clean in own.clean:
            patterns.setdefault(pattern, []).append(clean)
    return {
        "by_style": {style: own for style, own in by_style.items() if own["texts"] >= LEAST}, "by_length": by_length,
        "by_pattern": {str(pattern): f"{sum(clean)}/{len(clean)}" for pattern, clean in sorted(patterns.items())},
    }


def tallied(attributor: Attributor, rows: Sequence[dict[str, Any]], errors: Errors | None = None) -> list[Tally]:
    """A tally a text."""
    return [tally(row, attributor([row["text"]])[0], errors) for row in rows]


def rightly_named(own: dict[str, Any], other: Attribution) -> bool:
    """Whether a record has the speaker that gold wants. Where the text leaves it open between people, that is none, or one of
    them, the others among its alternatives, and hardly more sure than a coin."""
    if same_name(own["speaker"], _name(other)):
        return True
    open_to = [*re.split(r"\s*[,;/]\s*", own["alternatives"] or ""), own["speaker"] or ""]
    told = [name for name in open_to if name]
    if len(told) < 2 or other.speaker is None or other.speaker.confidence > OPEN:
        return False
    served = [other.speaker.name, *(one.name for one in other.speaker.alternatives)]
    return any(same_name(name, served[0]) for name in told) and all(any(same_name(name, one) for one in served) for name in told)


@functools.cache
def _files() -> tuple[TopicFile, ...]:
    return load_files()


def _name(attribution: Attribution) -> str | None:
    return attribution.speaker.name if attribution.speaker else None


def _note(errors: Errors | None, row: dict[str, Any], gold: Any, given: Any, what: str) -> None:
    if errors is not None:
        errors.append({"id": row["id"], "text": row["text"], "gold": gold, "given": given, "what": what})
