"""The long form: `python -m tests.load.soak [--only NAME …]`, on an otherwise idle machine.

Each part yields rows: what was done, what was promised, what was seen. The exit status tells whether all promises hold.
Load and memory are measured on the real model, faults on the double, whose texts can make it hang or raise.
`--json docs/soak.json` puts the rows there by part, beside those of other parts; `tests.load.report` makes docs/reliability.md of it.
"""

import argparse
import dataclasses
import datetime
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.load.answers import contract, hostility, sameness
from tests.load.mishaps import faults, image, stopping
from tests.load.pressure import endurance, fairness, overload
from tests.load.rows import SHORT, Form, Row, Rows

PARTS: dict[str, Callable[[Form], Rows]] = {
    part.__name__: part for part in (contract, hostility, sameness, overload, fairness, stopping, faults, endurance, image)
}


def machine() -> str:
    """What the figures were taken on."""
    cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names = [line.split(":", 1)[1].strip() for line in cpu.splitlines() if line.startswith("model name")]
    return f"{os.process_cpu_count() if hasattr(os, 'process_cpu_count') else os.cpu_count()} x {(names or [platform.machine()])[0]}"


def store(file: Path, part: str, rows: list[Row]) -> None:
    """Put a part's rows into the file, beside those of other parts."""
    kept: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    kept[part] = {"date": today, "machine": machine(), "rows": [dataclasses.asdict(row) for row in rows]}
    file.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Run the parts and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--short", action="store_true", help="a few seconds each, to see that they run")
    parser.add_argument("--double", action="store_true", help="without the model: its double is served in every part")
    parser.add_argument("--minutes", type=float, help="of the part `endurance`")
    parser.add_argument("--image-root", type=Path, help="an unpacked image, for the part `image`")
    parser.add_argument("--json", type=Path, help="put the rows here too, by part")
    given = parser.parse_args()
    if given.json and (given.short or given.double):
        parser.error("--json is for figures that mean something; leave out --short and --double")
    form = SHORT if given.short else Form()
    form = dataclasses.replace(form, minutes=given.minutes or form.minutes, double=given.double, image=given.image_root)
    hold = True
    print("| what was done | what was promised | what was seen | holds |\n| --- | --- | --- | --- |", flush=True)
    for name in given.only:
        rows: list[Row] = []
        for row in PARTS[name](form):
            rows.append(row)
            hold &= row.holds
            print(f"| {row.done} | {row.promised} | {row.seen} | {'yes' if row.holds else 'NO'} |", flush=True)
        if given.json and rows:
            store(given.json, name, rows)
    sys.exit(0 if hold else 1)


if __name__ == "__main__":
    main()
