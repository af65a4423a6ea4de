"""More readers of topics: the quotes of labelled texts numbered to be read blind, and what the readers said.

Of 3,270 quotes of dev a second reader gave the topics of the first with an F1 of .91 (ukraine .84). A third sided with the second in
301 of 324 topics that only the second gave, in 22 of 66 that only the first gave. So the topics of dev are those that two of three
readers give; in train what a second reader adds is added, and what he does not give is `disputed`, and counts half.

Answers are a line a quote below the name of its text, and `?` where the reader is not sure:

    === wire-001
    1: russia, spending
    2: - ?
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.topics.files import Text, load_files
from models.training import standoff
from models.training.datasets import lines
from models.training.markup import TOPICS

ARTICLES = Path(__file__).parent / "articles"
Answers = dict[str, dict[int, frozenset[str]]]


def in_order(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The records of a text as they are numbered, from 1 on."""
    return sorted(row["attributions"], key=lambda own: own["content"])


def sheet(row: Mapping[str, Any], wanted: Iterable[int] | None = None) -> str:
    """A text whose quotes (or only those `wanted`) stand in numbered brackets."""
    marks = []
    for number, own in enumerate(in_order(row), 1):
        if wanted is None or number in wanted:
            for start, end in own["content"]:
                marks += [(start, 1, -end, f"⟦{number}: "), (end, 0, -start, "⟧")]
    text: str = row["text"]
    for at, _, _, mark in sorted(marks, key=lambda own: own[:3], reverse=True):
        text = text[:at] + mark + text[at:]
    return f"=== {row['id']}\n{text}\n"


def answers(paths: Sequence[Path]) -> Answers:
    """What a reader said of each text and number; raises `ValueError` for a line that says something else."""
    made: Answers = {}
    for path in paths:
        for block in standoff.blocks(path):
            name, *below = block.strip().splitlines()
            own = made.setdefault(name.strip(), {})
            for line in filter(str.strip, below):
                match = re.fullmatch(r"(\d+):\s*(-|[a-z, ]+?)\s*\??\s*", line.strip())
                said = frozenset() if match is None or match[2] == "-" else frozenset(word.strip() for word in match[2].split(","))
                if match is None or not said <= set(TOPICS):
                    raise ValueError(f"{path}: {name}: {line!r}: wanted 'number: topics' out of {TOPICS}, or 'number: -'")
                own[int(match[1])] = said
    return made


def dispute(row: dict[str, Any], second: Mapping[int, frozenset[str]]) -> int:
    """Add the topics that a second reader adds, note those that he does not give; how many records change."""
    count = 0
    for number, own in enumerate(in_order(row), 1):
        if number in second and second[number] != set(own["topics"]):
            own["disputed"] = sorted(set(own["topics"]) - second[number])
            give(row, own, set(own["topics"]) | second[number])
            count += 1
    return count


def settle(row: dict[str, Any], second: Mapping[int, frozenset[str]], third: Mapping[int, frozenset[str]]) -> int:
    """Give each record the topics that two of three readers give; how many records change."""
    count = 0
    for number, own in enumerate(in_order(row), 1):
        if number in second and number in third and second[number] != set(own["topics"]):
            votes = [set(own["topics"]), second[number], third[number]]
            wanted = {topic for topic in TOPICS if sum(topic in vote for vote in votes) > 1}
            count += wanted != set(own["topics"])
            give(row, own, wanted)
    return count


def give(row: Mapping[str, Any], own: dict[str, Any], wanted: set[str]) -> None:
    """Give a record topics. One that joins has as evidence its words in the quote, else the whole quote, which then stands only by
    reference."""
    for topic in load_files():
        if topic.name in wanted and topic.name not in own["topics"]:
            hits = [[hit.start, hit.end] for hit in topic.find(Text(row["text"]))]
            inside = [hit for hit in hits if any(start <= hit[0] and hit[1] <= end for start, end in own["content"])]
            own["reference"] = own["reference"] or not inside
            own["topics"][topic.name] = inside[:3] or [own["content"][0]]
    own["topics"] = {topic: spans for topic, spans in own["topics"].items() if topic in wanted}
    own["reference"] = own["reference"] and bool(wanted)


def labelled(path: Path, texts: Mapping[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of a file of labels, each with the name that its sheet has; those of news get their text, where it is there."""
    for row in lines(path):
        if path.parent == standoff.FOLDER and row["id"] in texts:
            row["text"] = standoff.part(row, texts)
        yield (standoff.name(row) if path.parent == standoff.FOLDER else row["id"]), row


def main() -> int:
    """`sheets SPLIT COUNT OUT` writes OUT-1.txt …; `dispute ANSWERS …` and `settle ANSWERS … --third ANSWERS …` change the labels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("sheets", "dispute", "settle"))
    parser.add_argument("given", nargs="+")
    parser.add_argument("--third", nargs="+", type=Path, default=[])
    parser.add_argument("--folder", type=Path, default=ARTICLES, help=f"{ARTICLES} or, for the news, {standoff.FOLDER}")
    parser.add_argument("--news", type=Path, default=Path("../shared/data/news/unlabelled.jsonl"))
    given = parser.parse_args()
    texts = {row["id"]: row["text"] for row in lines(given.news)} if given.news.exists() else {}
    files = {path: list(labelled(path, texts)) for path in sorted(given.folder.resolve().glob("*.jsonl"))}
    if given.what == "sheets":
        split, count, out = given.given[0], int(given.given[1]), given.given[2]
        rows = [row | {"id": name} for own in files.values() for name, row in own if row["split"] == split and row["attributions"]]
        for index in range(count):
            Path(f"{out}-{index + 1}.txt").write_text("\n".join(sheet(row) for row in rows[index::count]), encoding="utf-8")
        return 0
    second, third = answers([Path(name) for name in given.given]), answers(given.third)
    changed = 0
    for path, rows in files.items():
        for name, row in rows:
            if name in second and row["split"] == "train" and given.what == "dispute":
                changed += dispute(row, second[name])
            elif name in third and row["split"] != "train" and given.what == "settle":
                changed += settle(row, second[name], third[name])
            if path.parent == standoff.FOLDER:
                row.pop("text", None)
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for _, row in rows), encoding="utf-8")
    print(f"{changed} records changed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
