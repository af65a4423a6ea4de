"""Articles written by hand with marks in the text <-> labelled articles with offsets.

Offsets cannot be written by hand; marks can. A file holds many articles:

    === wire-001 | style: wire | patterns: 1, 54
    {s1 Marta Hale} {c1 said} {q1 Russia had broken the deal}. “{q2 We will pay,}” {s2 she} {c2 said}.
    ---
    1 indirect | Marta Hale | person | russia = Russia | role: minister
    2 direct | Marta Hale | person | -

`{q1 …}` is the content of record 1 (twice for a split quote), `{s1 …}` its source, `{c1 …}` its cue;
`{s1,2 …}` serves two records; marks nest. Below `---`, a line a record: number and type, the speaker's name
(`-`: null), kind, topics with their evidence (`topic = words / words; topic = words`, or `-`), then `key: value`
and the flags `negated`, `reference` (the quote has no word of its topic) and `trap` (a word of a topic in another sense).
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

TYPES = ("direct", "indirect", "mixed")
KINDS = ("person", "organization", "group", "document", "anonymous", "author", "unknown")
TOPICS = ("russia", "ukraine", "spending")
FLAGS = ("negated", "reference", "trap")
KEYS = ("role", "affiliation", "on_behalf_of", "alternatives")
OPEN, CLOSE = "\"“”„«»‘'‚‹›”", "\"”“»«’'‘›‹"
MARK = re.compile(r"\{([qsc])(\d+(?:,\d+)*) |\}")
ROLE_OF_MARK = {"q": "content", "s": "source", "c": "cue"}


class MarkupError(ValueError):
    """What is wrong, in which article."""


def strip(marked: str) -> tuple[str, dict[int, dict[str, list[list[int]]]]]:
    """Marked text -> plain text and, by record number, the spans of each role (half-open, characters)."""
    plain: list[str] = []
    length, position = 0, 0
    opened: list[tuple[str, list[int], int]] = []
    spans: dict[int, dict[str, list[list[int]]]] = {}
    for match in MARK.finditer(marked):
        piece = marked[position : match.start()]
        plain.append(piece)
        length += len(piece)
        position = match.end()
        if match.group() != "}":
            opened.append((ROLE_OF_MARK[match[1]], [int(n) for n in match[2].split(",")], length))
            continue
        if not opened:
            raise MarkupError(f"a closing brace without an opening one after …{marked[max(0, position - 40):position]!r}")
        role, numbers, start = opened.pop()
        for number in numbers:
            record = spans.setdefault(number, {"content": [], "source": [], "cue": []})
            record[role].append([start, length])
    if opened:
        raise MarkupError(f"{{{opened[-1][0]} {opened[-1][1]} …}} is never closed")
    plain.append(marked[position:])
    text = "".join(plain)
    if "{" in text or "}" in text:
        raise MarkupError(f"a brace that is no mark near {text[max(0, text.find('{') - 30):][:60]!r}")
    for record in spans.values():
        for role in record:
            record[role].sort()
            for start, end in record[role]:
                if start == end or text[start:end] != text[start:end].strip():
                    raise MarkupError(f"{role} {text[start:end]!r} is empty or has white space at its edge")
    return text, spans


def locate(words: str, text: str, content: list[list[int]]) -> list[int]:
    """The occurrence of the words that lies in the content, else the nearest one to it."""
    places = [match.span() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    if not places:
        raise MarkupError(f"evidence {words!r} does not stand in the text")

    def distance(place: tuple[int, int]) -> int:
        return min(max(start - place[0], place[1] - end, 0) for start, end in content)

    return list(min(places, key=distance))


def record(line: str, text: str, spans: dict[int, dict[str, list[list[int]]]]) -> dict[str, Any]:
    """One line below `---` -> one record."""
    fields = [field.strip() for field in line.split(" | ")]
    if len(fields) < 4:
        raise MarkupError(f"{line!r}: wanted 'N type | name | kind | topics', fields parted by ' | '")
    head, name, kind, topics, *rest = fields
    number, _, shape = head.partition(" ")
    if not number.isdigit() or int(number) not in spans or not spans[int(number)]["content"]:
        raise MarkupError(f"{line!r}: there is no {{q{number} …}} in the text")
    if shape not in TYPES or kind not in KINDS:
        raise MarkupError(f"{line!r}: type is one of {TYPES}, kind one of {KINDS}")
    own = spans[int(number)]
    made: dict[str, Any] = {
        **own, "type": shape, "speaker": None if name == "-" else name, "kind": kind,
        "topics": {}, "negated": False, "reference": False, "trap": False,
        **dict.fromkeys(KEYS),
    }
    for part in [] if topics == "-" else topics.split(";"):
        topic, _, words = part.partition("=")
        if topic.strip() not in TOPICS or not words.strip():
            raise MarkupError(f"{line!r}: topics are '-' or 'russia = words / words; spending = words'")
        made["topics"][topic.strip()] = [locate(w.strip(), text, own["content"]) for w in words.split(" / ")]
    for field in rest:
        key, colon, value = field.partition(":")
        if field in FLAGS:
            made[field] = True
        elif colon and key.strip() in KEYS:
            made[key.strip()] = value.strip()
        else:
            raise MarkupError(f"{line!r}: {field!r} is none of the flags {FLAGS} and no 'key: value' of {KEYS}")
    if shape == "direct":
        for start, end in own["content"]:
            if text[max(0, start - 1) : start] not in ("", *OPEN, "\n", " ") or (
                start and text[start - 1] in OPEN and text[end : end + 1] not in ("", *CLOSE, "\n")
            ):
                raise MarkupError(f"direct {text[start:end]!r} runs from mark to mark, marks outside")
    if name != "-" and kind != "author" and " and " not in name and name.casefold() not in text.casefold():
        raise MarkupError(f"{line!r}: the name {name!r} does not stand in the text")
    if name == "-" and own["source"] and kind not in ("unknown", "anonymous", "author", "person", "group", "organization"):
        raise MarkupError(f"{line!r}: a null speaker is of kind 'unknown'")
    return made


def article(block: str) -> dict[str, Any]:
    """One `=== …` block -> one labelled article."""
    header, _, body = block.partition("\n")
    name, *settings = [part.strip() for part in header.split("|")]
    options = dict(part.split(":", 1) for part in settings)
    marked, line, below = body.rpartition("\n---\n") if "\n---\n" in body else (body, "", "")
    if not line:
        raise MarkupError(f"{name}: no line --- between the text and its records")
    try:
        text, spans = strip(marked.strip("\n").replace("\\r", "\r").replace("\\u00a0", "\u00a0"))
        records = [record(line, text, spans) for line in below.strip().splitlines() if line.strip()]
    except MarkupError as error:
        raise MarkupError(f"{name}: {error}") from None
    described = {int(line.split(" ")[0]) for line in below.strip().splitlines() if line.strip()}
    if described != set(spans):
        raise MarkupError(f"{name}: records {sorted(set(spans) ^ described)} are marked or described, not both")
    if len(records) != len(described):
        raise MarkupError(f"{name}: a record number is described twice")
    return {
        "id": name, "style": options.get("style", "").strip(),
        "patterns": [int(n) for n in options.get(" patterns", options.get("patterns", "")).split(",") if n.strip()],
        "text": text, "attributions": sorted(records, key=lambda made: made["content"]),
    }


def compile_file(path: Path) -> list[dict[str, Any]]:
    """All articles of a marked file; raises one `MarkupError` that lists every wrong article."""
    articles, errors = [], []
    for block in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        try:
            articles.append(article(block))
        except (MarkupError, ValueError) as error:
            errors.append(str(error) if isinstance(error, MarkupError) else f"{block[:60]!r}: {error}")
    names = [made["id"] for made in articles]
    errors += [f"{name}: the name is used twice" for name in sorted({n for n in names if names.count(n) > 1})]
    if errors:
        raise MarkupError("\n".join(errors))
    return articles


def main() -> int:
    """`python -m models.training.markup FILE.txt [OUT.jsonl [N]]`: check, count, and write when OUT is named; every Nth text
    (default: third; 0: none) is dev."""
    source = Path(sys.argv[1])
    every = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    try:
        articles = compile_file(source)
    except MarkupError as error:
        print(error, file=sys.stderr)
        return 1
    for index, made in enumerate(articles):
        made["split"] = "dev" if every and index % every == every - 1 else "train"
    records = [made for article in articles for made in article["attributions"]]
    patterns: dict[int, int] = {}
    for made in articles:
        for pattern in made["patterns"]:
            patterns[pattern] = patterns.get(pattern, 0) + 1
    print(f"{len(articles)} articles, {sum(len(a['text'].split()) for a in articles)} words, {len(records)} records")
    print("types", {shape: sum(made["type"] == shape for made in records) for shape in TYPES})
    print("kinds", {kind: sum(made["kind"] == kind for made in records) for kind in KINDS})
    print("topics", {topic: sum(topic in made["topics"] for made in records) for topic in TOPICS},
          "several", sum(len(made["topics"]) > 1 for made in records), "none", sum(not made["topics"] for made in records))
    print("flags", {flag: sum(made[flag] for made in records) for flag in FLAGS},
          "null speaker", sum(made["speaker"] is None for made in records))
    print("patterns", dict(sorted(patterns.items())))
    if len(sys.argv) > 2:
        lines = (json.dumps(made, ensure_ascii=False) + "\n" for made in articles)
        Path(sys.argv[2]).write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
