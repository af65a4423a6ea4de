"""`python -m models` on files, standard input, terminals and pipes, and what it cannot read.

What it prints is tested over a double; that the real model answers, once.
"""

import csv
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models import COLUMNS, Analysis, ModelsError, __main__, terminal
from models.types import Attribution, Quote, QuoteType, Span, Speaker, SpeakerKind
from tests.conftest import ARTICLE
from tests.double import Double

TEXT = "“We will pay,” said Marta Hale of the Russian loan.\n"
WORDS = """\
Marta Hale — spending 0.90 — direct, 0.80
    We will pay,
Ivan Petrenko — russia 0.90 — direct, 0.80
    Russia must answer,
(nobody named) — none of the topics — direct, 0.80
    It rained.
"""
Run = Callable[..., tuple[int, str, str]]


class Library(Double):
    """The double with the library's own call."""

    def __call__(self, texts: list[str]) -> list[Analysis]:
        if any(not text.strip() for text in texts):
            raise ModelsError("the text is blank")
        documents = [self.read(text) for text in texts]
        return [self.assemble(document, self.encode(document.windows)) for document in documents]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command; gives its exit status, what it printed and what it complained of."""

    def call(*arguments: str, given: bytes = b"", load: Callable[[], Any] = Library) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        status = __main__.main(arguments, load)
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "article.txt"
    made.write_text(ARTICLE, encoding="utf-8")
    return made


def test_words_are_plain_in_a_pipe(run: Run, file: Path) -> None:
    assert run(str(file)) == (0, WORDS, "")


@pytest.mark.parametrize("arguments", [(), ("-",)])
def test_standard_input(run: Run, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, given=ARTICLE.encode()) == (0, WORDS, "")


def test_several_files_are_named(run: Run, file: Path) -> None:
    status, printed, _ = run(str(file), "-", given=TEXT.encode())
    assert status == 0
    assert printed == f"== {file} ==\n{WORDS}== (standard input) ==\nMarta Hale — spending 0.90 — direct, 0.80\n    We will pay,\n"


def test_errors_name_the_file_and_the_others_go_on(run: Run, file: Path, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    (tmp_path / "blank.txt").write_bytes(b" \n")
    names = [str(tmp_path / name) for name in ("nowhere.txt", "latin.txt", "blank.txt")]
    status, printed, told = run(*names, str(file), str(tmp_path))
    assert status == 1
    assert printed == f"== {file} ==\n{WORDS}"
    assert told.splitlines() == [
        f"models: {names[0]}: No such file or directory",
        f"models: {names[1]}: it is not UTF-8: byte 3 cannot be read",
        f"models: {names[2]}: the text is blank",
        f"models: {tmp_path}: Is a directory",
    ]


def test_json_is_a_record_a_line(run: Run, file: Path) -> None:
    status, printed, _ = run("--json", str(file), str(file))
    assert status == 0
    first, second = map(json.loads, printed.splitlines())
    assert first == second
    assert list(first) == ["file", "attributions", "model", "offset_unit", "text_sha256", "warnings"]
    assert first["file"] == str(file)
    for own in first["attributions"]:
        for span in own["quote"]["spans"]:
            assert ARTICLE[span["start"] : span["end"]] == span["text"]


def test_csv_is_a_row_a_quote(run: Run, file: Path, tmp_path: Path) -> None:
    status, printed, _ = run("--csv", str(file), str(tmp_path / "nowhere.txt"), str(file))
    assert status == 1
    rows = list(csv.DictReader(io.StringIO(printed, newline="")))
    assert tuple(rows[0]) == ("file", *COLUMNS)
    assert [row["id"] for row in rows] == ["a1", "a2", "a3"] * 2
    assert {row["file"] for row in rows} == {str(file)}


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        ([], ["a1", "a2", "a3"]),
        (["--topic", "russia"], ["a2"]),
        (["--topic", "russia", "--topic", "spending"], ["a1", "a2"]),
        (["--topic", "ukraine"], []),
        (["--min-confidence", "0.8"], ["a1", "a2", "a3"]),
        (["--min-confidence", "0.81"], []),
    ],
)
def test_what_is_asked_for(run: Run, file: Path, arguments: list[str], ids: list[str]) -> None:
    _, printed, _ = run("--json", *arguments, str(file))
    assert [own["id"] for own in json.loads(printed)["attributions"]] == ids


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--topic", "weather"], "'weather' is not known (choose from russia, ukraine, spending)"),
        (["--min-confidence", "2"], "'2' is no number from 0 to 1"),
        (["--min-confidence", "nan"], "'nan' is no number from 0 to 1"),
        (["--min-confidence", "high"], "'high' is no number from 0 to 1"),
        (["--json", "--csv"], "not allowed with"),
    ],
)
def test_a_wrong_call(run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_weights_that_cannot_be_loaded(run: Run) -> None:
    def fail() -> None:
        raise ModelsError("no weights")

    assert run("-", load=fail) == (1, "", "models: no weights\n")


def test_an_article_cannot_steer_the_terminal() -> None:
    text = "\x1b]0;title\x07red\x9b31m\r\nover\u202eturned"
    who = Speaker("s1", "\x1b[2JAnn", SpeakerKind.PERSON, 1.0, role="\x08Chief")
    made = Analysis(text, (Attribution("a1", Quote((Span(0, len(text)),), QuoteType.DIRECT), None, None, who, (), True, 1.0),), ())
    assert terminal.show(made) == " [2JAnn,  Chief (denied) — none of the topics — direct, 1.00\n     ]0;title red 31m over turned"


COMMAND = "import sys; from models import __main__; from tests.test_cli import Library; sys.exit(__main__.main(sys.argv[1:], Library))"


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What a terminal gets to see."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **environment}
    ) as running:
        os.close(theirs)
        seen = b""
        while True:
            try:
                seen += (more := os.read(ours, 65536))
            except OSError:  # Linux says so when the other side is closed
                break
            if not more:
                break
    os.close(ours)
    assert running.returncode == 0, seen.decode()
    return seen.decode().replace("\r\n", "\n")


def test_colours_and_a_bar_on_a_terminal(file: Path) -> None:
    seen = on_a_terminal(str(file), str(file), NO_COLOR="")
    assert "\x1b[36mMarta Hale\x1b[0m" in seen
    assert "\x1b[33mIvan Petrenko\x1b[0m" in seen
    assert re.search(r"\d%\|.*/2 ", seen)
    assert "file" in seen
    assert re.sub(r"\x1b\[[\d;]*[A-Za-z]|\r[^\n]*?\r", "", seen).count("Marta Hale — spending 0.90 — direct, 0.80") == 2


def test_no_colour_where_none_is_wanted_and_no_bar_for_one_file(file: Path) -> None:
    assert on_a_terminal(str(file), NO_COLOR="1") == WORDS
    assert "%|" not in on_a_terminal(str(file), NO_COLOR="")


def test_the_real_model_answers_and_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    made = tmp_path / "article.txt"
    made.write_text(TEXT, encoding="utf-8")
    command = [sys.executable, "-m", "models", "--json", str(made)]
    done = subprocess.run(command, capture_output=True, timeout=300, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    span = json.loads(done.stdout)["attributions"][0]["quote"]["spans"][0]
    assert TEXT[span["start"] : span["end"]] == span["text"] == "We will pay,"
    read, write = os.pipe()
    os.close(read)
    gone = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, timeout=300, check=False)
    os.close(write)
    assert (gone.returncode, gone.stderr) == (1, b"")
