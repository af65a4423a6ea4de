"""Before the service is ready: every length bucket once, so that no caller pays for the first run of a shape."""

from collections.abc import Callable, Sequence
from typing import Any

from service.seam import Attributor

LENGTHS = (8, 16, 32, 64, 128, 192, 256, 320, 384, 448, 500)
"""Words of the texts that are run, which reach up to a full window."""

SENTENCE = "“We will pay,” said Marta Hale of the budget. "


def warm_up(attributor: Attributor, encode: Callable[[Sequence[Any]], Sequence[Any]]) -> None:
    """Read, encode and assemble texts of every length, then of several windows. Runs in the model thread."""
    words = (SENTENCE * 60).split()
    for length in (*LENGTHS, 3 * LENGTHS[-1], 3 * LENGTHS[-1]):  # twice, for a speed without first runs in it
        document = attributor.read(" ".join((words * 4)[:length]))
        attributor.assemble(document, encode(document.windows))
