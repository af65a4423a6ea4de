"""Quotation marks of a text, paired paragraph by paragraph.

A mark that finds no partner never disturbs the others: a stack per paragraph, and whatever is open at its end stays unclosed.
Straight and single marks are read by their neighbours (open after a space, closed before one), so apostrophes stay apostrophes.
Scraped pages leave entities (&ldquo;), tags (<blockquote>) and mis-decoded bytes (â€œ) in the text; they count as the marks they were.
"""

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

OUTSIDE, OPENING, INSIDE, CLOSING, UNCLOSED = range(5)
STATES = 5

_QUOTED = r"<(?:blockquote|q)(?:\s[^<>]*)?>(?:\s|<(?:p|br)\s?/?>)*", r"(?:\s|</p>|<br\s?/?>)*</(?:blockquote|q)>"  # of a page
_MARK = re.compile(
    rf"(?P<opens>{_QUOTED[0]})|(?P<closes>{_QUOTED[1]})|"
    r"&(?:ldquo|rdquo|quot|laquo|raquo|#8220|#8221|#34);|â€œ|â€\x9d|â€(?![™˜“”\x93-\x99])|``|''|’’|‘‘|(?<!â€)[“”]|[„‟\"«»‹›‘’‚'`「」]|\n", re.I
)
_OPENERS = {"“", "„", "‟", "``", "‘‘", "&ldquo;", "&#8220;", "â€œ", "「"}
_CLOSERS = {"”", "’’", "&rdquo;", "&#8221;", "â€\x9d", "â€", "」"}
_STRAIGHT = {'"', "''", "&quot;", "&#34;"}
_ANGLES = {"«": "»", "»": "«", "‹": "›", "›": "‹", "&laquo;": "&raquo;", "&raquo;": "&laquo;"}
BLOCK = "<blockquote>"
_SINGLE = {"‘", "’", "‚", "'", "`"}
# Words that begin with an apostrophe, and years cut short ('91): no quote begins there.
_ELISION = re.compile(r"(?:em|til|tis|twas|cause|bout|round|n|\d\ds?)(?!\w)", re.I)
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\u202a\u202b\u202c\u2066\u2067\u2068\u2069"


@dataclass(frozen=True, slots=True)
class Pair:
    """Marks around characters `[start, end)`; the opening one is `[outer_start, start)`, the closing one `[end, outer_end)`,
    empty where the paragraph ends, or a new opening mark comes, before it closes. `level` 0 is outermost."""

    outer_start: int
    start: int
    end: int
    outer_end: int
    level: int
    single: bool

    @property
    def closed(self) -> bool:
        """Whether a closing mark was found."""
        return self.outer_end > self.end


@dataclass(slots=True)
class _Open:
    mark: str
    outer_start: int
    start: int
    single: bool


def _before(text: str, index: int) -> str:
    while index > 0 and text[index - 1] in _INVISIBLE:
        index -= 1
    return text[index - 1] if index else " "


def _after(text: str, index: int) -> str:
    while index < len(text) and text[index] in _INVISIBLE:
        index += 1
    return text[index] if index < len(text) else " "


def _closes(mark: str, opened: str) -> bool:
    """Whether `mark` can close a quotation opened by `opened`."""
    if opened == BLOCK:
        return False
    if opened in _ANGLES:
        return mark == _ANGLES[opened]
    if opened in _SINGLE:
        return mark in _SINGLE
    # Typing errors mix straight and curly marks; “ closes what „ opened.
    return mark in _CLOSERS or mark in _STRAIGHT or (opened in ("„", "‟", "”") and mark in ("“", "”"))


def _single_close(text: str, marks: list[re.Match[str]], at: int) -> bool:
    """Whether the single mark `marks[at]`, which could be a plural's apostrophe (workers' fault), closes.

    It does unless it follows an s before a space and a small letter, and a later mark of the paragraph can close instead.
    """
    index, end = marks[at].start(), marks[at].end()
    if _before(text, index) not in "sS" or not _after(text, end).isspace() or not text[end + 1 : end + 2].islower():
        return True
    for later in marks[at + 1 :]:
        if later.group() == "\n":
            return True
        if later.group() not in _SINGLE:
            continue
        before, after = _before(text, later.start()), _after(text, later.end())
        if not before.isspace() and not after.isalnum():
            return False
        if before.isspace() and after.isalnum():
            return True
    return True


def pair(text: str) -> list[Pair]:
    """All quotations in marks of the text, by start; nested ones follow the one that holds them."""
    marks = list(_MARK.finditer(text))
    pairs: list[Pair] = []
    stack: list[_Open] = []

    def leave(until: int, keep: int) -> None:
        while len(stack) > keep:
            left = stack.pop()
            end = until
            while end > left.start and text[end - 1].isspace():
                end -= 1
            if end > left.start:
                pairs.append(Pair(left.outer_start, left.start, end, end, len(stack), left.single))

    for at, match in enumerate(marks):
        mark, index, end = match.group(), match.start(), match.end()
        if match["opens"]:
            leave(index, 0)
            stack.append(_Open(BLOCK, index, end, False))
            continue
        if match["closes"]:
            if stack and stack[0].mark == BLOCK:  # nothing is open when one begins
                leave(index, 1)
                opened = stack.pop()
                if index > opened.start:
                    pairs.append(Pair(opened.outer_start, opened.start, index, end, 0, False))
            continue
        if mark == "\n":
            leave(index, 0)
            continue
        before, after = _before(text, index), _after(text, end)
        single = mark in _SINGLE
        can_open = not after.isspace() and (before.isspace() or before in "([{—–-/:,;.…“„«‹\"'‘`>|=*_”" or _is_wide(before))
        if mark in ("«", "»", "‹", "›", "&laquo;", "&raquo;"):
            can_open = before.isspace() or before in "([—–-" or not before.isalnum()
        can_close = not before.isspace() or mark in _CLOSERS or mark in _ANGLES
        opener = next((i for i in range(len(stack) - 1, -1, -1) if _closes(mark, stack[i].mark)), None)
        if single:
            left = before.isspace() or before in "([{—–-/\"“„«:"
            can_open = left and (after.isalnum() or after in "…[(.") and not (mark != "‘" and _ELISION.match(text, end))
            can_close = not before.isspace() and not after.isalnum()
            if opener is not None and can_close and not _single_close(text, marks, at):
                continue
            if mark == "‘" and opener is not None and can_open:
                opener = None
        elif mark in _OPENERS and not (mark == "“" and opener is not None and stack[opener].mark in ("„", "‟")):
            # An opening mark closes only where it can do nothing else: after a word, before a space.
            if not after.isspace() or opener is None:
                opener, can_open = None, True
        elif (mark in _STRAIGHT and opener is not None and can_open and before.isspace()) or (mark in _CLOSERS and opener is not None and before.isspace() and not after.isspace() and can_open):
            opener = None
        if opener is not None and can_close:
            leave(index, opener + 1)
            opened = stack.pop()
            if index > opened.start:
                pairs.append(Pair(opened.outer_start, opened.start, index, end, len(stack), opened.single))
        elif can_open and not (mark in _CLOSERS and not before.isspace() and index):
            same = next((i for i, o in enumerate(stack) if o.single == single and o.mark not in _ANGLES), None)
            if same is not None and text[:index].rstrip()[-1:] in ".?!…”\"":
                # A new sentence in the same marks: the earlier one was never closed (a new paragraph in run-on text).
                leave(index, same)
            if len(stack) < 5:
                stack.append(_Open(mark, index, end, single))
    leave(len(text), 0)
    return sorted(pairs, key=lambda made: (made.outer_start, -made.outer_end))


def _is_wide(char: str) -> bool:
    """Scripts written without spaces, and symbols such as emoji, after which a mark may open."""
    return ord(char) > 0x2E7F


def states(text: str, pairs: list[Pair]) -> npt.NDArray[np.uint8]:
    """One state (OUTSIDE … UNCLOSED) a character, the outermost pair deciding; shape [len(text)]."""
    state = np.zeros(len(text), np.uint8)
    for made in sorted(pairs, key=lambda p: -p.level):
        state[made.outer_start : made.start] = OPENING
        state[made.start : made.end] = INSIDE if made.closed else UNCLOSED
        state[made.end : made.outer_end] = CLOSING
    return state
