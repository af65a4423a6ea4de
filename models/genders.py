"""Whether a name is a man's or a woman's, from its title or its given name: what tells "he" from "she" where two people are near.

The given names are a list (`given_names.toml`): the encoder is small and uncased, and knows few names of most of the world.
"""

import functools
import tomllib
from collections.abc import Sequence
from pathlib import Path

UNKNOWN, HE, SHE = range(3)
_HE = frozenset(["mr", "sir", "lord", "baron", "king", "prince", "herr", "monsieur", "señor", "senor", "pak", "bapak", "brother", "count", "congressman", "councilman", "chairman", "spokesman"])
_SHE = frozenset(["mrs", "ms", "miss", "dame", "lady", "baroness", "queen", "princess", "frau", "mme", "mlle", "madame", "señora", "senora", "ibu", "baba", "sister", "congresswoman", "councilwoman", "chairwoman", "spokeswoman"])


def lists() -> dict[str, list[str]]:
    """The two lists of the file, `he` and `she`."""
    raw = tomllib.loads((Path(__file__).parent / "given_names.toml").read_text(encoding="utf-8"))
    return {key: raw[key].split() for key in ("he", "she")}


@functools.cache
def given_names() -> dict[str, int]:
    """Given names, folded, with HE or SHE."""
    made = lists()
    return dict.fromkeys(made["he"], HE) | dict.fromkeys(made["she"], SHE)


def of_title(before: str) -> int:
    """The gender that the last word before a name tells."""
    word = before.rstrip(" .\u00a0").rpartition(" ")[2].strip("(“\"'‘\n").casefold()
    return HE if word in _HE else SHE if word in _SHE else UNKNOWN


def of_name(words: Sequence[str]) -> int:
    """The gender that a name's first word tells; `words` as `names.words` gives them."""
    if not words:
        return UNKNOWN
    known = given_names()
    return known.get(words[0]) or known.get(words[0].partition("-")[0]) or UNKNOWN
