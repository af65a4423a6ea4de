"""A part -> its answers: the class of which every actor is one, each with its own model."""

import contextlib
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from models import ModelsError, record
from models.archives.records import Answered, Part, Record

if TYPE_CHECKING:
    from models import Attributor

PIECES = 32_768  # of one call of the network: eight of its batches, 50 MB of states


class Worker:
    """Holds one `Attributor` and answers parts."""

    def __init__(self, model: Callable[[], "Attributor"] | None = None) -> None:
        from models import load  # torch: only where the model runs, not where the run is led from

        # One core each: more actors use a machine better than more threads, since reading and assembling are Python.
        with contextlib.redirect_stderr(io.StringIO()):  # transformers draws a bar there
            self.attributor = model() if model else load(threads=1)
        self.longest = self.attributor.card.limits.get("text_characters", 100_000)

    def answer(self, part: Part) -> Answered:
        """All records of a part; one that the model cannot read or that makes it fail is bad, and harms no other."""
        bad = list(part.bad)
        documents: list[tuple[Record, Any]] = []
        for own in part.records:
            if len(own.text) > self.longest:
                bad.append(own.bad(f"the text has {len(own.text):,} characters, the limit is {self.longest:,}"))
                continue
            try:
                documents.append((own, self.attributor.read(own.text)))
            except Exception as error:
                bad.append(own.bad(_reason(error)))
        made: dict[int, dict[str, Any]] = {}
        for group in groups(documents):
            for own, found in self._answers(group):
                if isinstance(found, Exception):
                    bad.append(own.bad(_reason(found)))
                else:
                    made[own.record] = found
        answers = tuple(made[own.record] for own in part.records if own.record in made)
        return Answered(part.number, answers, tuple(sorted(bad, key=lambda own: own.record)))

    def _answers(self, group: Sequence[tuple[Record, Any]]) -> Iterator[tuple[Record, dict[str, Any] | Exception]]:
        """Each record with its answer or with what went wrong; where all at once fail, each is tried alone."""
        try:
            encoded = self.attributor.encode([window for _, document in group for window in document.windows])
        except Exception as error:
            if len(group) == 1:
                yield group[0][0], error
                return
            for one in group:
                yield from self._answers([one])
            return
        at = 0
        for own, document in group:
            try:
                analysis = self.attributor.assemble(document, encoded[at : at + len(document.windows)])
                yield own, {"id": own.id, **record(analysis, self.attributor.card)}
            except Exception as error:
                yield own, error
            at += len(document.windows)


def groups(documents: Iterable[tuple[Record, Any]], most: int = PIECES) -> Iterator[list[tuple[Record, Any]]]:
    """Documents of like length together, the short ones first, as many as `most` pieces allow (and one at least).

    The network sorts the windows that it gets at once by length; this makes those of one call alike, and bounds what they take.
    """
    group: list[tuple[Record, Any]] = []
    pieces = 0
    for length, own in sorted(((sum(window.length for window in own[1].windows), own) for own in documents), key=lambda pair: pair[0]):
        if group and pieces + length > most:
            yield group
            group, pieces = [], 0
        group.append(own)
        pieces += length
    if group:
        yield group


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, ModelsError) else f"the model failed on it: {type(error).__name__}: {error}"
