"""Answers -> part files, each there whole or not at all; parts -> one file.

A row is an article: its `id` and the JSON of the contract. Parquet has the same in columns with fixed types.
"""

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from models.archives.records import Answered

SPAN = pa.struct([("start", pa.int32()), ("end", pa.int32()), ("text", pa.string())])
SPEAKER = pa.struct([
    ("id", pa.string()), ("name", pa.string()), ("kind", pa.string()), ("role", pa.string()), ("affiliation", pa.string()),
    ("on_behalf_of", pa.string()), ("confidence", pa.float64()), ("chain", pa.list_(SPAN)),
    ("alternatives", pa.list_(pa.struct([("name", pa.string()), ("confidence", pa.float64())]))),
])
ATTRIBUTION = pa.struct([
    ("id", pa.string()),
    ("quote", pa.struct([("text", pa.string()), ("spans", pa.list_(SPAN)), ("type", pa.string())])),
    ("cue", SPAN), ("source", SPAN), ("speaker", SPEAKER),
    ("topics", pa.list_(pa.struct([("topic", pa.string()), ("confidence", pa.float64()), ("evidence", pa.list_(SPAN))]))),
    ("negated", pa.bool_()), ("confidence", pa.float64()),
])
COLUMNS = [
    ("attributions", pa.list_(ATTRIBUTION)),
    ("model", pa.struct([("name", pa.string()), ("version", pa.string()), ("sha256", pa.string())])),
    ("offset_unit", pa.string()), ("text_sha256", pa.string()), ("warnings", pa.list_(pa.string())),
]


def schema(id_type: str) -> Any:
    """The columns of a Parquet part; `id_type` is string or int64."""
    return pa.schema([("id", pa.type_for_alias(id_type)), *COLUMNS])


def table(answers: Sequence[dict[str, Any]], id_type: str) -> Any:
    """Answers as a table."""
    rows = [{**own, "id": str(own["id"])} for own in answers] if id_type == "string" else list(answers)
    return pa.Table.from_pylist(rows, schema(id_type))


def atomic(path: Path, fill: Callable[[Path], None]) -> None:
    """Let `fill` write a file beside `path`, then put it there in one step: a kill leaves the old state or the new one."""
    # The name is nobody else's: a process that outlived a killed run may be writing the same part.
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        fill(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write(answered: Answered, parts: Path, side: Path, form: str, id_type: str) -> dict[str, int]:
    """A part's files: the side file first, since a part is done when its answers are there. Gives what was counted."""
    if answered.bad:
        atomic(side / bad_name(answered.number), lambda draft: _lines(draft, (own.line for own in answered.bad)))
    path = parts / part_name(answered.number, form)
    if form == "parquet":
        atomic(path, lambda draft: pq.write_table(table(answered.answers, id_type), draft, compression="zstd"))
    else:
        atomic(path, lambda draft: _lines(draft, (json.dumps(own, ensure_ascii=False) for own in answered.answers)))
    return {"answers": len(answered.answers), "bad": len(answered.bad)}


def part_name(number: int, form: str) -> str:
    """The file of a part's answers."""
    return f"part-{number:08d}.{form}"


def bad_name(number: int) -> str:
    """The file of a part's bad records, where it has any."""
    return f"bad-{number:08d}.jsonl"


def _lines(draft: Path, lines: Iterable[str]) -> None:
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def join(parts: Sequence[Path], path: Path, form: str, id_type: str) -> None:
    """One file from many in their order, a part in memory at a time."""

    def parquet(draft: Path) -> None:
        with pq.ParquetWriter(draft, schema(id_type), compression="zstd") as writer:
            for own in parts:
                writer.write_table(pq.read_table(own, partitioning=None))

    def jsonl(draft: Path) -> None:
        with draft.open("wb") as file:
            for own in parts:
                with own.open("rb") as part:
                    shutil.copyfileobj(part, file)

    atomic(path, parquet if form == "parquet" else jsonl)
