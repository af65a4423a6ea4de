"""IN -> slices of at most so many records, and a slice -> its part.

JSONL is cut at lines, Parquet inside row groups, a folder of .txt by names in order; a folder may also hold several JSONL or
Parquet files. Reading and cutting keep one record (Parquet: one part) in memory at a time, whatever the file's size.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow.parquet as pq
from pyarrow import types

from models.archives.records import LONGEST_LINE, ArchiveError, Bad, BadRecord, Part, Record, checked, parsed

KINDS = {".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".txt": "text"}


@dataclass(frozen=True, slots=True)
class Slice:
    """Where the records of a part stand: `count` of them from line, row or file `first` (from 0) on.

    `at` is the byte at which a JSONL slice begins, or the row group of a Parquet slice; `names` are the files of a text slice.
    """

    number: int
    file: Path
    first: int
    count: int
    at: int = 0
    names: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Source:
    """What IN is: `kind` jsonl, parquet or text, its files in order of name, below `root`."""

    kind: str
    root: Path
    files: tuple[Path, ...]

    @classmethod
    def of(cls, path: Path) -> "Source":
        """Look at IN; raises `ArchiveError` where it is nothing that can be read."""
        path = path.absolute()
        if not path.exists():
            raise ArchiveError(f"{path} does not exist")
        if path.is_file():
            if KINDS.get(path.suffix, "text") == "text":
                raise ArchiveError(f"{path} is neither .jsonl nor .parquet; for one article use `python -m models {path.name}`")
            return cls(KINDS[path.suffix], path.parent, (path,))
        # Hidden and underscored names are bookkeeping, as everywhere in this trade: an archive's own OUT can be read too.
        shown = (own for own in path.rglob("*") if not any(part[0] in "._" for part in own.relative_to(path).parts))
        files = tuple(sorted((own for own in shown if own.suffix in KINDS and own.is_file()), key=lambda own: own.relative_to(path).as_posix()))
        kinds = {KINDS[own.suffix] for own in files}
        if len(kinds) != 1:
            found = f"several kinds ({', '.join(sorted(kinds))})" if kinds else "none"
            raise ArchiveError(f"{path} holds {found} of .jsonl, .parquet and .txt files; it must hold one kind")
        return cls(kinds.pop(), path, files)

    @property
    def digest(self) -> str:
        """Changes when a file of IN comes, goes, grows or is written again: names, sizes and times, as make has it."""
        stats = ((own, own.stat()) for own in self.files)
        told = "\0".join(f"{own.relative_to(self.root).as_posix()} {stat.st_size} {stat.st_mtime_ns}" for own, stat in stats)
        return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()

    @property
    def id_type(self) -> str:
        """What ids are in Parquet: `int64` where they are whole numbers in the Parquet that comes in, else `string`."""
        if self.kind != "parquet":
            return "string"
        return "int64" if all(types.is_signed_integer(_opened(own).schema_arrow.field("id").type) for own in self.files) else "string"

    def slices(self, size: int) -> list[Slice]:
        """All parts of IN, of at most `size` records; raises `ArchiveError` for a Parquet file without the two columns."""
        cut: Callable[[Path, int], Iterator[tuple[int, int, int]]] = _cut_parquet if self.kind == "parquet" else _cut_jsonl
        if self.kind == "text":
            names = [own.relative_to(self.root).as_posix() for own in self.files]
            groups = [tuple(names[at : at + size]) for at in range(0, len(names), size)]
            return [Slice(number, self.root, number * size, len(own), 0, own) for number, own in enumerate(groups)]
        found = ((file, *own) for file in self.files for own in cut(file, size))
        return [Slice(number, *own) for number, own in enumerate(found)]

    def sections(self, slices: Sequence[Slice]) -> list[tuple[Slice, ...]]:
        """Slices by what is read in one go: a row group is decoded once, for all of its slices; others can be read each alone."""
        if self.kind != "parquet":
            return [(own,) for own in slices]
        return [tuple(own) for _, own in groupby(slices, key=lambda own: (own.file, own.at))]

    def read(self, section: Sequence[Slice]) -> Iterator[Part]:
        """The parts of a section, one after the other."""
        if self.kind == "parquet":
            yield from _read_parquet(section, self.root)
        for own in () if self.kind == "parquet" else section:
            found = _jsonl(own, self.root) if self.kind == "jsonl" else _texts(own)
            records, bad = [], []
            for file, number, made in found:
                try:
                    records.append(made())
                except BadRecord as error:
                    bad.append(Bad(file, number, error.id, str(error)))
            yield Part(own.number, tuple(records), tuple(bad))


Found = Iterator[tuple[str, int, Callable[[], Record]]]
"""File, number from 1, and a function that gives the record or raises `BadRecord`."""


def _cut_jsonl(file: Path, size: int) -> Iterator[tuple[int, int, int]]:
    """First line, records and first byte of each slice. An empty line is no record."""
    with file.open("rb") as lines:
        first = at = count = number = place = 0
        while piece := lines.readline(LONGEST_LINE):
            if piece.strip():
                if count == size:
                    yield first, count, at
                    first, count, at = number, 0, place
                count += 1
            place += len(piece) + _rest(lines, piece)
            number += 1
        if count:
            yield first, count, at


def _rest(lines: BinaryIO, piece: bytes) -> int:
    """Go to the end of a line longer than what is read of it; gives the bytes passed over."""
    passed = 0
    while piece and not piece.endswith(b"\n"):
        piece = lines.readline(LONGEST_LINE)
        passed += len(piece)
    return passed


def _jsonl(own: Slice, root: Path) -> Found:
    name = own.file.relative_to(root).as_posix()
    number, left = own.first, own.count
    with own.file.open("rb") as lines:
        lines.seek(own.at)
        while left and (line := lines.readline(LONGEST_LINE)):
            _rest(lines, line)
            number += 1
            if line.strip():
                left -= 1
                yield name, number, partial(_line, name, number, line)


def _line(name: str, number: int, line: bytes) -> Record:
    if len(line) >= LONGEST_LINE:
        raise BadRecord(f"the line is longer than {LONGEST_LINE:,} bytes")
    return parsed(name, number, line)


def _texts(own: Slice) -> Found:
    for number, name in enumerate(own.names, own.first + 1):
        yield name, number, partial(_text, own.file / name, name, number)


def _text(path: Path, name: str, number: int) -> Record:
    try:
        return checked(name, number, name, path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadRecord(f"it is not UTF-8: byte {error.start} cannot be read", name) from None
    except OSError as error:
        raise BadRecord(f"it cannot be read: {error.strerror or error}", name) from None


def _opened(file: Path) -> Any:
    """A Parquet file, read page by page instead of whole column chunks."""
    try:
        opened = pq.ParquetFile(file, buffer_size=2**20, pre_buffer=False)
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{file} cannot be read as Parquet: {error}") from None
    if missing := {"id", "text"} - set(opened.schema_arrow.names):
        raise ArchiveError(f"{file} has no column {' and no column '.join(sorted(missing))}; it must have id and text")
    return opened


def _cut_parquet(file: Path, size: int) -> Iterator[tuple[int, int, int]]:
    metadata = _opened(file).metadata
    first = 0
    for group in range(metadata.num_row_groups):
        until = first + metadata.row_group(group).num_rows
        while first < until:
            count = min(size, until - first)
            yield first, count, group
            first += count


def _read_parquet(section: Sequence[Slice], root: Path) -> Iterator[Part]:
    """The wanted slices of one row group. What is damaged in it makes bad records, not a failed run."""
    opened = _opened(section[0].file)
    name = section[0].file.relative_to(root).as_posix()
    group = section[0].at
    place = sum(opened.metadata.row_group(before).num_rows for before in range(group))
    size = max(own.count for own in section)
    columns: list[tuple[Any, Any]] = []  # rows read and not yet given, from `place` on
    rows = _rows(opened, group, size)
    for own in section:
        try:
            while place + len(columns) < own.first + own.count:
                columns.extend(next(rows))
                if place + len(columns) <= own.first:
                    place, columns = place + len(columns), []
        except (OSError, ValueError, StopIteration) as error:
            reason = f"its row group cannot be read: {error or 'it ends too early'}"
            yield Part(own.number, (), tuple(Bad(name, own.first + row, None, reason) for row in range(1, own.count + 1)))
            continue
        start = own.first - place
        found, bad = [], []
        for number, (id, text) in enumerate(columns[start : start + own.count], own.first + 1):
            try:
                found.append(checked(name, number, id, text))
            except BadRecord as error:
                bad.append(Bad(name, number, error.id, str(error)))
        place, columns = own.first + own.count, columns[start + own.count :]
        yield Part(own.number, tuple(found), tuple(bad))


def _rows(opened: Any, group: int, size: int) -> Iterator[list[tuple[Any, Any]]]:
    for batch in opened.iter_batches(batch_size=size, row_groups=[group], columns=["id", "text"]):
        yield list(zip(_values(batch.column("id")), _values(batch.column("text")), strict=True))


def _values(column: Any) -> list[Any]:
    """A column's values; a string that is not UTF-8 is told by its bytes, so that it spoils its own record alone."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        return [_value(own) for own in column]


def _value(own: Any) -> Any:
    try:
        return own.as_py()
    except UnicodeDecodeError:
        return b""
