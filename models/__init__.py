"""Who said what about what, in any English news text.

>>> from models import load
>>> attributor = load()
>>> analysis = attributor(["“We will pay,” said Marta Hale of the budget."])[0]
>>> analysis.attributions[0].speaker.name
'Marta Hale'

An `Attributor` works in three steps, so that a server can put the windows of many texts into one batch:
`read` (text -> Document with its windows; cheap, any thread), `encode` (windows -> encoded windows; the only step that
runs torch, one thread at a time) and `assemble` (document and its encoded windows -> Analysis; cheap, any thread).
Calling it does all three for a list of texts.

`record` gives an analysis as the JSON of the contract, `rows` and `csv_text` as CSV.
"""

from typing import TYPE_CHECKING, Any

from models.answer import COLUMNS, OFFSET_UNIT, csv_text, identity, record, rows
from models.errors import ArtifactError, ModelsError, TextError, TopicFileError
from models.types import (
    Alternative,
    Analysis,
    Attribution,
    ModelCard,
    Quote,
    QuoteType,
    Span,
    Speaker,
    SpeakerKind,
    Topic,
)

if TYPE_CHECKING:
    from models.attributor import Attributor, Document, Encoded, Window, load

__all__ = [
    "COLUMNS",
    "OFFSET_UNIT",
    "Alternative",
    "Analysis",
    "ArtifactError",
    "Attribution",
    "Attributor",
    "Document",
    "Encoded",
    "ModelCard",
    "ModelsError",
    "Quote",
    "QuoteType",
    "Span",
    "Speaker",
    "SpeakerKind",
    "TextError",
    "Topic",
    "TopicFileError",
    "Window",
    "csv_text",
    "identity",
    "load",
    "record",
    "rows",
]


def __getattr__(name: str) -> Any:
    """Torch takes seconds to import: it waits until somebody asks for the `Attributor` (PEP 562)."""
    if name in ("Attributor", "Document", "Encoded", "Window", "load"):
        from models import attributor

        return getattr(attributor, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
