"""`python -m models.archive`: parts, bad records, a killed run, a cluster of two nodes, and the example that stands on it."""

import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

REASON = "Ray is not installed: pip install -r requirements/archive.txt"
pytest.importorskip("ray", reason=REASON)
pytest.importorskip("pandas", reason=REASON)

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from models.archives.desk import Desk
from models.archives.records import ArchiveError, BadRecord, Part, Record, parsed
from models.archives.results import atomic, schema, write
from models.archives.sources import Slice, Source
from models.archives.worker import Worker, groups
from tests.double import Double, Window

ROOT = Path(__file__).parent.parent
QUIET = {**os.environ, "OMP_NUM_THREADS": "1"}


def text(number: int) -> str:
    """An article of its own for each number, of different lengths."""
    names = ("Marta Hale", "Ivan Petrenko", "Liisa Tamm", "Tomas Roy")
    said = f"“We will pay {number} million for the budget,” said {names[number % 4]}. "
    return said + "Kyiv has asked for more, and Russia must answer. " * (number % 7)


def jsonl(path: Path, lines: Sequence[bytes]) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


def line(id: Any, words: Any) -> bytes:
    return json.dumps({"id": id, "text": words}, ensure_ascii=False).encode()


def parts(source: Source, size: int, wanted: Callable[[Slice], bool] = lambda own: True) -> dict[int, Part]:
    slices = [own for own in source.slices(size) if wanted(own)]
    return {part.number: part for section in source.sections(slices) for part in source.read(section)}


def command(*arguments: object, **settings: Any) -> subprocess.CompletedProcess[str]:
    full = [sys.executable, "-m", "models.archive", *map(str, arguments)]
    return subprocess.run(full, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT, env=QUIET, **settings)


# What comes in


@pytest.fixture(params=["jsonl", "parquet", "text", "several"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    """The same 23 articles, however they lie."""
    rows = [(f"n{number:02d}", text(number)) for number in range(23)]
    folder = tmp_path / "in"
    folder.mkdir()
    if request.param == "jsonl":
        return Source.of(jsonl(folder / "in.jsonl", [own for row in rows for own in (line(*row), b"")]))
    if request.param == "several":
        jsonl(folder / "a.jsonl", [line(*row) for row in rows[:9]])
        jsonl(folder / "b.jsonl", [line(*row) for row in rows[9:]])
        jsonl(folder / "_bad.jsonl", [b"bookkeeping"])
    elif request.param == "parquet":
        table = pa.table({"id": [row[0] for row in rows], "date": [None] * 23, "text": [row[1] for row in rows]})
        pq.write_table(table, folder / "in.parquet", row_group_size=10)
    else:
        for id, words in rows:
            (folder / id).write_text(words, encoding="utf-8")
            (folder / id).rename(folder / f"{id}.txt")
    return Source.of(folder)


@pytest.mark.parametrize("size", [1, 2, 4, 7, 10, 23, 500])
def test_parts_are_the_archive_in_order_and_each_can_be_read_alone(source: Source, size: int) -> None:
    whole = parts(source, size)
    assert list(whole) == list(range(len(whole)))
    records = [own for part in whole.values() for own in part.records]
    assert [own.text for own in records] == [text(number) for number in range(23)]
    assert [own.id.removesuffix(".txt") for own in records if isinstance(own.id, str)] == [f"n{number:02d}" for number in range(23)]
    assert all(1 <= len(part.records) <= size and not part.bad for part in whole.values())
    some = random.Random(size).sample(sorted(whole), max(1, len(whole) // 2))
    assert parts(source, size, lambda own: own.number in some) == {number: whole[number] for number in sorted(some)}


BAD = [
    (b'{"id": "x", ', "it is not JSON"),
    (b'["id"]', "it is a list"),
    (b'{"text": "Words."}', "id is missing"),
    (b'{"id": 1.5, "text": "Words."}', "id is a float"),
    (b'{"id": true, "text": "Words."}', "id is a bool"),
    (b'{"id": "\\ud800", "text": "Words."}', "id holds a lone surrogate"),
    (b'{"id": "x"}', "text is missing"),
    (b'{"id": "x", "text": ["Words."]}', "text is a list"),
    (b'{"id": "x", "text": "\xff"}', "it is not UTF-8"),
    (b'{"id": "x", "text": ' + b"[" * 100_000, "it is nested too deeply"),
]


@pytest.mark.parametrize(("given", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_why_a_line_is_no_article(given: bytes, reason: str) -> None:
    with pytest.raises(BadRecord, match=re.escape(reason)):
        parsed("in.jsonl", 1, given)


def test_a_whole_number_is_an_id_and_a_mark_of_byte_order_no_harm() -> None:
    assert parsed("in.jsonl", 3, b"\xef\xbb\xbf" + line(7, "Words.")) == Record("in.jsonl", 3, 7, "Words.")


def test_bad_lines_are_told_by_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.archives.sources.LONGEST_LINE", 1000)
    lines = [line("a", "One."), b"", BAD[0][0], line("long", "x" * 5000), line("b", "Two.")]
    for size in (1, 2, 9):
        found = parts(Source.of(jsonl(tmp_path / "in.jsonl", lines)), size).values()
        assert [(own.record, own.id) for part in found for own in part.records] == [(1, "a"), (5, "b")]
        assert [(own.record, own.reason[:14]) for part in found for own in part.bad] == [(3, "it is not JSON"), (4, "the line is lo")]


def test_bad_rows_and_files(tmp_path: Path) -> None:
    damaged = pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")])
    texts = pa.chunked_array([pa.array(["One.", None]), damaged, pa.array(["Two."])]).combine_chunks()
    pq.write_table(pa.table({"id": [1, 2, 3, None], "text": texts}), tmp_path / "in.parquet")
    source = Source.of(tmp_path / "in.parquet")
    (part,) = parts(source, 9).values()
    assert source.id_type == "int64"
    assert [own.id for own in part.records] == [1]
    assert [(own.record, own.id) for own in part.bad] == [(2, 2), (3, 3), (4, None)]
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"\xff")
    (folder / "b.txt").write_text("Words.", encoding="utf-8")
    (part,) = parts(Source.of(folder), 9).values()
    assert [(own.file, own.id, own.reason) for own in part.bad] == [("a.txt", "a.txt", "it is not UTF-8: byte 0 cannot be read")]


def test_what_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="does not exist"):
        Source.of(tmp_path / "nowhere")
    with pytest.raises(ArchiveError, match=r"holds none of"):
        Source.of(tmp_path)
    (tmp_path / "a.txt").write_text("Words.", encoding="utf-8")
    jsonl(tmp_path / "b.jsonl", [])
    with pytest.raises(ArchiveError, match="several kinds"):
        Source.of(tmp_path)
    with pytest.raises(ArchiveError, match=r"python -m models a\.txt"):
        Source.of(tmp_path / "a.txt")
    (tmp_path / "c.parquet").write_bytes(b"PAR1")
    with pytest.raises(ArchiveError, match="cannot be read as Parquet"):
        Source.of(tmp_path / "c.parquet").slices(5)
    pq.write_table(pa.table({"text": ["Words."]}), tmp_path / "d.parquet")
    with pytest.raises(ArchiveError, match="no column id"):
        Source.of(tmp_path / "d.parquet").slices(5)


# What the model makes of it


def part_of(texts: Sequence[str]) -> Part:
    return Part(0, tuple(Record("in.jsonl", number + 1, f"n{number}", own) for number, own in enumerate(texts)), ())


class Careful(Double):
    """Refuses what the real one refuses, and breaks where a text asks for it."""

    def read(self, text: str) -> Any:
        if not text.strip():
            raise BadRecord("the text is empty")
        return super().read(text)

    def encode(self, windows: Sequence[Window]) -> list[str]:
        if any("BREAK" in window.text for window in windows):
            raise RuntimeError("out of luck")
        return super().encode(windows)


def test_a_part_is_answered_in_order_in_batches_of_like_length() -> None:
    double = Double()
    texts = [text(number) for number in range(30)]
    answered = Worker(lambda: double).answer(part_of(texts))  # type: ignore[arg-type,return-value]
    assert [own["id"] for own in answered.answers] == [f"n{number}" for number in range(30)]
    assert all(texts[int(own["id"][1:])][(span := own["attributions"][0]["quote"]["spans"][0])["start"] : span["end"]] == span["text"]
               for own in answered.answers)
    assert len(double.batches) == 1, "the windows of all documents go to the network together"
    lengths = [window.length for window in double.batches[0]]
    assert len(double.batches[0]) > 30
    assert lengths[0] < lengths[-1]


@pytest.mark.parametrize("most", [1, 40, 100, 10_000])
def test_groups_hold_every_document_once_and_no_more_pieces_than_allowed(most: int) -> None:
    documents = [(own, Double().read(own.text)) for own in part_of([text(number) for number in range(30)]).records]
    made = list(groups(documents, most))
    assert sorted(own.record for group in made for own, _ in group) == list(range(1, 31))
    totals = [sum(window.length for _, document in group for window in document.windows) for group in made]
    assert all(total <= most or len(group) == 1 for total, group in zip(totals, made, strict=True))


def test_a_record_that_breaks_the_model_harms_no_other() -> None:
    texts = [text(1), "BREAK", "", "x" * 100_001, text(4)]
    answered = Worker(Careful).answer(part_of(texts))  # type: ignore[arg-type]
    assert [own["id"] for own in answered.answers] == ["n0", "n4"]
    assert [(own.id, own.reason.split(":")[0]) for own in answered.bad] == [
        ("n1", "the model failed on it"), ("n2", "the model failed on it"),
        ("n3", "the text has 100,001 characters, the limit is 100,000"),
    ]


# What goes out


def test_parquet_and_jsonl_say_the_same(tmp_path: Path) -> None:
    answered = Worker(Double).answer(part_of([text(number) for number in range(9)]))  # type: ignore[arg-type]
    for form in ("parquet", "jsonl"):
        assert write(answered, tmp_path, tmp_path, form, "string") == {"answers": 9, "bad": 0}
    rows = [json.loads(own) for own in (tmp_path / "part-00000000.jsonl").read_text(encoding="utf-8").splitlines()]
    table = pq.read_table(tmp_path / "part-00000000.parquet")
    assert table.to_pylist() == rows
    assert table.schema.equals(schema("string"))
    assert sorted(own.name for own in tmp_path.iterdir()) == ["part-00000000.jsonl", "part-00000000.parquet"]


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    def half(draft: Path) -> None:
        draft.write_text("half", encoding="utf-8")
        raise OSError("no space left")

    atomic(tmp_path / "a", lambda draft: draft.write_text("whole", encoding="utf-8") and None)
    with pytest.raises(OSError, match="no space"):
        atomic(tmp_path / "a", half)
    assert [own.name for own in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text(encoding="utf-8") == "whole"


def test_only_the_same_work_goes_on_and_one_run_at_a_time(tmp_path: Path) -> None:
    for name in ("out", "out.parquet"):
        desk = Desk.of(tmp_path / name, None)
        plan = {"input": "abc", "format": desk.form}
        with desk.take(plan), pytest.raises(ArchiveError, match="another run is writing"):
            desk.take(plan)
        (desk.parts / ".part-00000000.parquet.ab.tmp").touch()
        desk.take(plan).close()
        assert not list(desk.parts.glob("*.tmp"))
        with pytest.raises(ArchiveError, match="another input"):
            desk.take({**plan, "input": "def"})
    (tmp_path / "mine.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(ArchiveError, match="is there already"):
        Desk.of(tmp_path / "mine.jsonl", None).take({})
    with pytest.raises(ArchiveError, match="--format says jsonl"):
        Desk.of(tmp_path / "new.parquet", "jsonl")


# The command


def test_without_ray_a_line_says_what_to_install(tmp_path: Path) -> None:
    """As where it is not installed: an entry of None makes Python find nothing."""
    code = "import runpy, sys; sys.modules['ray'] = None; runpy.run_module('models.archive', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code, "in.jsonl", str(tmp_path / "out")], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr == "models.archive: Ray is not installed; run: pip install -r requirements/archive.txt\n"
    assert not (tmp_path / "out").exists()


def test_the_pins_of_the_archive_are_exact_and_change_no_other() -> None:
    def pins(name: str) -> dict[str, str]:
        lines = [own for own in (ROOT / name).read_text(encoding="utf-8").splitlines() if own and not own.startswith("#")]
        assert all(re.fullmatch(r"[\w.-]+(?:\[[\w,]+\])?==[\w.+]+", own) for own in lines)
        return {re.sub(r"[-_.]+", "-", own.split("==")[0]).lower(): own.split("==")[1] for own in lines}

    own = pins("requirements/archive.txt")
    assert {"ray", "pyarrow", "pandas", "matplotlib"} <= set(own)
    for other in ("requirements.txt", "requirements/dev.txt", "requirements/tracing.txt"):
        told = pins(other)
        assert {name: told[name] for name in own if name in told} == {name: own[name] for name in own if name in told}


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 records, six of them bad."""
    lines = [line(f"n{number}", text(number)) for number in range(114)]
    bad = [BAD[0][0], BAD[6][0], BAD[8][0], line("nul", "a\0b"), line("blank", " \n"), line("long", "x" * 100_001)]
    for place, own in zip((3, 20, 41, 42, 77, 119), bad, strict=True):
        lines.insert(place, own)
    return jsonl(tmp_path_factory.mktemp("archive") / "in.jsonl", lines)


PLACES = [4, 21, 42, 43, 78, 120]


@pytest.fixture(scope="module")
def undisturbed(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run that nobody stopped."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    done = command(articles, out, "--part", 10)
    assert done.returncode == 0, done.stderr
    assert f"done: 120 records, 6 of them bad: see {out / '_bad.jsonl'}" in done.stderr
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {str(own.relative_to(folder)): own.read_bytes() for own in folder.rglob("*") if own.is_file()}


def test_every_record_is_answered_in_order_or_told_as_bad(undisturbed: Path) -> None:
    assert len(list(undisturbed.glob("part-*.parquet"))) == 12
    table = pq.read_table(undisturbed)  # as any reader of Parquet would: the rest of the folder is not in its way
    assert table["id"].to_pylist() == [f"n{number}" for number in range(114)]
    found = {own["id"]: own["attributions"] for own in table.to_pylist()}
    named = [found[f"n{number}"][0]["speaker"]["name"] for number in range(4) if found[f"n{number}"]]
    assert len(named) >= 3
    assert set(named) <= {"Marta Hale", "Ivan Petrenko", "Liisa Tamm", "Tomas Roy"}
    for number in range(114):
        for own in found[f"n{number}"]:
            assert all(text(number)[span["start"] : span["end"]] == span["text"] for span in own["quote"]["spans"])
    bad = [json.loads(own) for own in (undisturbed / "_bad.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [own["record"] for own in bad] == PLACES
    assert all(own["file"] == "in.jsonl" and own["reason"] for own in bad)


def test_killed_runs_go_on_to_what_an_undisturbed_run_gives(articles: Path, undisturbed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    full = [sys.executable, "-m", "models.archive", str(articles), str(out), "--part", "10"]
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    done: dict[str, int] = {}
    for wait in (None, random.Random(seed).uniform(0, 15)):
        process = subprocess.Popen(full, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=QUIET)
        end = time.monotonic() + (120 if wait is None else wait)
        while process.poll() is None and time.monotonic() < end and not (wait is None and list(out.glob("part-*"))):
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait()
        kept = {own.name: own.stat().st_ino for own in out.glob("part-*")}
        assert {name: kept.get(name) for name in done} == done, "a part that was done was done again"
        done = kept
    last = subprocess.run(full, capture_output=True, text=True, timeout=300, check=False, cwd=ROOT, env=QUIET)
    assert last.returncode == 0, last.stderr
    assert {name: (out / name).stat().st_ino for name in done} == done
    assert files(out) == files(undisturbed)


def test_one_file_out_of_parquet_in_and_nothing_to_do_afterwards(articles: Path, undisturbed: Path, tmp_path: Path) -> None:
    rows = [json.loads(own) for own in articles.read_bytes().splitlines() if own.startswith(b'{"id": "n') and b"\\u0000" not in own]
    pq.write_table(pa.table({"id": [row["id"] for row in rows], "text": [row["text"] for row in rows]}), tmp_path / "in.parquet", row_group_size=50)
    out = tmp_path / "deep" / "quotes.jsonl"
    done = command(tmp_path / "in.parquet", out, "--workers", 1)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(own) for own in out.read_text(encoding="utf-8").splitlines()]
    other = pq.read_table(undisturbed).to_pylist()
    assert [own["id"] for own in answers] == [own["id"] for own in other]

    def what(row: dict[str, Any]) -> Any:  # of batches with other neighbours, scores may differ in the last digits of the precision
        return [(own["quote"], own["source"], own["speaker"] and own["speaker"]["name"]) for own in row["attributions"]]

    assert [what(own) for own in answers] == [what(own) for own in other]
    assert (out.parent / "quotes.bad.jsonl").read_bytes() == b""
    before = out.stat().st_ino
    began = time.monotonic()
    again = command(tmp_path / "in.parquet", out, "--workers", 1)
    assert (again.returncode, out.stat().st_ino) == (0, before)
    assert "done already: 114 records, none bad" in again.stderr
    assert time.monotonic() - began < 10


def test_a_wrong_call_is_told_in_a_line(tmp_path: Path) -> None:
    done = command(tmp_path / "nowhere.jsonl", tmp_path / "out")
    assert (done.returncode, done.stderr) == (1, f"models.archive: {tmp_path / 'nowhere.jsonl'} does not exist\n")
    assert command("in.jsonl", "out", "--part", "0").returncode == 2
    (tmp_path / "a.txt").write_text("Words.", encoding="utf-8")
    assert "lies in IN" in command(tmp_path, tmp_path / "out").stderr


@pytest.fixture
def two_nodes() -> Iterator[str]:
    """The address of a Ray cluster of two nodes, of one core each."""
    from ray.cluster_utils import Cluster

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False, "object_store_memory": 2**27})
    cluster.add_node(num_cpus=1, object_store_memory=2**27)
    yield cluster.address
    cluster.shutdown()


@pytest.mark.cluster
def test_a_cluster_of_two_nodes_gives_the_same(articles: Path, undisturbed: Path, tmp_path: Path, two_nodes: str) -> None:
    out = tmp_path / "out"
    done = command(articles, out, "--part", 10, "--address", two_nodes)
    assert done.returncode == 0, done.stderr
    assert files(out) == files(undisturbed)


@pytest.mark.cluster
def test_a_cluster_that_is_not_there(articles: Path, tmp_path: Path) -> None:
    done = command(articles, tmp_path / "out", "--address", "127.0.0.1:1")
    assert done.returncode == 1
    assert "Ray cannot be reached at 127.0.0.1:1" in done.stderr.splitlines()[-1]


# The example


def test_the_example_gives_its_table_and_its_plot(tmp_path: Path) -> None:
    folder = ROOT / "examples" / "articles"
    done = command(folder, tmp_path / "quotes")
    assert done.returncode == 0, done.stderr
    made = subprocess.run(
        [sys.executable, "-m", "examples.who_said_what", str(tmp_path / "quotes"), "--topic", "ukraine", "--out", str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
    )
    assert made.returncode == 0, made.stderr
    with (tmp_path / "ukraine-2026-11.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 5
    assert list(rows[0]) == ["date", "speaker", "kind", "quote", "negated", "confidence", "article"]
    for row in rows:
        assert row["date"].startswith("2026-11")
        written = " ".join((folder / row["article"]).read_text(encoding="utf-8").split())
        assert all(" ".join(piece.split()) in written for piece in row["quote"].split(" […] "))
    assert "Oksana Hrytsenko" in {row["speaker"] for row in rows}
    assert pd.read_csv(tmp_path / "ukraine-2026-11.csv")["confidence"].between(0, 1).all()
    plot = (tmp_path / "ukraine-2026-11.svg").read_text(encoding="utf-8")
    assert "<svg" in plot
    assert "Oksana Hrytsenko" in plot, "words of the plot are words, not outlines"
    assert "Oksana Hrytsenko" in made.stdout
