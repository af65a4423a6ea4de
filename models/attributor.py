"""Text in, who said what about what out: the steps, one line each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from models import artifact, nested, quotes, speakers, tags, topics, windows
from models.confidence import Calibration
from models.encoder import Encoded, Encoder
from models.errors import TextError
from models.labels import KINDS, NAME_LABELS, TAG_LABELS
from models.links import NEAR, Spans, choose
from models.records import Reading
from models.scoring import Heads, States
from models.types import Analysis, Attribution, ModelCard, Quote
from models.warnings import warnings
from models.windows import Pieces, Window

ELSEWHERE = 3.0  # logits; chosen on PolNeAR dev and the labelled articles
LEANING = {"polnear": quotes.leaning(-0.04, -0.5), "contract": quotes.leaning(0.0, -0.5)}  # balances precision and recall on dev
MOST = 100_000  # characters of a text, the contract's limit
_INVALID = re.compile("[\0\ud800-\udfff]")

__all__ = ["Attributor", "Document", "Encoded", "Window", "load"]


@dataclass(frozen=True, slots=True)
class Document:
    """A text read into pieces and windows; `windows` is empty where the text holds nothing the tokenizer keeps."""

    text: str
    pieces: Pieces
    windows: tuple[Window, ...]


class Attributor:
    """The whole way from text to `Analysis`; see `models` for its three steps."""

    def __init__(
        self, card: ModelCard, tokenizer: Tokenizer, encoder: Encoder, heads: Heads, known: topics.Topics, calibration: Calibration,
        convention: str = "contract",
    ) -> None:
        self._leaning = LEANING[convention]
        self.card, self._tokenizer, self._encoder, self._heads = card, tokenizer, encoder, heads
        self.topics, self._calibration = known, calibration

    def read(self, text: str) -> Document:
        """Pieces and windows of a text; any thread. Raises `TextError` for a text that no answer fits."""
        if not text.strip():
            raise TextError("the text is empty or blank; send the words of an article")
        if _INVALID.search(text):
            raise TextError("the text holds a NUL or a lone surrogate; send it as valid Unicode")
        pieces = windows.read(text, self._tokenizer)
        return Document(text, pieces, windows.split(pieces))

    def encode(self, batch: Sequence[Window]) -> list[Encoded]:
        """Scores and states of windows, of one text or of many; one thread at a time."""
        return self._encoder(batch)

    def assemble(self, document: Document, encoded: Sequence[Encoded]) -> Analysis:
        """The answer for a text from its encoded windows, in the order of `document.windows`; any thread."""
        if not document.windows:
            return Analysis(document.text, (), warnings(document.text))
        reading = self.interpret(document, encoded)
        resolver = speakers.Resolver(reading)
        who = resolver.resolve()
        what = self.topics.judge(reading, resolver, who)
        made = [
            Attribution(
                f"a{index + 1}", Quote(record.spans, record.type), reading.cue_span(record), reading.source_span(record),
                speaker, about, record.negated, self._calibration.record(record, speaker),
            )
            for index, (record, speaker, about) in enumerate(zip(reading.records, who, what, strict=True))
        ]
        return Analysis(document.text, tuple(made), warnings(document.text))

    def interpret(self, document: Document, encoded: Sequence[Encoded]) -> Reading:
        """Everything the heads say of a text, before speakers are named and topics judged."""
        pieces = document.pieces
        rows = [windows.merge(document.windows, [getattr(own, part) for own in encoded]) for part in ("tags", "names", "states")]
        tag_scores, name_scores, states = rows[0], rows[1], States(rows[2])
        tagged = self.tag(pieces, tag_scores)
        parts = quotes.parts(pieces, tagged["content"], tag_scores)
        contents = np.array([part.pieces for part in parts], np.int64).reshape(-1, 2)
        links = self.link(pieces, states, contents, tagged["source"], tagged["cue"])
        names = tags.name_spans(name_scores, breaks_of(pieces))
        return nested.added(Reading.of(document.text, pieces, states, self._heads, parts, links, tagged, names))

    def tag(self, pieces: Pieces, scores: np.ndarray) -> dict[str, Spans]:
        """Sources, cues and contents as the network's convention has them, marks around contents included; spans of pieces."""
        return tags.spans(tags.best_path(scores + self._leaning, self._heads.transitions, breaks_of(pieces)))

    def link(self, pieces: Pieces, states: States, contents: Spans, sources: Spans, cues: Spans) -> list[quotes.Linked]:
        """What each content is linked to."""
        pairs = self._heads.pairs
        source, source_chance = choose(pairs["source"], states, pieces, contents, sources, elsewhere=ELSEWHERE)
        cue, cue_chance = choose(pairs["cue"], states, pieces, contents, cues, reach=NEAR)
        same, same_chance = choose(pairs["join"], states, pieces, contents, contents, earlier=True, reach=NEAR)
        # Parts of one quote have one source and one cue; the scorer alone chains a list of voices into one quote.
        same = np.where((same >= 0) & (source[same] == source) & (cue[same] == cue), same, -1)
        columns = (source, source_chance, cue, cue_chance, same, same_chance)
        return [quotes.Linked(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]

    def __call__(self, texts: Sequence[str]) -> list[Analysis]:
        """One `Analysis` a text; the windows of all are encoded together."""
        documents = [self.read(text) for text in texts]
        encoded = self.encode([window for document in documents for window in document.windows])
        made, at = [], 0
        for document in documents:
            made.append(self.assemble(document, encoded[at : at + len(document.windows)]))
            at += len(document.windows)
        return made

    @classmethod
    def of(cls, folder: Path, topic_files: Sequence[Path], threads: int | None, precision: str, convention: str) -> Self:
        """From a weights folder; see `load`."""
        manifest = artifact.verify(folder)
        known = topics.Topics.load(topic_files, manifest.calibration.get("topics"))
        encoder = Encoder(folder, precision, threads, convention)
        heads = Heads(load_file(folder / "model.safetensors"))
        card = ModelCard(
            name=manifest.name, version=manifest.version, sha256=manifest.sha256["model.safetensors"], topics=known.names,
            labels=(*TAG_LABELS, *NAME_LABELS, *KINDS), precision=encoder.precision,
            limits={"text_characters": MOST, "window_pieces": windows.LENGTH + 2}, scores=dict(manifest.scores),
            topic_methods=known.methods,
        )
        return cls(card, windows.tokenizer(folder), encoder, heads, known, Calibration.of(manifest.calibration), convention)


def breaks_of(pieces: Pieces) -> Spans:
    """The pieces at which a paragraph begins; [paragraphs]."""
    return np.flatnonzero(np.diff(pieces.paragraph, prepend=-1))


def load(
    folder: Path | None = None, topic_files: Sequence[Path] = (), threads: int | None = None, precision: str = "auto",
    convention: str = "contract",
) -> Attributor:
    """The attributor of a weights folder (default: the one that ships with the library).

    `topic_files` add topics (see `models/topics`), `threads` is how many cores torch uses (default: its own choice),
    `precision` is auto, bf16 or fp32, `convention` whose law of what counts is followed (`models.labels.CONVENTIONS`; `polnear` is
    for its evaluation). Raises `ArtifactError` and `TopicFileError`, each with one line that says what to do.
    """
    return Attributor.of(folder or artifact.DEFAULT, topic_files, threads, precision, convention)


