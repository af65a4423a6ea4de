"""docs/reliability.md from the rows that `python -m tests.load.soak --json FILE` left: `python -m tests.load.report [FILE]`."""

import json
import sys
from pathlib import Path
from typing import Any

from tests.load.server import ROOT
from tests.load.soak import PARTS

MEASURED = ROOT / "docs" / "soak.json"
PAGE = ROOT / "docs" / "reliability.md"

HEAD = """# Reliability: what was promised and what was seen

Written by `python -m tests.load.report` from [soak.json](soak.json), the rows of the load and fault suite; `make soak` runs all of it
against a real gunicorn on loopback. Its load generator runs at nice 10 on the same processors as the service. Faults are
made on a double of the model, whose texts can make it hang or raise; load and memory are the real model's. The short form in
`make test` asserts statuses, losses and recovery only (`tests/load/test_faults.py`).

| part | what was done | what was promised | what was seen | holds | the command |
| --- | --- | --- | --- | --- | --- |
"""


def cell(text: str) -> str:
    """Text that does not end the cell it stands in."""
    return text.replace("|", "\\|").replace("\n", " ")


def page(measured: dict[str, Any]) -> str:
    """The whole document; a part without rows says so."""
    lines = []
    for name, part in PARTS.items():
        command = f"`python -m tests.load.soak --only {name}{' --image-root DIR' if name == 'image' else ''}`"
        found = measured.get(name, {"rows": []})["rows"]
        if not found:
            lines.append(f"| {name} | {cell((part.__doc__ or '').split('.')[0])} | | not measured yet | | {command} |")
        for row in found:
            holds = "yes" if row["holds"] else "**no**"
            lines.append(f"| {name} | {cell(row['done'])} | {cell(row['promised'])} | {cell(row['seen'])} | {holds} | {command} |")
    taken = sorted({f"{part['date']} on {part['machine']}" for part in measured.values()})
    return HEAD + "\n".join(lines) + "\n" + (f"\nMeasured {'; '.join(taken)}.\n" if taken else "")


def main() -> None:
    """Write the page."""
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else MEASURED
    measured = json.loads(file.read_text(encoding="utf-8"))
    MEASURED.parent.mkdir(exist_ok=True)
    MEASURED.write_text(json.dumps(measured, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(measured), encoding="utf-8")


if __name__ == "__main__":
    main()
