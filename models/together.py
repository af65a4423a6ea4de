"""Those that a text names together, "Hale and Lund", "Ruiz, Tamm and her son": one candidate for "they" and "we"."""

import re
from collections.abc import Sequence

from models.coreference import ORGANIZATION, PERSON, PLACE, UNNAMED

MOST = 4  # of more it is a list
FAR = 60  # characters between two of them
_LINK = re.compile(r"(?:\s\([^()\n]{1,30}\))?,?\s(?:and|&|or)\s(?:[^\s.,;:!?“”\"()]+\s){0,4}")  # and his wife, the painter
_COMMA = re.compile(r"(?:\s\([^()\n]{1,30}\))?,\s(?:[^\s.,;:!?“”\"()]+\s){0,2}")
_SIDES = {PERSON: 0, UNNAMED: 0, ORGANIZATION: 1, PLACE: 1}


def together(text: str, mentions: Sequence[tuple[int, int, int]]) -> list[tuple[int, ...]]:
    """Mentions (first and last character, class; in reading order) -> the indices of those named together, two to four, all
    people or all bodies: what stands between them is a comma or "and", with a few words at most before the next."""
    made, chain, linked = [], [0], False
    for after in range(1, len(mentions) + 1):
        if after < len(mentions):
            (_, end, kind), (start, _, next_kind) = mentions[chain[-1]], mentions[after]
            gap = text[end:start] if 0 < start - end < FAR else ""
            last = bool(_LINK.fullmatch(gap))
            if not linked and _SIDES.get(kind, -1) == _SIDES.get(next_kind, -2) and (last or _COMMA.fullmatch(gap)):
                chain.append(after)
                linked = last
                continue
        if linked and len(chain) <= MOST:
            made.append(tuple(chain))
        chain, linked = [after], False
    return made
