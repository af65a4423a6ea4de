"""Threads by the processors that the container is allowed."""

import os
from pathlib import Path

import pytest

from service.cgroup import processors, quota


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("max 100000\n", None),
        ("250000 100000\n", 2.5),
        ("50000 100000", 0.5),
        ("", None),
        ("garbage", None),
        ("0 0", None),
    ],
)
def test_version_2(tmp_path: Path, written: str, expected: float | None) -> None:
    file = tmp_path / "cpu.max"
    file.write_text(written)
    assert quota(file, tmp_path) == expected


def test_version_1(tmp_path: Path) -> None:
    (tmp_path / "cpu.cfs_quota_us").write_text("300000\n")
    (tmp_path / "cpu.cfs_period_us").write_text("100000\n")
    assert quota(tmp_path / "none", tmp_path) == 3
    (tmp_path / "cpu.cfs_quota_us").write_text("-1\n")
    assert quota(tmp_path / "none", tmp_path) is None


def test_processors_are_rounded_down_and_at_least_one(tmp_path: Path) -> None:
    file = tmp_path / "cpu.max"
    for written, expected in (("150000 100000", 1), ("20000 100000", 1), ("max 100000", len(os.sched_getaffinity(0)))):
        file.write_text(written)
        assert processors(file, tmp_path) == min(expected, len(os.sched_getaffinity(0)))
    assert processors(tmp_path / "none", tmp_path / "none") == len(os.sched_getaffinity(0))
