"""One TOML file a topic: its name, definition, terms by group, and the phrases that rule a term out."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from models.errors import TopicFileError
from models.types import Span

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_BEGINNING = re.compile(r"\w+|[^\w\s]")
_KEYS = {"name", "definition", "terms", "excluded"}


@dataclass(frozen=True, slots=True)
class TopicFile:
    """A topic: `terms` find its words in a text, `excluded` rules some of them out."""

    name: str
    definition: str
    terms: "Phrases"
    excluded: "Phrases | None"
    weak: frozenset[str]

    def find(self, text: "Text") -> list[Span]:
        """Where the topic's words stand in a text, without those that an excluded phrase holds; in reading order."""
        without = self.excluded.find(text) if self.excluded else []
        return [own for own in self.terms.find(text) if not any(other.contains(own) for other in without)]

    def is_weak(self, words: str) -> bool:
        """Whether a term means the topic only among others (group `sums`: million, cost, pay)."""
        return words.casefold() in self.weak


class Text:
    """A text whose words are looked up once for all lists of phrases."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at: dict[str, list[int]] = {}  # a word or a sign, folded -> where it stands
        for word in _BEGINNING.finditer(text):
            self.at.setdefault(word.group().casefold(), []).append(word.start())


@dataclass(frozen=True, slots=True)
class Phrases:
    """A list of words and phrases that can be found in a text."""

    pattern: re.Pattern[str]
    begins: frozenset[str]  # the first word of each phrase, folded, and its plurals; for one that begins with a sign, the sign

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """From the phrases as the file has them."""
        first = [_BEGINNING.findall(word.casefold())[0] for word in words]
        return cls(_pattern(words), frozenset(word + ending for word in first for ending in ("", "s", "es")))

    def find(self, text: Text) -> list[Span]:
        """Where they stand, in reading order, none in another.

        The long pattern is asked only where a phrase can begin, which is ten times as fast as searching with it.
        """
        made: list[Span] = []
        end = 0
        for start in sorted(start for word in text.at.keys() & self.begins for start in text.at[word]):
            match = self.pattern.match(text.text, start) if start >= end else None
            if match:
                made.append(Span(*match.span()))
                end = match.end()
        return made


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    """All words as one pattern, the longest first; a word without a capital is matched in any case, plurals and 's too."""
    made = []
    for word in sorted(set(words), key=lambda own: (-len(own), own)):
        escaped = re.escape(word).replace(r"\ ", r"[\s\u00a0]+")
        made.append(escaped if any(char.isupper() for char in word) else f"(?i:{escaped})")
    return re.compile(rf"(?<![\w])(?:{'|'.join(made)})(?:s|es)?(?![\w])")


def _words(path: Path, key: str, value: object) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str) and word.strip() for word in value):
        raise TopicFileError(f"{path}: {key} is {value!r}; wanted a list of words, at least one")
    return list(value)


def read(path: Path) -> TopicFile:
    """A topic file, checked; raises `TopicFileError` naming the file and the key."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TopicFileError(f"{path}: cannot be read as TOML: {error}") from None
    if unknown := sorted(set(raw) - _KEYS):
        raise TopicFileError(f"{path}: unknown key {unknown[0]!r}; a topic file has {', '.join(sorted(_KEYS))}")
    name, definition, terms = raw.get("name"), raw.get("definition"), raw.get("terms")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise TopicFileError(f"{path}: name is {name!r}; wanted small letters, digits, - and _, beginning with a letter")
    if not isinstance(definition, str) or not definition.strip():
        raise TopicFileError(f"{path}: definition is {definition!r}; wanted one sentence that says what the topic covers")
    if not isinstance(terms, dict) or not terms:
        raise TopicFileError(f"{path}: terms is {terms!r}; wanted a table of groups, each a list of words")
    excluded = raw.get("excluded", {})
    if not isinstance(excluded, dict) or set(excluded) - {"phrases"}:
        raise TopicFileError(f"{path}: excluded is {excluded!r}; wanted a table with the one key phrases")
    groups = {group: _words(path, f"terms.{group}", own) for group, own in terms.items()}
    phrases = _words(path, "excluded.phrases", excluded["phrases"]) if "phrases" in excluded else []
    return TopicFile(
        name, definition.strip(), Phrases.of([word for own in groups.values() for word in own]),
        Phrases.of(phrases) if phrases else None, frozenset(word.casefold() for word in groups.get("sums", ())),
    )


def load_files(extra: Sequence[Path] = ()) -> tuple[TopicFile, ...]:
    """The three topics that ship, and those of the files named; a name may be used once."""
    shipped = [read(Path(__file__).parent / f"{name}.toml") for name in ("russia", "ukraine", "spending")]
    made = list(shipped)
    for path in extra:
        topic = read(path)
        if any(topic.name == other.name for other in made):
            raise TopicFileError(f"{path}: name is {topic.name!r}, which is taken; give the topic another name")
        made.append(topic)
    return tuple(made)
