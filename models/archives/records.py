"""What goes through the pipeline: records in parts, and what is wrong with those that are no articles."""

import json
from dataclasses import dataclass
from typing import Any

LONGEST_LINE = 16 * 2**20  # bytes of a JSONL line that are read at all; an article's 100,000 characters take 1.2 MB at most

Id = str | int


class ArchiveError(Exception):
    """An archive that cannot be read or written as asked; the message says what came and what to do."""


class BadRecord(ValueError):
    """A record that is no article; the message says why. `id` is what is known of its id."""

    def __init__(self, reason: str, id: Id | None = None) -> None:
        super().__init__(reason)
        self.id = id


@dataclass(frozen=True, slots=True)
class Bad:
    """An entry of the side file: where the record stands (`record` counts lines, rows or files from 1) and why it has no answer."""

    file: str
    record: int
    id: Id | None
    reason: str

    @property
    def line(self) -> str:
        """As a line of JSON, in ASCII: an id may hold what UTF-8 cannot."""
        return json.dumps({"file": self.file, "record": self.record, "id": self.id, "reason": self.reason})


@dataclass(frozen=True, slots=True)
class Record:
    """An article and where it stands."""

    file: str
    record: int
    id: Id
    text: str

    def bad(self, reason: str) -> Bad:
        """Why it has no answer."""
        return Bad(self.file, self.record, self.id, reason)


@dataclass(frozen=True, slots=True)
class Part:
    """Records in the order of IN, and the bad ones between them."""

    number: int
    records: tuple[Record, ...]
    bad: tuple[Bad, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A part's answers in the order of IN, each the JSON of the contract after its `id`; every record is here or in `bad`."""

    number: int
    answers: tuple[dict[str, Any], ...]
    bad: tuple[Bad, ...]


def checked(file: str, record: int, id: object, text: object) -> Record:
    """A record whose id and text are of the right kind; whether the text can be read is for the model to say. Raises `BadRecord`."""
    if isinstance(id, bool) or not isinstance(id, str | int):
        raise BadRecord("id is missing" if id is None else f"id is a {type(id).__name__}; it must be a string or a whole number")
    if isinstance(id, str) and any("\ud800" <= char <= "\udfff" for char in id):
        raise BadRecord("id holds a lone surrogate; send it as valid Unicode", id)
    if not isinstance(text, str):
        raise BadRecord("text is missing" if text is None else f"text is a {type(text).__name__}; it must be a string", id)
    return Record(file, record, id, text)


def parsed(file: str, record: int, line: bytes) -> Record:
    """The record of a JSONL line. Raises `BadRecord`."""
    try:
        found = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))  # some programs write a mark of byte order first
    except UnicodeDecodeError as error:
        raise BadRecord(f"it is not UTF-8: byte {error.start} of the line cannot be read") from None
    except RecursionError:
        raise BadRecord("it is nested too deeply") from None
    except ValueError as error:
        raise BadRecord(f"it is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise BadRecord(f"it is a {type(found).__name__}; it must be an object with id and text")
    return checked(file, record, found.get("id"), found.get("text"))
