"""Pronouns against hand-made coreference: GUM (right antecedent) and GAP (F1 over two candidate names)."""

from collections.abc import Iterable
from typing import Any

from models import Attributor
from models.speakers import LEAST, Resolver
from models.training.scores import Count

Mention = tuple[int, int]


def resolver_of(attributor: Attributor, text: str) -> Resolver:
    """The mentions and scorers of a text."""
    document = attributor.read(text)
    return Resolver(attributor.interpret(document, attributor.encode(document.windows)))


def share_of(one: Mention, other: Mention) -> float:
    """Characters that two spans share, of those that either has; 0..1."""
    both = min(one[1], other[1]) - max(one[0], other[0])
    return max(0, both) / (max(one[1], other[1]) - min(one[0], other[0]))


def gum_scores(attributor: Attributor, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """How many pronouns of persons and organizations, of those whose chain holds more than pronouns, are given an antecedent
    of their chain: the gold mention most like the antecedent given belongs to it."""
    right = total = 0
    for row in rows:
        resolver = resolver_of(attributor, row["text"])
        others = [((start, end), chain) for start, end, _, chain, pronoun in row["mentions"] if not pronoun]
        chains = {chain for _, chain in others}
        for start, end, kind, chain, pronoun in row["mentions"]:
            if not pronoun or kind not in ("person", "organization") or chain not in chains:
                continue
            total += 1
            ranked = resolver.antecedents.of(resolver.reading.pieces.cover(start, end))
            if ranked:
                given = (ranked[0].mention.span.start, ranked[0].mention.span.end)
                right += max(others, key=lambda own: share_of(own[0], given))[1] == chain
    return {"pronouns": round(right / max(1, total), 4), "of": total}


def gap_scores(attributor: Attributor, rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """F1 of "this name is the pronoun's", two decisions a text."""
    count = Count()
    for row in rows:
        resolver = resolver_of(attributor, row["text"])
        ranked = resolver.antecedents.of(resolver.reading.pieces.cover(*row["pronoun"]))
        given = resolver.bearer(ranked[0].mention, ranked[0].entity) if ranked and ranked[0].probability >= LEAST else None
        for candidate in row["candidates"]:
            start, end = candidate["span"]
            named = [own for own in resolver.found if own.span.start < end and start < own.span.end]
            said = any(resolver.bearer(own, resolver.entity_of[own.span]) is given for own in named)
            both = said and candidate["coreferent"]
            count.add(both, said, both, candidate["coreferent"])
    return {"f1": round(count.f1, 4)}
