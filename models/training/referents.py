"""Whom pronouns and descriptions stand for, by readers: mentions numbered to be read, and what the readers said, as offsets alone.

The corpora know this of few mentions of news: GAP of one pronoun a text, PolNeAR by a machine, the labelled articles of the
sources of quotes. A sheet (`python -m models.training.referents sheets news 40 OUT`) numbers every pronoun of the third
person and every description by a common noun ("the minister"); a reader answers below the name of the text

    === 0a1b@0
    1, 3-5: Marta Hale
    2: Hale; Lund
    6: -

with words as they stand in the text: a name, or where there is none a description; `;` between those that are meant together;
`-` for nobody the text tells of, and nothing where he cannot tell. A file of referents has a line a text: `id` and
`referents` as [start, end, [[start, end], …]] of a mention and of the first place of each answer.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from models import coreference, windows
from models.labels import NAMES
from models.training import standoff
from models.training.datasets import Doc, Mention, answers, grouped, lines, occurrences

FOLDER = Path(__file__).parent / "referents"
_SAYS = r"sa(?:id|ys)|add(?:ed|s)|(?:also |had |has |have |would |will )?[a-z]+(?:ed|es)|told|found|wrote|expects|believes|wants|plans"
_NOUNS = (
    "minister|president|premier|chancellor|leader|governor|mayor|senator|lawmaker|congressman|congresswoman|ambassador|envoy|secretary|"
    "spokesman|spokeswoman|spokesperson|chairman|chairwoman|chair|chief|head|boss|director|manager|executive|founder|owner|official|officer|"
    "commander|colonel|captain|soldier|sergeant|judge|prosecutor|lawyer|attorney|detective|sheriff|suspect|defendant|victim|coach|"
    "player|striker|actor|actress|singer|author|writer|journalist|reporter|columnist|analyst|economist|expert|professor|scientist|researcher|"
    "doctor|nurse|teacher|student|farmer|candidate|nominee|incumbent|billionaire|businessman|businesswoman|banker|veteran|"
    "activist|diplomat|pope|king|queen|prince|princess|bishop|priest|rabbi|imam|man|woman|boy|girl|teenager|father|mother|son|daughter|wife|"
    "husband|brother|sister|widow|couple|pair|duo|trio|company|firm|group|agency|ministry|department|bank|lender|union|party|council|court|"
    "committee|commission|board|charity|club|team|newspaper|paper|broadcaster|network|website|regulator|watchdog|government|administration|"
    "campaign|organisation|organization|institute|university|think tank|manufacturer|retailer|airline|operator|carmaker|developer"
)
_MENTION = re.compile(
    r"\b(?:[Hh]e|[Hh]im|[Hh]is|[Hh]imself|[Ss]he|[Hh]ers?|[Hh]erself|[Tt]hey|[Tt]hem|[Tt]heirs?|[Tt]hemselves|[Ii]ts)\b"
    rf"|\b[Ii]t(?=\s(?:{_SAYS})\b)"
    rf"|\b(?:[Tt]he|[Tt]his|[Hh]is|[Hh]er|[Tt]heir|[A-Z][\w-]+['’]s?)\s(?:[a-z][\w’'-]*\s|\d\d-year-old\s){{0,3}}(?:{_NOUNS})\b(?![’'-]\w\w|\s(?:of|for|{_NOUNS})\b)"
)
Referents = list[tuple[int, int, list[list[int]]]]
Names = Mapping[str, Sequence[tuple[int, int]]]  # where the names of each class stand in a text; characters


def mentions(text: str) -> list[tuple[int, int]]:
    """Pronouns of the third person and descriptions by a common noun, in reading order; characters."""
    return [match.span() for match in _MENTION.finditer(text)]


def sheet(name: str, text: str) -> str:
    """A text whose mentions stand in numbered brackets."""
    made, at = [], 0
    for number, (start, end) in enumerate(mentions(text), 1):
        made += [text[at:start], f"⟦{number} {text[start:end]}⟧"]
        at = end
    return f"=== {name}\n{''.join(made)}{text[at:]}\n"


def numbers(words: str) -> Iterator[int]:
    """`1, 3-5` -> 1, 3, 4, 5."""
    for part in words.split(","):
        first, _, last = part.strip().partition("-")
        yield from range(int(first), int(last or first) + 1)


def read_back(block: Sequence[str], text: str) -> tuple[Referents, list[str]]:
    """A reader's lines of one text -> what its mentions stand for, and the lines that say what the text does not hold."""
    known, made, wrong = mentions(text), {}, []
    for line in filter(str.strip, block):
        match = re.fullmatch(r"([\d,\s-]+):\s*(.+)", line.strip())
        if match is None or match[2].endswith("?"):
            wrong += [line] * (match is None)
            continue
        named = [] if match[2] == "-" else [part.strip() for part in match[2].split(";")]
        spans = [found[0] for part in named if (found := occurrences(standoff.plain(text), standoff.plain(part)))]
        if len(spans) < len(named):
            wrong.append(line)
            continue
        for number in numbers(match[1]):
            if 1 <= number <= len(known):
                made[number] = (*known[number - 1], [list(span) for span in spans])
            else:
                wrong.append(line)
    return [made[number] for number in sorted(made)], wrong


def texts(source: str, data: Path) -> Iterator[tuple[str, str]]:
    """The training texts of a source ("news", "polnear" or "gap"), each with the name that its sheet and its line have."""
    if source != "news":
        yield from ((row["id"], row["text"]) for row in lines(data / source / "train.jsonl"))
    else:
        for row in standoff.load(data / "news/unlabelled.jsonl", "train"):
            yield standoff.name(row), row["text"]


def load(source: str, folder: Path = FOLDER) -> dict[str, Referents]:
    """The referents of a source by the name of the text; empty where nobody has read it."""
    file = folder / f"{source}.jsonl"
    return {row["id"]: row["referents"] for row in lines(file)} if file.exists() else {}


def places(text: str, spans: Iterable[Sequence[int]], others: Iterable[str]) -> list[tuple[int, int]]:
    """All places of the names or descriptions that first stand at `spans`; of a name of several words also its last word, where
    that is in none of the `others` of the text."""
    made: list[tuple[int, int]] = []
    for start, end in spans:
        name = text[start:end]
        made += occurrences(text, name)
        parts = name.split()
        rivals = any(parts[-1] in other.split() and other not in name for other in others)
        if len(parts) > 1 and parts[0][:1].isupper() and parts[-1][:1].isupper() and not rivals:
            made += occurrences(text, parts[-1])
    return made


def taught(doc: Doc, read: Referents) -> list[Mention]:
    """What was read of a text as mentions to learn from: those that stand for nobody, and those whose answer is among the
    document's candidates."""
    text, made = doc.pieces.text, []
    names = {text[slice(*span)] for _, _, spans in read for span in spans}
    for start, end, spans in read:
        first, last = doc.pieces.cover(start, end)
        meant = [[doc.pieces.cover(*own) for own in places(text, [span], names)] for span in spans]
        right = answers(doc, meant, (first, last))
        if last > first and (right or not spans):
            made.append(Mention((first, last), right))
    return made


def found(doc: Doc, names: Names) -> list[tuple[int, int, int]]:
    """The names of a text as candidates: pieces and class."""
    return [(*doc.pieces.cover(*span), index) for index, kind in enumerate(NAMES) for span in names[kind]]


def completed(doc: Doc, read: Referents, names: Names) -> None:
    """Let a text of GAP, which knows one pronoun and two names, teach all pronouns over all its names: those that a network
    finds are candidates too, and the reader's answers join the gold one unless they contradict it."""
    pair = {own[:2] for own in doc.candidates}
    for own in found(doc, names):
        _add(doc.candidates, own)
    grouped(doc)
    (gold,) = doc.mentions
    told = {own.span: own for own in taught(doc, read)}
    also = told.pop(gold.span, gold).answers
    agree = bool(also & gold.answers) if gold.answers else not also & pair
    doc.mentions = [Mention(gold.span, gold.answers | (also - pair) if agree else gold.answers), *told.values()]


def written(rows: Sequence[dict[str, Any]], tokenizer: Tokenizer, known: Mapping[str, Names]) -> Iterator[Doc]:
    """The passages written for their pronouns (`written.jsonl`, which holds their words too). Candidates are the names that stand
    as answers, at all their places, and beside them those that are `known` of a text."""
    for row in rows:
        names = {row["text"][slice(*span)] for _, _, spans in row["referents"] for span in spans}
        doc = Doc(row["id"], windows.read(row["text"], tokenizer))
        others = found(doc, known[row["text"]]) if row["text"] in known else []
        for name in sorted(names, key=len, reverse=True):
            first = occurrences(row["text"], name)[0]
            for span in (doc.pieces.cover(*own) for own in places(row["text"], [first], names)):
                kind = next((own[2] for own in others if own[0] < span[1] and span[0] < own[1]), coreference.PERSON if name[0].isupper() else coreference.UNNAMED)
                _add(doc.candidates, (*span, kind))
        for own in others:
            _add(doc.candidates, own)
        grouped(doc)
        doc.mentions = taught(doc, row["referents"])
        yield doc


def _add(candidates: list[tuple[int, int, int]], own: tuple[int, int, int]) -> None:
    """One candidate more where none stands yet."""
    if own[1] > own[0] and not any(own[0] < last and first < own[1] for first, last, _ in candidates):
        candidates.append(own)


def main() -> int:
    """`sheets SOURCE COUNT OUT` writes OUT-1.txt …; `write SOURCE ANSWERS …` adds to the file of the source what readers said."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("sheets", "check", "write"))
    parser.add_argument("source", choices=("news", "polnear", "gap"))
    parser.add_argument("given", nargs="+")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = parser.parse_args()
    known = dict(texts(given.source, given.data))
    if given.what == "sheets":
        count, out = int(given.given[0]), given.given[1]
        wanted = [sheet(name, text) for name, text in known.items() if mentions(text)]
        for index in range(count):
            Path(f"{out}-{index + 1}.txt").write_text("\n".join(wanted[index::count]), encoding="utf-8")
        return 0
    made, bad = load(given.source), 0
    for path in map(Path, given.given):
        for block in standoff.blocks(path):
            name, *below = block.strip().splitlines()
            found, wrong = read_back(below, known.get(name.strip(), ""))
            bad += len(wrong)
            print(*(f"{path.name}: {name}: {line}: not a line of numbers and words of the text" for line in wrong), sep="\n", end="\n" * bool(wrong), file=sys.stderr)
            if found:
                made[name.strip()] = found
    print(f"{len(made)} texts, {sum(map(len, made.values()))} mentions, {bad} lines left out")
    if given.what == "write":
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{given.source}.jsonl").write_text("".join(json.dumps({"id": name, "referents": own}) + "\n" for name, own in made.items()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
