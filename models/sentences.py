"""Where paragraphs and sentences begin, as one number a character: features of distance, never borders of a span."""

import re

import numpy as np
import numpy.typing as npt

_LINE = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_END = re.compile(r"[.?!…]+[\"”’'»)\]]*\s+(?=[\"“‘'«(\[]*[A-ZÀ-ÞΑ-Я0-9])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(“\"‘'])(?:Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Capt|Cmdr|Adm|Rev|Hon|St|Sr|Jr|vs|No|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|"
    r"[A-Z]|(?:[A-Z]\.)+[A-Z])\.\s+$"
)


def paragraphs(text: str) -> npt.NDArray[np.int32]:
    """The number of the line each character stands in; shape [len(text)]."""
    starts = np.zeros(len(text) + 1, np.int32)
    for match in _LINE.finditer(text):
        starts[match.end()] += 1
    return np.cumsum(starts, dtype=np.int32)[: len(text)]


def sentences(text: str) -> npt.NDArray[np.int32]:
    """The number of the sentence each character stands in; a line break begins one too; shape [len(text)]."""
    starts = np.zeros(len(text) + 1, np.int32)
    for match in _LINE.finditer(text):
        starts[match.end()] = 1
    for match in _END.finditer(text):
        if not _ABBREVIATION.search(text, max(0, match.start() - 12), match.end()):
            starts[match.end()] = 1
    return np.cumsum(starts, dtype=np.int32)[: len(text)]
