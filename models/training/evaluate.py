"""`make evaluate`: how often the model is right, as one JSON line, its last.

`--polnear FILE` and `--articles FILE` take any file in the formats of PolNeAR's jsonl and of `models/training/articles`.
PolNeAR is scored on the model's own tag spans, before they become records: under `polnear` the network is asked to follow
PolNeAR's convention (see `models.labels.CONVENTIONS`), under `polnear_served` the service's own.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models import Attributor, artifact, load
from models.attributor import Document
from models.labels import ROLES
from models.links import Spans
from models.marks import pair
from models.scoring import States
from models.training import standoff
from models.training.articles_scores import Tally, grouped, intervals, scores, tallied
from models.training.coreference_scores import gap_scores, gum_scores
from models.training.datasets import lines, load_articles
from models.training.export import write_manifest
from models.training.scores import Chars, Count, RoleCounts, Tokens, matched
from models.windows import Pieces, merge

ARTICLES = Path(__file__).parent / "articles"
REFERENCE = {
    "people": {"content": {"token": 0.916, "exact": 0.712}, "source": {"exact": 0.78}, "cue": {"exact": 0.71}, "found_linked": 0.75,
               "direct_found_linked": 0.97},
    # `python -m models.training.teacher` prints them: ten layers of all-mpnet-base-v2, the tags alone
    "teacher": {"content": {"token": 0.9244, "exact": 0.7513, "overlap": 0.8941}, "source": {"exact": 0.8526}, "cue": {"exact": 0.7824}},
    "cofenet": {"content": {"exact": 0.729}, "source": {"exact": 0.832}, "cue": {"exact": 0.753}},
}


def chars(pieces: Pieces, spans: Sequence[tuple[int, int]]) -> Chars:
    """Spans of pieces as characters."""
    return [pieces.chars(*span) for span in spans]


def encoded(attributor: Attributor, text: str) -> tuple[Document, dict[str, Any]]:
    """A text read and encoded, its rows merged to one a piece."""
    document = attributor.read(text)
    made = attributor.encode(document.windows)
    return document, {part: merge(document.windows, [getattr(own, part) for own in made]) for part in ("tags", "names", "states")}


def attributions(attributor: Attributor, document: Document, rows: dict[str, Any]) -> list[dict[str, Chars]]:
    """The tags of a text as attributions: contents that continue each other, with their source and cue."""
    tagged = attributor.tag(document.pieces, rows["tags"])
    links = attributor.link(document.pieces, States(rows["states"]), tagged["content"], tagged["source"], tagged["cue"])
    made: list[dict[str, Chars]] = []
    home: dict[int, int] = {}
    for index, link in enumerate(links):
        content = chars(document.pieces, tagged["content"][index : index + 1])
        if link.same >= 0:
            home[index] = home[link.same]
            made[home[index]]["content"] += content
            continue
        home[index] = len(made)
        made.append({
            "content": content,
            "source": chars(document.pieces, tagged["source"][link.source : link.source + 1]) if link.source >= 0 else [],
            "cue": chars(document.pieces, tagged["cue"][link.cue : link.cue + 1]) if link.cue >= 0 else [],
        })
    return made


def links_on_gold(attributor: Attributor, document: Document, rows: dict[str, Any], gold: list[dict[str, Chars]]) -> tuple[int, int]:
    """How many gold content pieces are linked to a source of their own (or to none where they have none), of how many."""
    pieces = document.pieces
    contents = sorted({(pieces.cover(*span), number) for number, own in enumerate(gold) for span in own["content"]})
    contents = [own for own in contents if own[0][1] > own[0][0]]
    sources = sorted({pieces.cover(*span) for own in gold for span in own["source"]})
    sources = [own for own in sources if own[1] > own[0]]
    if not contents:
        return 0, 0
    as_array = lambda spans: np.array(spans, np.int64).reshape(-1, 2)  # noqa: E731
    empty: Spans = np.zeros((0, 2), np.int64)
    links = attributor.link(pieces, States(rows["states"]), as_array([own[0] for own in contents]), as_array(sources), empty)
    right = 0
    for (_, number), link in zip(contents, links, strict=True):
        wanted = {pieces.cover(*span) for span in gold[number]["source"]}
        right += (link.source < 0 and not wanted) or (link.source >= 0 and sources[link.source] in wanted)
    return right, len(contents)


def polnear_scores(attributor: Attributor, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Spans by role, links on gold spans, and attributions found and linked."""
    spans = RoleCounts()
    links_right = links_all = direct_right = direct_all = 0
    linked = Count()
    for row in rows:
        document, merged = encoded(attributor, row["text"])
        gold = [{role: [tuple(span) for span in own[role]] for role in ROLES} for own in row["attributions"] if own["content"]]
        given = attributions(attributor, document, merged)
        tagged = attributor.tag(document.pieces, merged["tags"])
        tokens = Tokens(row["text"])
        spans.add(tokens, gold, {role: chars(document.pieces, tagged[role]) for role in ROLES})
        right, total = links_on_gold(attributor, document, merged, gold)
        links_right, links_all = links_right + right, links_all + total
        pairs = matched([own["content"] for own in gold], [own["content"] for own in given])
        good = {i for i, j in pairs if _same_source(tokens, gold[i]["source"], given[j]["source"])}
        linked.add(len(good), len(given), len(good), len(gold))
        inside = [(own.outer_start, own.outer_end) for own in pair(row["text"]) if own.level == 0 and own.closed]
        for index, own in enumerate(gold):
            if tokens.of(own["content"]) and tokens.of(own["content"]) <= tokens.of(inside):
                direct_all += 1
                direct_right += index in good
    scores = spans.scores()
    return {
        "content": scores["content"], "source": scores["source"], "cue": scores["cue"],
        "links": round(links_right / max(1, links_all), 4), "found_linked": round(linked.f1, 4),
        "direct_found_linked": round(direct_right / max(1, direct_all), 4),
    }


def _same_source(tokens: Tokens, gold: Chars, given: Chars) -> bool:
    return bool(tokens.of(gold) & tokens.of(given)) or (not gold and not given)


def main() -> None:
    """Print the scores of every set that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, help="a weights folder; default: the one that ships")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder of the corpora")
    parser.add_argument("--polnear", type=Path, help="a file in PolNeAR's format; default: its dev split under --data")
    parser.add_argument("--articles", type=Path, help="a file of labelled articles; default: the dev split of those that ship")
    parser.add_argument("--precision", default="auto", choices=("auto", "bf16", "fp32"))
    parser.add_argument("--write", action="store_true", help="write the scores into the manifest of the weights")
    given = parser.parse_args()
    attributor = load(given.weights, precision=given.precision)
    made: dict[str, Any] = {}
    polnear = given.polnear or given.data / "polnear/dev.jsonl"
    if polnear.exists():
        rows = list(lines(polnear))
        made["polnear"] = polnear_scores(load(given.weights, precision=given.precision, convention="polnear"), rows)
        made["polnear_served"] = polnear_scores(attributor, rows)
    sets = {"articles": list(lines(given.articles)) if given.articles else load_articles(ARTICLES, "dev")}
    if not given.articles:
        sets["cases"] = load_articles(ARTICLES, "cases")
        sets["news"] = list(standoff.load(given.data / "news/unlabelled.jsonl", "dev"))
    spread: dict[str, Any] = {}
    for name, rows in sets.items():
        if rows:
            tallies = tallied(attributor, rows)
            made[name] = scores(Tally.sum(tallies))
            spread[name] = {"intervals": intervals(tallies), **grouped(rows, tallies)}
    for name, score in (("gum", gum_scores), ("gap", gap_scores)):
        path = given.data / name / "dev.jsonl"
        if not given.articles and path.exists():
            made[name] = score(attributor, lines(path))
    if given.write:
        folder = given.weights or artifact.DEFAULT
        write_manifest(folder, dict(artifact.verify(folder).calibration), made)
    made["intervals"] = {name: own.pop("intervals") for name, own in spread.items()}
    made["groups"] = spread
    made["reference"] = REFERENCE
    print(json.dumps(made))


if __name__ == "__main__":
    main()
