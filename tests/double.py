"""A double of the attributor for the service's tests: quotes by a regular expression, in milliseconds, without torch.

Its types are small stand-ins with the fields of `models.types`, so that these tests run where no weights are.
"""

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from models.types import Analysis, Attribution, ModelCard, Quote, QuoteType, Span, Speaker, SpeakerKind, Topic

WINDOW = 60
"""Words of one window of the double."""

QUOTED = re.compile(r"[“\"]([^“”\"]{1,2000})[”\"],?(?: (said))?(?: ([A-Z]\w+(?: [A-Z]\w+)*))?")
TOPICS = {"russia": r"Russia\w*|Moscow|Kremlin", "ukraine": r"Ukrain\w*|Kyiv", "spending": r"budget|pay\b|tax\w*"}
CARD = ModelCard(
    name="double",
    version="0",
    sha256="0" * 64,
    topics=("russia", "ukraine", "spending"),
    labels=("source", "cue", "content"),
    precision="fp32",
    limits={"characters": 100_000, "window_pieces": 512},
    scores={"polnear": {"content": {"token": 0.9}}},
    topic_methods={"russia": "rules", "ukraine": "rules", "spending": "rules"},
)


@dataclass(frozen=True)
class Window:
    """Words of a text."""

    text: str
    start: int
    length: int


@dataclass(frozen=True)
class Document:
    """A text and its windows."""

    text: str
    windows: tuple[Window, ...]


def spans(pattern: str, text: str, start: int) -> tuple[Span, ...]:
    """Where a pattern stands, at most five times."""
    return tuple(Span(start + m.start(), start + m.end()) for m in re.finditer(pattern, text))[:5]


@dataclass
class Double:
    """The seam's methods. `seconds` is what a batch takes, `before` runs in the model thread before each batch."""

    card: ModelCard = CARD
    seconds: float = 0.0
    speed: float = 0.0
    before: Callable[[Sequence[Window]], None] = lambda windows: None
    batches: list[list[Window]] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def read(self, text: str) -> Document:
        """Windows of sixty words."""
        words = list(re.finditer(r"\w+|[^\w\s]", text))
        cut = [words[at : at + WINDOW] for at in range(0, len(words), WINDOW)]
        return Document(text, tuple(Window(text[w[0].start() : w[-1].end()], w[0].start(), len(w)) for w in cut))

    def encode(self, windows: Sequence[Window]) -> list[str]:
        """A window's own words."""
        self.threads.add(threading.current_thread().name)
        self.batches.append(list(windows))
        self.before(windows)
        if seconds := self.seconds + (sum(w.length for w in windows) / self.speed if self.speed else 0):
            time.sleep(seconds)
        return [window.text for window in windows]

    def assemble(self, document: Document, encoded: Sequence[str]) -> Analysis:
        """Every quotation mark a record."""
        assert list(encoded) == [window.text for window in document.windows], "windows came back in another order"
        found = []
        for number, match in enumerate(QUOTED.finditer(document.text), 1):
            topics = [
                Topic(name, 0.9, spans(pattern, match[1], match.start(1)))
                for name, pattern in TOPICS.items()
                if name in self.card.topics and re.search(pattern, match[1])
            ]
            source = Span(*match.span(3)) if match[3] else None
            speaker = Speaker(f"s{number}", match[3], SpeakerKind.PERSON, 0.9, chain=(source,)) if source else None
            quote = Quote((Span(*match.span(1)),), QuoteType.DIRECT)
            cue = Span(*match.span(2)) if match[2] else None
            found.append(Attribution(f"a{number}", quote, cue, source, speaker, tuple(topics), False, 0.8))
        warnings = () if document.text.isascii() or "“" in document.text else ("The text may not be English.",)
        return Analysis(document.text, tuple(found), warnings)
