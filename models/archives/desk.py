"""OUT: where parts lie, which are done, and that only one run at a time, and only the same work, goes on there.

    OUT is a folder          OUT/part-….parquet   OUT/_bad.jsonl       OUT/.archive/{plan.json,lock,bad-….jsonl}
    OUT is quotes.parquet    quotes.parquet       quotes.bad.jsonl     .quotes.parquet.archive/{plan.json,lock,bad-…,part-…}
"""

import fcntl
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from models.archives.records import ArchiveError
from models.archives.results import atomic, bad_name, join, part_name

FORMS = {".parquet": "parquet", ".jsonl": "jsonl"}


@dataclass(frozen=True, slots=True)
class Desk:
    """The places of a run: `parts` and `side` are folders, `bad` the side file, `whole` the one file where OUT is one."""

    form: str
    parts: Path
    side: Path
    bad: Path
    whole: Path | None

    @classmethod
    def of(cls, out: Path, form: str | None) -> "Desk":
        """From OUT and the format asked for (default: what OUT's name says, else Parquet); raises `ArchiveError` where the two differ."""
        out = out.absolute()
        named = FORMS.get(out.suffix)
        if named is None or out.is_dir():
            if out.exists() and not out.is_dir():
                raise ArchiveError(f"{out} is a file; OUT is a folder, or one file whose name ends in .parquet or .jsonl")
            side = out / ".archive"
            return cls(form or "parquet", out, side, out / "_bad.jsonl", None)
        if form not in (None, named):
            raise ArchiveError(f"{out.name} is {named} by its name, --format says {form}; leave --format away or name a folder")
        side = out.with_name(f".{out.name}.archive")
        return cls(named, side, side, out.with_name(f"{out.stem}.bad.jsonl"), out)

    def take(self, plan: Mapping[str, Any]) -> IO[str]:
        """Make the folders, hold the lock until what is given back is closed (a kill closes it too), and see that earlier work is of
        the same plan; raises `ArchiveError` where it is not, where another run is at it, or where somebody else's files lie there."""
        self.side.mkdir(parents=True, exist_ok=True)
        lock = (self.side / "lock").open("a", encoding="utf-8")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._agree(plan)
        except BlockingIOError:
            lock.close()
            raise ArchiveError(f"another run is writing to {self.whole or self.parts}; wait for its end") from None
        except BaseException:
            lock.close()
            raise
        for folder in {self.parts, self.side, self.bad.parent}:
            for draft in folder.glob(".*.tmp"):  # of runs that were killed
                if draft.name.startswith((".part-", ".bad-", ".plan.json.", f".{self.bad.name}.", f".{self.whole.name if self.whole else ''}.")):
                    draft.unlink(missing_ok=True)
        return lock

    def _agree(self, plan: Mapping[str, Any]) -> None:
        out = self.whole or self.parts
        kept = self.side / "plan.json"
        if not kept.exists():
            if (self.whole and self.whole.exists()) or any(self.parts.glob("part-*")):
                raise ArchiveError(f"{out} is there already, and no run of this command is known to have made it; give another OUT or remove it")
            atomic(kept, lambda draft: _note(draft, plan))
            return
        earlier = json.loads(kept.read_text(encoding="utf-8"))
        if changed := [key for key in plan if plan[key] != earlier.get(key)]:
            raise ArchiveError(
                f"{out} holds the work of a run with another {' and '.join(changed)}; give another OUT, or remove it and {self.side} to begin anew"
            )

    @property
    def complete(self) -> bool:
        """Whether the one file is there: it appears only when all parts are done."""
        return self.whole is not None and self.whole.exists() and self.bad.exists()

    def done(self) -> set[str]:
        """Names of the parts that are there."""
        return {own.name for own in self.parts.glob(f"part-*.{self.form}")}

    def finish(self, numbers: Sequence[int], id_type: str) -> None:
        """The side file, and the one file, from all parts; what they were made of goes once they are there."""
        bad = [own for number in numbers if (own := self.side / bad_name(number)).exists()]
        parts = [self.parts / part_name(number, self.form) for number in numbers]
        if not self.complete:
            join(bad, self.bad, "jsonl", id_type)
            if self.whole:
                join(parts, self.whole, self.form, id_type)
        if self.whole:
            for own in [*parts, *bad]:
                own.unlink(missing_ok=True)

    def bad_count(self) -> int:
        """Lines of the side file."""
        with self.bad.open("rb") as lines:
            return sum(1 for _ in lines)


def _note(draft: Path, plan: Mapping[str, Any]) -> None:
    draft.write_text(json.dumps(plan, indent=2) + "\n", encoding="utf-8")
