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
"""

from models.attributor import Attributor, Document, Encoded, Window, load
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

__all__ = [
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
    "load",
]
