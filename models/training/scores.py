"""Counting right answers: spans of tokens, contents matched by overlap, precision and recall.

Tokens are `\\w+|[^\\w\\s]`; a span is one run of neighbouring tokens of one attribution. Exact: same first and last
token; overlap: shares a token. Contents of two attributions (all pieces together) match one to one at character
IoU >= .5, best first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.labels import ROLES

TOKEN = re.compile(r"\w+|[^\w\s]")
Chars = list[tuple[int, int]]


@dataclass(slots=True)
class Count:
    """Right, given and wanted, to precision, recall and F1 (0..1; 0 where nothing was given or wanted)."""

    right_given: float = 0
    given: float = 0
    right_wanted: float = 0
    wanted: float = 0

    def add(self, right_given: float, given: float, right_wanted: float, wanted: float) -> None:
        """Count one text more."""
        self.right_given += right_given
        self.given += given
        self.right_wanted += right_wanted
        self.wanted += wanted

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        precision = self.right_given / self.given if self.given else 0.0
        recall = self.right_wanted / self.wanted if self.wanted else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


class Tokens:
    """The tokens of a text, by characters."""

    def __init__(self, text: str) -> None:
        self.spans = [match.span() for match in TOKEN.finditer(text)]
        self.at = [-1] * len(text)
        for index, (start, end) in enumerate(self.spans):
            for char in range(start, end):
                self.at[char] = index

    def of(self, chars: Chars) -> set[int]:
        """The tokens that share a character with any span."""
        return {self.at[char] for start, end in chars for char in range(start, min(end, len(self.at)))} - {-1}

    def runs(self, chars: Chars) -> set[tuple[int, int]]:
        """Runs of neighbouring tokens (first, last)."""
        made: set[tuple[int, int]] = set()
        own = sorted(self.of(chars))
        start = previous = None
        for token in own:
            if previous is None or token != previous + 1:
                if start is not None and previous is not None:
                    made.add((start, previous))
                start = token
            previous = token
        if start is not None and previous is not None:
            made.add((start, previous))
        return made


def iou(first: Chars, second: Chars) -> float:
    """Characters shared over characters of either, 0..1."""
    one = {char for start, end in first for char in range(start, end)}
    two = {char for start, end in second for char in range(start, end)}
    return len(one & two) / len(one | two) if one or two else 0.0


def matched(gold: Sequence[Chars], given: Sequence[Chars], least: float = 0.5) -> list[tuple[int, int]]:
    """Pairs (index of gold, index of given) one to one, best first."""
    pairs = []
    for i, own in enumerate(gold):
        low, high = min(s for s, _ in own), max(e for _, e in own)
        for j, other in enumerate(given):
            if other and other[0][0] < high and low < other[-1][1]:
                value = iou(own, other)
                if value >= least:
                    pairs.append((value, i, j))
    used_gold: set[int] = set()
    used_given: set[int] = set()
    made = []
    for _, i, j in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2])):
        if i not in used_gold and j not in used_given:
            used_gold.add(i)
            used_given.add(j)
            made.append((i, j))
    return made


def span_counts(tokens: Tokens, gold: Sequence[Chars], given: Sequence[Chars]) -> tuple[tuple[float, float, float, float], ...]:
    """(token, exact, overlap) counts of one role in one text, each as `Count.add` takes them."""
    gold_tokens = tokens.of([span for own in gold for span in own])
    given_tokens = tokens.of([span for own in given for span in own])
    shared = len(gold_tokens & given_tokens)
    gold_runs = {run for own in gold for run in tokens.runs(own)}
    given_runs = {run for own in given for run in tokens.runs(own)}
    exact = len(gold_runs & given_runs)
    touched_given = sum(any(a[0] <= b[1] and b[0] <= a[1] for b in gold_runs) for a in given_runs)
    touched_gold = sum(any(a[0] <= b[1] and b[0] <= a[1] for b in given_runs) for a in gold_runs)
    return (
        (shared, len(given_tokens), shared, len(gold_tokens)),
        (exact, len(given_runs), exact, len(gold_runs)),
        (touched_given, len(given_runs), touched_gold, len(gold_runs)),
    )


@dataclass(slots=True)
class RoleCounts:
    """Spans by role over many texts: tokens, spans at exact borders, spans that overlap."""

    counts: dict[str, dict[str, Count]] = field(default_factory=lambda: {role: {name: Count() for name in ("token", "exact", "overlap")} for role in ROLES})

    def add(self, tokens: Tokens, gold: Sequence[Mapping[str, Chars]], given: Mapping[str, Chars]) -> None:
        """Count one text: its gold attributions, and the spans of each role that were found."""
        for role, own in self.counts.items():
            wanted = [attribution[role] for attribution in gold if attribution[role]]
            for count, values in zip(own.values(), span_counts(tokens, wanted, [[span] for span in given[role]]), strict=True):
                count.add(*values)

    def scores(self) -> dict[str, dict[str, float]]:
        """F1 by role and measure, 0..1."""
        return {role: {name: round(count.f1, 4) for name, count in own.items()} for role, own in self.counts.items()}
