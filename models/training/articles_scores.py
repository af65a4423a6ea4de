"""Labelled articles against served records: found, speaker, type, kind, negation, topics, patterns."""

from collections.abc import Sequence
from typing import Any

from models import Analysis, Attributor
from models.names import pronoun_class, words
from models.training.scores import Count, matched


def same_name(gold: str | None, given: str | None) -> bool:
    """Whether two names are equal but for case, accents, a possessive and a leading article."""
    if gold is None or given is None:
        return gold is given
    bare = [[word for word in words(name) if word not in ("the", "a", "an")] for name in (gold, given)]
    return bare[0] == bare[1]


def articles_scores(attributor: Attributor, rows: Sequence[dict[str, Any]], errors: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """All scores over labelled articles, each 0..1; `errors`, where given, gathers what was wrong."""
    found = {kind: Count() for kind in ("marked", "indirect", "all")}
    named = {kind: Count() for kind in ("marked", "indirect", "all")}
    right = {key: [0, 0] for key in ("name_marked", "name_indirect", "pronoun", "null", "kind", "type", "role", "on_behalf_of", "topics_exact")}
    negated, topics, everywhere = Count(), {}, Count()
    special = {"reference": [0, 0], "trap": [0, 0]}
    patterns: dict[int, list[int]] = {}
    for row in rows:
        analysis: Analysis = attributor([row["text"]])[0]
        gold = row["attributions"]
        given = analysis.attributions
        pairs = matched([[tuple(span) for span in own["content"]] for own in gold], [[(s.start, s.end) for s in own.quote.spans] for own in given])
        partner = dict(pairs)
        taken = {j for _, j in pairs}
        clean = True
        for kind, wanted in (("marked", ("direct", "mixed")), ("indirect", ("indirect",)), ("all", ("direct", "mixed", "indirect"))):
            own_gold = [i for i, own in enumerate(gold) if own["type"] in wanted]
            own_given = [j for j, own in enumerate(given) if own.quote.type in wanted]
            good = {i for i in own_gold if i in partner}
            back = {j: i for i, j in pairs}
            good_given = {j for j in own_given if j in taken}
            found[kind].add(len(good_given), len(own_given), len(good), len(own_gold))
            who = {i for i in good if same_name(gold[i]["speaker"], _name(given[partner[i]]))}
            who_given = {j for j in good_given if same_name(gold[back[j]]["speaker"], _name(given[j]))}
            named[kind].add(len(who_given), len(own_given), len(who), len(own_gold))
        for i, own in enumerate(gold):
            if i not in partner:
                clean = False
                everywhere.add(0, 0, 0, len(own["topics"]))
                _note(errors, row, own, None, "missed")
                continue
            other = given[partner[i]]
            wrong = []
            good = same_name(own["speaker"], _name(other))
            marked = "name_indirect" if own["type"] == "indirect" else "name_marked"
            _tick(right[marked], good)
            source = row["text"][slice(*own["source"][0])] if own["source"] else ""
            if source and pronoun_class(source) in (0, 1, 2, 3) and own["speaker"]:
                _tick(right["pronoun"], good)
            if own["speaker"] is None:
                _tick(right["null"], other.speaker is None)
            if not good:
                wrong.append("speaker")
            if other.speaker is not None and own["speaker"] is not None:
                _tick(right["kind"], str(other.speaker.kind) == own["kind"])
                if str(other.speaker.kind) != own["kind"]:
                    wrong.append("kind")
                if own["role"]:
                    _tick(right["role"], (other.speaker.role or "").casefold() == own["role"].casefold())
                if own["on_behalf_of"]:
                    _tick(right["on_behalf_of"], same_name(own["on_behalf_of"], other.speaker.on_behalf_of))
            _tick(right["type"], str(other.quote.type) == own["type"])
            if str(other.quote.type) != own["type"]:
                wrong.append("type")
            negated.add(other.negated and own["negated"], other.negated, other.negated and own["negated"], own["negated"])
            if other.negated != own["negated"]:
                wrong.append("negated")
            about = {topic.topic for topic in other.topics}
            for topic in ("russia", "ukraine", "spending"):
                count = topics.setdefault(topic, Count())
                both = topic in about and topic in own["topics"]
                count.add(both, topic in about, both, topic in own["topics"])
            everywhere.add(len(about & set(own["topics"])), len(about), len(about & set(own["topics"])), len(own["topics"]))
            _tick(right["topics_exact"], about == set(own["topics"]))
            if about != set(own["topics"]):
                wrong.append("topics")
            if own["reference"]:
                special["reference"][0] += 2 * len(about & set(own["topics"]))
                special["reference"][1] += len(about) + len(own["topics"])
            if own["trap"]:
                _tick(special["trap"], bool(about - set(own["topics"])))
            if wrong:
                _note(errors, row, own, other, " ".join(wrong))
            clean = clean and good and str(other.quote.type) == own["type"] and other.negated == own["negated"]
        for j, other in enumerate(given):
            if j not in taken:
                everywhere.add(0, len(other.topics), 0, 0)
                if other.confidence >= 0.5:
                    clean = False
                _note(errors, row, None, other, "extra")
        for pattern in row["patterns"]:
            _tick(patterns.setdefault(pattern, [0, 0]), clean)
    share = lambda own: round(own[0] / own[1], 4) if own[1] else None  # noqa: E731
    micro = Count()
    for count in topics.values():
        micro.add(count.right_given, count.given, count.right_wanted, count.wanted)
    return {
        "found": {key: round(count.f1, 4) for key, count in found.items()},
        "found_and_named": {key: round(count.f1, 4) for key, count in named.items()},
        **{key: share(own) for key, own in right.items()},
        "negated": round(negated.f1, 4),
        "topics": {"micro": round(micro.f1, 4), **{key: round(count.f1, 4) for key, count in topics.items()},
                   "all_quotes": round(everywhere.f1, 4), "reference": share(special["reference"]), "trap_wrong": share(special["trap"])},
        "patterns": {"right": sum(own[0] == own[1] for own in patterns.values()), "of": len(patterns)},
        "texts": len(rows),
    }


def _name(attribution: Any) -> str | None:
    return attribution.speaker.name if attribution.speaker else None


def _tick(pair: list[int], good: bool) -> None:
    pair[0] += bool(good)
    pair[1] += 1


def _note(errors: list[dict[str, Any]] | None, row: dict[str, Any], gold: Any, given: Any, what: str) -> None:
    if errors is not None:
        errors.append({"id": row["id"], "text": row["text"], "gold": gold, "given": given, "what": what})
