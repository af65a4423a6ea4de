"""Labels of real news kept apart from its words: offsets into ../shared/data/news, no sentence of it.

Annotators write a line a record, in reading order, below the number of the article:

    === 17
    m We have … are over | she | told the [paper] | Marta Hale | person | russia = Moscow / they; spending = aid | role: minister
    d Go home. // Now. | - | - | - | unknown | - | negated

Type (d, i, m) and content (`first words … last words`, ` // ` between the parts of a split quote), source, cue (`-`: none),
the speaker's name as the text has it, kind, topics with evidence, then flags and keys as in `models.training.markup`.
Sources, cues and evidence are looked for nearest to the content; where that is the wrong one, write more words around
and bracket the part that is meant.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.training.markup import FLAGS, KEYS, KINDS, TOPICS, MarkupError

FOLDER = Path(__file__).parent / "annotations"
TYPES = {"d": "direct", "i": "indirect", "m": "mixed"}
PLAIN = str.maketrans("“”„«»‘’‚`\u00a0–—", "\"\"\"\"\"'''' --")
REST, LEAST, MOST = 3000, 150, 400  # the number of the first rest of an article; words of a rest
Spans = list[list[int]]


def plain(text: str) -> str:
    """Marks, dashes and spaces in their plain forms, a character for a character, so that typing is forgiven."""
    return text.translate(PLAIN)


def places(words: str, text: str) -> list[tuple[int, int]]:
    """All places of some words, or of their bracketed part; whole words only, letter case as given."""
    inner = re.search(r"\[(.+?)\]", words)
    if inner and plain(words) not in plain(text):
        before, after = len(words[: inner.start()]), len(inner[1])
        words = words[: inner.start()] + inner[1] + words[inner.end() :]
        shift = slice(before, before + after)
    else:
        shift = slice(0, len(words))
    edges = (r"(?<!\w)" if words[:1].isalnum() else "", r"(?!\w)" if words[-1:].isalnum() else "")
    found = re.finditer(edges[0] + re.escape(plain(words)) + edges[1], plain(text))
    return [(match.start() + shift.start, match.start() + shift.stop) for match in found]


def nearest(words: str, text: str, content: Spans, also: Spans = [], apart: bool = True) -> list[int]:  # noqa: B006
    """The place nearest to the content (outside it, unless it must lie in it), and to spans that belong to it."""
    found = places(words, text)
    if apart:
        found = [own for own in found if not any(start < own[1] and own[0] < end for start, end in content)] or found
    if not found:
        raise MarkupError(f"{words!r} does not stand in the text")

    def gap(own: tuple[int, int], spans: Spans) -> int:
        return min(max(start - own[1], own[0] - end, 0) for start, end in spans)

    return list(min(found, key=lambda own: (gap(own, content) + (0.5 * gap(own, also) if also else 0))))


def located(words: str, text: str, start: int) -> list[int]:
    """`first … last` (or the whole) at or after `start`, else anywhere; whole words only."""
    if found := [own for own in places(words.strip(), text) if "…" in words]:
        return list(next((own for own in found if own[0] >= start), found[0]))  # the article's own ellipsis
    first, ellipsis, last = (part.strip() for part in words.partition("…"))
    if not ellipsis or not last:
        first, last = words.strip(), ""
    begins = places(first, text)
    for begin, end in [own for own in begins if own[0] >= start] + [own for own in begins if own[0] < start]:
        if not last:
            return [begin, end]
        for _, until in places(last, text):
            if until >= end and (until > end or last == first):
                return [begin, until]
    raise MarkupError(f"content {words!r} does not stand in the text")


def record(line: str, text: str, start: int) -> dict[str, Any]:
    """One line -> one record, spans in characters."""
    head, *rest = [field.strip() for field in line.split(" | ")]
    shape, _, words = head.partition(" ")
    if shape not in TYPES or len(rest) < 5:
        raise MarkupError("wanted 'd|i|m content | source | cue | name | kind | topics [| flags]'")
    source, cue, name, kind, topics, *extra = rest
    content: Spans = []
    for part in words.split(" // "):
        content.append(located(part, text, content[-1][1] if content else start))
    for span in content:
        while plain(text[span[0]]) in "\" '" and span[1] - span[0] > 1 and shape == "d":
            span[0] += 1
        while plain(text[span[1] - 1]) in "\" " and span[1] - span[0] > 1 and shape == "d":
            span[1] -= 1
    if kind not in KINDS:
        raise MarkupError(f"kind is one of {KINDS}, not {kind!r}")
    said = [nearest(source, text, content)] if source != "-" else []
    by = [nearest(cue, text, content, said)] if cue != "-" else []
    made: dict[str, Any] = {
        "content": content, "source": said, "cue": by, "type": TYPES[shape], "speaker": None, "kind": kind, "topics": {},
        **dict.fromkeys(FLAGS, False), **dict.fromkeys(KEYS),
    }
    if name != "-":
        names = [name] if places(name, text) else re.split(r" and |, ", name)
        made["speaker"] = [nearest(part, text, said or content, apart=False) for part in names]
    for part in [] if topics == "-" else topics.split(";"):
        topic, _, evidence = part.partition("=")
        if topic.strip() not in TOPICS or not evidence.strip():
            raise MarkupError("topics are '-' or 'russia = words / words; spending = words'")
        made["topics"][topic.strip()] = [nearest(own.strip(), text, content, apart=False) for own in evidence.split(" / ")]
    for field in extra:
        key, colon, value = field.partition(":")
        if field in FLAGS:
            made[field] = True
        elif colon and key.strip() in KEYS:
            made[key.strip()] = nearest(value.strip(), text, said or content, apart=False)
        else:
            raise MarkupError(f"{field!r} is none of the flags {FLAGS} and no 'key: value' of {KEYS}")
    return made


def annotated(block: str, texts: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """One `=== N` block -> the labels of one article."""
    header, *lines = block.strip().splitlines()
    number = int(header.split()[0])
    text = texts[number]["text"]
    begin = texts[number].get("start", 0)
    made: dict[str, Any] = {
        "id": texts[number]["id"], "start": begin, "characters": len(text), "split": "dev" if held_out(number) else "train", "attributions": [],
    }
    start, errors = 0, []
    for line in lines:
        if not line.strip():
            continue
        try:
            own = record(line.strip(), text, start)
        except (MarkupError, IndexError) as error:
            errors.append(f"article {number}: {line.strip()[:90]!r}: {error}")
            continue
        start = own["content"][0][0]
        made["attributions"].append(own)
    if errors:
        raise MarkupError("\n".join(errors))
    made["attributions"].sort(key=lambda own: own["content"])
    return made


def chosen(news: Path) -> dict[int, dict[str, Any]]:
    """The articles to label, numbered: about 60 % on Russia or Ukraine, 15 % on public money, the rest on anything, cut
    at the end of a sentence after 150 to 600 words; and from REST on, what follows there in those that are not dev."""
    import random

    chance = random.Random(7)
    rows = [json.loads(line) for line in news.read_text(encoding="utf-8").strip().split("\n")]
    spoken = [row for row in rows if len(re.findall("[“\"]", row["text"])) >= 4]
    on = [row for row in spoken if re.search("Russia|Ukrain", row["text"][:1500])]
    money = [row for row in spoken if row not in on and re.search(r"\b(?:budget|deficit|public spending|tax(?:es)?|subsid)", row["text"])]
    other = [row for row in spoken if row not in on and row not in money]
    for pool in (on, money, other):
        chance.shuffle(pool)
    made = {}
    while True:
        draw = chance.random()
        pool = (on if draw < 0.6 else money if draw < 0.75 and money else other) if on else money or other
        if not pool:
            break
        row = pool.pop()
        made[len(made)] = {"id": row["id"], "text": _cut(row["text"], chance.choice((150, 250, 350, 450, 600)))}
    whole = {row["id"]: row["text"] for row in rows}
    for number, own in list(made.items()):
        rest = whole[own["id"]][len(own["text"]) :]
        if not held_out(number) and rest.count(" ") > LEAST:
            made[REST + number] = {"id": own["id"], "start": len(own["text"]), "text": _cut(rest, MOST)}
    return made


def held_out(number: int) -> bool:
    """Whether an article is dev."""
    return number // 5 % 5 == 4


def _cut(text: str, words: int) -> str:
    """A text up to the end of a sentence after some words."""
    ends = (match.end() for match in re.finditer(r"[.!?][\"”']?(?=\s)", text))
    return text[: next((end for end in ends if text.count(" ", 0, end) > words), len(text))]


def part(row: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """The part of an article that a row labels."""
    begin = row.get("start", 0)
    return texts[row["id"]][begin : begin + row["characters"]]


def load(news: Path, split: str, folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """Labelled news in the form of the labelled articles; nothing where the corpus is not there."""
    if not news.exists():
        return
    texts = {}
    for line in news.read_text(encoding="utf-8").strip().split("\n"):
        row = json.loads(line)
        texts[row["id"]] = row["text"]
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").strip().split("\n"):
            row = json.loads(line)
            if row["split"] != split or row["id"] not in texts:
                continue
            text = part(row, texts)
            for own in row["attributions"]:
                own["speaker"] = own["speaker"] and " and ".join(text[start:end] for start, end in own["speaker"])
                for key in KEYS:
                    own[key] = own[key] and text[slice(*own[key])]
            yield {"style": "news", "patterns": [], **row, "text": text}


def name(row: Mapping[str, Any]) -> str:
    """What a part of an article is called: parts share the article's `id`."""
    return f"{row['id']}@{row.get('start', 0)}"


def blocks(path: Path) -> list[str]:
    """The `=== N` blocks of a file."""
    return re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]


def compiled(paths: Sequence[Path], texts: dict[int, dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """All articles that hold, and what is wrong with the others."""
    made: dict[str, dict[str, Any]] = {}
    errors: list[str] = []
    for path in paths:
        for block in blocks(path):
            try:
                own = annotated(block, texts)
            except (MarkupError, ValueError, KeyError) as error:
                errors.append(f"{path.name}: {error}")
                continue
            made[f"{own['id']} {own['start']}"] = own
    return list(made.values()), errors


def main() -> int:
    """`show N …` prints articles; `check FILE …` says what is wrong; `write FILE … --out OUT` writes the labels."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("show", "check", "write"))
    parser.add_argument("given", nargs="+")
    parser.add_argument("--news", type=Path, default=Path("../shared/data/news/unlabelled.jsonl"))
    parser.add_argument("--out", type=Path, default=FOLDER / "news.jsonl")
    parser.add_argument("--train", action="store_true", help="no article is dev")
    given = parser.parse_args()
    texts = chosen(given.news)
    if given.what == "show":
        for number in map(int, given.given):
            print(f"=== {number}\n{texts[number]['text']}\n")
        return 0
    made, errors = compiled([Path(name) for name in given.given], texts)
    print(*errors, sep="\n", file=sys.stderr)
    records = [own for row in made for own in row["attributions"]]
    counts = {name: sum(name in own["topics"] for own in records) for name in TOPICS} | {flag: sum(own[flag] for own in records) for flag in FLAGS}
    print(f"{len(made)} articles, {len(records)} records, {counts}, {len(errors)} articles with errors")
    if given.what == "write":
        made = [row | {"split": "train"} for row in made] if given.train else made
        given.out.write_text("".join(json.dumps(row) + "\n" for row in made), encoding="utf-8")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
