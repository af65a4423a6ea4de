"""Who said what about what in text files, on a terminal: in words, or as JSON or CSV for programs."""

import argparse
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

import models
from models import COLUMNS, Analysis, ModelsError, csv_text, record, rows
from models.terminal import coloured, plain, show

if TYPE_CHECKING:
    from models import Attributor


def options() -> argparse.ArgumentParser:
    """What may be asked for."""
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    parser.add_argument("files", nargs="*", help="text files in UTF-8; - or none is standard input")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a record a file, each on one line where it is not a terminal")
    form.add_argument("--csv", action="store_true", help="print a row a quote")
    parser.add_argument("--topic", action="append", default=[], help="keep quotes about this topic; may be given again (default: keep all)")
    parser.add_argument("--min-confidence", type=_probability, default=0.0, metavar="P", help="drop quotes below this probability, 0..1")
    return parser


def _probability(given: str) -> float:
    try:
        value = float(given)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{given!r} is no number from 0 to 1")
    return value


def narrowed(analysis: Analysis, known: Sequence[str], topics: Sequence[str], min_confidence: float) -> Analysis:
    """What was asked for; without a wish for topics also what is about none of those known."""
    return analysis.select(frozenset(topics or known), not topics, min_confidence)


def read(name: str) -> str:
    """A file's text, or that of standard input. Raises OSError and UnicodeDecodeError."""
    return (sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()).decode("utf-8")


def reason(error: Exception) -> str:
    """Why a file was not read, without its name, which stands before it."""
    if isinstance(error, UnicodeDecodeError):
        return f"it is not UTF-8: byte {error.start} cannot be read"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def quietly() -> "Attributor":
    """The attributor that ships with the library. The one bar to see is that of the files: transformers would show
    another, of the parts of the weights, even in a pipe."""
    with contextlib.redirect_stderr(io.StringIO()):
        return models.load()


def main(arguments: Sequence[str] | None = None, load: Callable[[], "Attributor"] = quietly) -> int:
    """Exit status 0 when every file was read, 1 when one was not or the model cannot be loaded, 2 for a wrong call."""
    parser = options()
    given = parser.parse_args(arguments)
    try:
        attributor = load()
    except ModelsError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    known = attributor.card.topics
    if unknown := [topic for topic in given.topic if topic not in known]:
        parser.error(f"argument --topic: {unknown[0]!r} is not known (choose from {', '.join(known)})")
    return run(attributor, given.files or ["-"], given)


def run(attributor: "Attributor", names: Sequence[str], given: argparse.Namespace) -> int:
    """Read each file and print what is in it; what cannot be read is named on standard error."""
    terminal = sys.stdout.isatty()
    paint = coloured if terminal and not os.environ.get("NO_COLOR") else plain
    if given.csv:
        write(csv_text([], ("file", *COLUMNS)))
    status = 0
    for name in progress(names):
        label = "(standard input)" if name == "-" else name
        try:
            analysis = narrowed(attributor([read(name)])[0], attributor.card.topics, given.topic, given.min_confidence)
        except (OSError, UnicodeDecodeError, ModelsError) as error:
            with tqdm.external_write_mode():
                print(f"models: {label}: {reason(error)}", file=sys.stderr)
            status = 1
            continue
        if given.json:
            write(json.dumps({"file": label, **record(analysis, attributor.card)}, ensure_ascii=False, indent=2 if terminal else None) + "\n")
        elif given.csv:
            write(csv_text([{"file": label, **row} for row in rows(analysis)], ("file", *COLUMNS), header=False))
        else:
            title = paint(f"== {label} ==", 1) + "\n" if len(names) > 1 else ""
            write(title + "".join(f"{line}\n" for line in show(analysis, paint).splitlines()))
    return status


def progress(names: Sequence[str]) -> Iterable[str]:
    """The names, with a bar on standard error where there are several and somebody sees it."""
    return tqdm(names, unit="file", leave=False, disable=len(names) < 2 or not sys.stderr.isatty())


def write(words: str) -> None:
    """To standard output at once, above the bar where there is one."""
    with tqdm.external_write_mode():
        sys.stdout.write(words)
        sys.stdout.flush()


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        sys.exit(main())
    # Whoever read has gone, or whoever started it has had enough: no traceback, and Python must not flush into nowhere.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(1)
