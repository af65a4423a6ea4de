"""docs/reliability.md is what the suite left, and names every part of it."""

import json
import os
from pathlib import Path

from tests.load import report, soak
from tests.load.answers import distance
from tests.load.image import COMMAND, USER, environment
from tests.load.rows import Row


def test_the_page_is_written_from_the_measurements() -> None:
    """`python -m tests.load.report` mends it."""
    assert report.PAGE.read_text(encoding="utf-8") == report.page(json.loads(report.MEASURED.read_text(encoding="utf-8")))


def test_the_page_names_every_part_and_its_command() -> None:
    written = report.PAGE.read_text(encoding="utf-8")
    assert all(f"| {name} |" in written and f"--only {name}" in written for name in soak.PARTS)


def test_parts_measured_apart_are_kept_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "soak.json"
    soak.store(file, "faults", [Row("a | b", "c", "d", True)])
    soak.store(file, "fairness", [Row("e", "f", "g", False)])
    measured = json.loads(file.read_text(encoding="utf-8"))
    assert list(measured) == ["faults", "fairness"]
    assert measured["faults"]["machine"].startswith(f"{len(os.sched_getaffinity(0))} x ")
    written = report.page(measured)
    assert "| faults | a \\| b | c | d | yes |" in written
    assert "| fairness | e | f | g | **no** |" in written
    assert "not measured yet" in written


def test_answers_differ_in_scores_only_or_altogether() -> None:
    changes: list[dict[str, object]] = [{"id": "a2"}, {"cue": {}}, {"spans": [{"start": 2}]}]
    one: list[dict[str, object]] = [{"id": "a1", "cue": None, "confidence": 0.9, "spans": [{"start": 1}]}]
    assert distance(one, [{**one[0], "confidence": 0.875}]) == 0.9 - 0.875
    others: list[list[dict[str, object]]] = [[], [{"id": "a1"}], *([{**one[0], **each}] for each in changes)]
    assert all(distance(one, other) == float("inf") for other in others)
    assert distance([], []) == 0.0


def test_the_image_is_run_as_its_dockerfile_says() -> None:
    assert USER == 10001
    assert COMMAND[0] == "gunicorn"
    assert environment("/bin")["PATH"] == "/venv/bin:/bin"
