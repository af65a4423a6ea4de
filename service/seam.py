"""What the service needs of `models`, as types: a double in the tests has the same few methods.

Nothing here imports `models` at run time, so that the service's tests do not wait for torch.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from models import Analysis, ModelCard


class Window(Protocol):
    """A stretch of a text for the encoder."""

    @property
    def length(self) -> int:
        """Pieces, 1..512."""
        ...


class Document(Protocol):
    """A text cut into windows; a text without a word has none."""

    @property
    def text(self) -> str:
        """The text as it was given."""
        ...

    @property
    def windows(self) -> Sequence[Window]:
        """The windows in reading order."""
        ...


class Attributor(Protocol):
    """Who said what about what. `read` and `assemble` may run in any thread, `encode` in one only."""

    @property
    def card(self) -> "ModelCard":
        """The model's identity, topics and limits."""
        ...

    def read(self, text: str) -> Any:
        """A text as a Document; raises ValueError for one that cannot be read."""
        ...

    def encode(self, windows: Sequence[Any]) -> Sequence[Any]:
        """Windows to encoded windows, in the same order."""
        ...

    def assemble(self, document: Any, encoded: Sequence[Any]) -> "Analysis":
        """A document and its encoded windows to an analysis."""
        ...
