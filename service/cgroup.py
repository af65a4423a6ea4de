"""How many threads torch may use: the processors this process is allowed, not those the host has."""

import os
from pathlib import Path

CPU_MAX = Path("/sys/fs/cgroup/cpu.max")
CFS = Path("/sys/fs/cgroup/cpu")


def quota(cpu_max: Path = CPU_MAX, cfs: Path = CFS) -> float | None:
    """Processors' worth of time that the cgroup allows (2.5 = two and a half), or None where there is no limit.

    Version 2 says `200000 100000` (microseconds of each period) or `max 100000`; version 1 has a file for each number.
    """
    try:
        granted, period = cpu_max.read_text().split()[:2]
    except (OSError, ValueError):
        try:
            granted = (cfs / "cpu.cfs_quota_us").read_text().strip()
            period = (cfs / "cpu.cfs_period_us").read_text().strip()
        except OSError:
            return None
    try:
        microseconds, each = int(granted), int(period)
    except ValueError:  # "max"
        return None
    return microseconds / each if microseconds > 0 and each > 0 else None


def processors(cpu_max: Path = CPU_MAX, cfs: Path = CFS) -> int:
    """Whole processors to use, at least 1: the affinity mask, and the quota rounded down.

    Torch sizes its pool by the host; with more threads than the quota pays for, the kernel stops all of them for the
    rest of each period, in the middle of a batch.
    """
    allowed = len(os.sched_getaffinity(0))
    limit = quota(cpu_max, cfs)
    return max(1, allowed if limit is None else min(allowed, int(limit)))
