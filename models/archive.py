"""Who said what about what in an archive of articles: JSONL, Parquet or a folder of .txt in, Parquet or JSONL out.

A run that was stopped, at whatever moment, goes on where it stopped when the same command is given again.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from models import ModelsError
from models.artifact import DEFAULT, verify

if TYPE_CHECKING:
    from models.archives.desk import Desk
    from models.archives.sources import Slice, Source

NEEDS = ("ray", "pyarrow", "pandas")
MISSING = "models.archive: {} is not installed; run: pip install -r requirements/archive.txt"
EVERY = 10.0  # seconds between two lines of progress where no terminal shows a bar


def options() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(prog="python -m models.archive", description=__doc__)
    parser.add_argument("source", metavar="IN", type=Path, help="a .jsonl or .parquet file with id and text, or a folder of such or of .txt files")
    parser.add_argument("out", metavar="OUT", type=Path, help="a folder, made if missing, or one file whose name ends in .parquet or .jsonl")
    parser.add_argument("--format", choices=("parquet", "jsonl"), help="of the parts in a folder (default: parquet)")
    parser.add_argument("--address", help="a Ray cluster, as host:port; its nodes see IN and OUT under the same paths (default: this machine alone)")
    parser.add_argument("--workers", type=_positive, help="models at work at the same time, a core each (default: one for each core)")
    parser.add_argument("--part", type=_positive, default=500, metavar="N", help="records of a part, which a stop at most costs each worker (default: 500)")
    return parser


def _positive(given: str) -> int:
    try:
        value = int(given)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{given!r} is no whole number above 0")
    return value


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 0 when every readable record is done, 1 when the run cannot go on, 2 for a wrong call, 130 when it was interrupted."""
    given = options().parse_args(arguments)
    if missing := [name for name in NEEDS if find_spec(name) is None]:
        print(MISSING.format("Ray" if "ray" in missing else " and ".join(missing)), file=sys.stderr)
        return 1
    from models.archives.records import ArchiveError

    try:
        return archive(given)
    except (ArchiveError, ModelsError, OSError) as error:
        print(f"models.archive: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("models.archive: stopped; the same command goes on from here", file=sys.stderr)
        return 130


def archive(given: argparse.Namespace) -> int:
    """Plan, do what is missing, put together. Raises `ArchiveError`, `ArtifactError` and OSError."""
    from models.archives.desk import Desk
    from models.archives.records import ArchiveError
    from models.archives.sources import Source

    source, desk = Source.of(given.source), Desk.of(given.out, given.format)
    if given.source.is_dir() and desk.parts.resolve().is_relative_to(source.root.resolve()):
        raise ArchiveError(f"OUT {given.out} lies in IN {given.source}, where it would be read as articles; give another OUT")
    plan = {
        "input": source.digest, "format": desk.form, "size of a part": given.part,
        "model": verify(DEFAULT).sha256["model.safetensors"],
    }
    with desk.take(plan):
        slices = source.slices(given.part)
        there = {own.number for own in slices} if desk.complete else _there(desk, slices)
        missing = [own for own in slices if own.number not in there]
        if missing:
            work(source, desk, missing, sum(own.count for own in slices), given)
        desk.finish([own.number for own in slices], source.id_type)
        bad = desk.bad_count()
    print(
        f"models.archive: done{'' if missing else ' already'}: {sum(own.count for own in slices):,} records"
        f"{f', {bad:,} of them bad: see {desk.bad}' if bad else ', none bad'}", file=sys.stderr,
    )
    return 0


def _there(desk: "Desk", slices: Sequence["Slice"]) -> set[int]:
    from models.archives.results import part_name

    names = desk.done()
    return {own.number for own in slices if part_name(own.number, desk.form) in names}


def work(source: "Source", desk: "Desk", missing: Sequence["Slice"], total: int, given: argparse.Namespace) -> None:
    """The parts that are missing, with their progress on standard error."""
    from models.archives.engine import cluster, run

    with cluster(given.address) as cores:
        counts = run(source, desk, missing, source.id_type, given.workers or cores)
        show((own["answers"] + own["bad"] for own in counts), total - sum(own.count for own in missing), total)


def show(counts: Iterable[int], before: int, total: int) -> None:
    """Take the counts of records as they come: a bar on a terminal, elsewhere a line every ten seconds."""
    if sys.stderr.isatty():
        with tqdm(total=total, initial=before, unit="record", smoothing=0.1) as bar:
            for own in counts:
                bar.update(own)
        return
    began = told = time.monotonic()
    done = 0
    for own in counts:
        done += own
        if (now := time.monotonic()) - told >= EVERY:
            told = now
            rate = done / (now - began)
            print(
                f"models.archive: {before + done:,} of {total:,} records, {rate:,.1f} a second, "
                f"{(total - before - done) / rate:,.0f} s left", file=sys.stderr, flush=True,
            )


if __name__ == "__main__":
    sys.exit(main())
