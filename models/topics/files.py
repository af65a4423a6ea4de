"""One TOML file a topic: its name, definition, terms by group, and the phrases that rule a term out."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import TopicFileError
from models.types import Span

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_KEYS = {"name", "definition", "terms", "excluded"}


@dataclass(frozen=True, slots=True)
class TopicFile:
    """A topic: `terms` and `excluded` are patterns that find its words in a text."""

    name: str
    definition: str
    terms: re.Pattern[str]
    excluded: re.Pattern[str] | None
    weak: frozenset[str]

    def find(self, text: str) -> list[Span]:
        """Where the topic's words stand in a text, without those that an excluded phrase holds; in reading order."""
        without = [match.span() for match in self.excluded.finditer(text)] if self.excluded else []
        return [
            Span(*match.span()) for match in self.terms.finditer(text)
            if not any(start <= match.start() and match.end() <= end for start, end in without)
        ]

    def is_weak(self, words: str) -> bool:
        """Whether a term means the topic only among others (group `sums`: million, cost, pay)."""
        return words.casefold() in self.weak


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
        name, definition.strip(), _pattern([word for own in groups.values() for word in own]),
        _pattern(phrases) if phrases else None, frozenset(word.casefold() for word in groups.get("sums", ())),
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
