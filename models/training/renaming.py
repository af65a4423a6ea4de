"""Texts with other names and the other gender, so that the antecedent scorer learns what is said of people and not who they are.

GAP has 2,000 snippets and the encoder soon knows their people by heart; other names for them helped those who competed on it
(Liu, Anonymized BERT, GeBNLP 2019), as did swapping the genders (Zhao et al., NAACL 2018). Each name's words get others of
their kind (a given name one of the same gender, a surname another surname), the same all over a text.
"""

import bisect
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models import genders
from models.names import fold, is_title, pronoun_class
from models.training.referents import Names, Referents

_PAIRS = (
    "he she|himself herself|man woman|men women|boy girl|boys girls|father mother|son daughter|sons daughters|brother sister|brothers sisters|"
    "husband wife|uncle aunt|nephew niece|grandfather grandmother|grandson granddaughter|stepfather stepmother|king queen|prince princess|"
    "duke duchess|count countess|baron baroness|lord lady|sir dame|mr mrs|actor actress|widower widow|businessman businesswoman|"
    "spokesman spokeswoman|chairman chairwoman|congressman congresswoman|councilman councilwoman|male female|gentleman gentlewoman|waiter waitress|hero heroine|"
    "boyfriend girlfriend|fiance fiancee|monk nun|god goddess|heir heiress|emperor empress|host hostess|bridegroom bride"
)
_OTHER = {one: other for pair in _PAIRS.split("|") for one, other in (pair.split(), pair.split()[::-1])}
_NO_NOUNS = (
    "a about after again against along an and around as at away back be because before but by down during for from how if in into it like no not of off on "
    "onto or out over so than that the them then there though through to up what when where whether which while who with without"
)
_NO_NOUN = frozenset(_NO_NOUNS.split())  # what may stand behind "her" and begins no noun phrase
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_NAMES = (
    "of the and de von van der den di da la le del bin ibn al el jr sr ii iii iv vi vii st saint born "
    "January February March April May June July August September October November December"
)
_NO_NAME = frozenset(_NO_NAMES.casefold().split())


class Edits:
    """A text of which some words were put by others; `at` says where a place of the old text is in the new one."""

    def __init__(self, text: str, edits: Sequence[tuple[int, int, str]]) -> None:
        """`edits` are [start, end) and the word that comes there, in reading order, none within another."""
        made, last, grown = [], 0, 0
        self._ends, self._shifts = [0], [0]
        for start, end, word in edits:
            made += [text[last:start], word]
            last, grown = end, grown + len(word) - (end - start)
            self._ends.append(end)
            self._shifts.append(grown)
        self.text = "".join([*made, text[last:]])
        self._edits = [(start, end) for start, end, _ in edits]

    def at(self, place: int) -> int:
        """Where a place, which is not inside a changed word, is now."""
        return place + self._shifts[bisect.bisect_right(self._ends, place) - 1]

    def span(self, span: Sequence[int]) -> list[int]:
        """A span's place now; one that begins or ends inside a changed word takes the whole word."""
        start, end = span
        for first, last in self._edits:
            start = first if first < start < last else start
            end = last if first < end < last else end
        return [self.at(start), self.at(end)]


def surnames(texts: Iterable[tuple[str, Iterable[tuple[int, int]]]]) -> list[str]:
    """The last words of all names of several words; texts with the places of their people."""
    found = {words[-1].group() for text, people in texts for start, end in people if len(words := list(_WORD.finditer(text, start, end))) > 1}
    return sorted(word for word in found if len(word) > 2 and word[0].isupper() and not word.isupper() and fold(word) not in genders.given_names())


def renamed(text: str, people: Iterable[tuple[int, int]], pool: Sequence[str], chance: random.Random, swapped: bool, unknown: int = genders.UNKNOWN) -> Edits:
    """A text whose people (characters) have other names: surnames from `pool`; with `swapped`, women are men and men are women.

    A given name of nobody's knowledge is taken for one of `unknown`, and stays as it is where that is UNKNOWN too.
    """
    lists = {genders.HE: genders.lists()["he"], genders.SHE: genders.lists()["she"]}
    given: dict[str, bool] = {}
    for start, end in people:
        words = [own.group() for own in _WORD.finditer(text, start, end) if _a_name(own.group())]
        for index, word in enumerate(words):
            alone = len(words) == 1 and genders.of_name([fold(word)]) != genders.UNKNOWN
            given[word] = given.get(word, False) or alone or (len(words) > 1 and index < len(words) - 1)
    lower = set(_WORD.findall(text))
    new: dict[str, str] = {}
    for word, first in given.items():
        if word.lower() in lower:
            continue
        if not first:
            new[word] = chance.choice(pool)
        elif gender := genders.of_name([fold(word)]) or unknown:
            new[word] = chance.choice(lists[genders.HE + genders.SHE - gender if swapped else gender]).title()
    edits = []
    for match in _WORD.finditer(text):
        word = new.get(match.group()) or (_swapped(match, text) if swapped else None)
        if word is not None:
            edits.append((*match.span(), word))
    return Edits(text, edits)


def _a_name(word: str) -> bool:
    return len(word) > 1 and word[0].isupper() and not is_title(word) and word.casefold() not in _NO_NAME and word.casefold() not in _OTHER


def _swapped(match: re.Match[str], text: str) -> str | None:
    """The word of the other gender, capitals kept; "her" is "his" before a noun and "him" elsewhere, told by the next word."""
    word = match.group()
    folded = word.casefold()
    if folded in ("his", "him", "hers"):
        made = {"his": "her", "him": "her", "hers": "his"}[folded]
    elif folded == "her":
        after = re.compile(r"\s+([^\W\d_]+)").match(text, match.end())
        made = "him" if after is None or after[1].casefold() in _NO_NOUN else "his"
    elif folded in _OTHER and (word.islower() or word.istitle()):
        made = _OTHER[folded]
    else:
        return None
    return made.title() if word[0].isupper() else made


def everyone(
    snippets: Sequence[dict[str, Any]], told: Mapping[str, Referents], passages: Sequence[dict[str, Any]], names: Mapping[str, Names]
) -> tuple[list[dict[str, Any]], dict[str, Referents], list[dict[str, Any]], dict[str, Names]]:
    """GAP's snippets, what readers said of them, the written passages, and the names that stand in each text, all with other names;
    by chance (seeded by the text's id) every second one of the other gender."""
    texts = [row["text"] for row in (*snippets, *passages)]
    pool = surnames((text, names[text]["person"]) for text in texts)
    new_snippets, new_told, new_passages, new_names = [], {}, [], {}
    for row in snippets:
        found = names[row["text"]]
        edits = _of(row, [*found["person"], *(tuple(candidate["span"]) for candidate in row["candidates"])], pool)
        candidates = [candidate | {"span": edits.span(candidate["span"])} for candidate in row["candidates"]]
        new_snippets.append(row | {"text": edits.text, "pronoun": edits.span(row["pronoun"]), "candidates": candidates})
        new_told[row["id"]] = _moved(told.get(row["id"], []), edits)
        new_names[edits.text] = _now(found, edits)
    for row in passages:
        edits = _of(row, names[row["text"]]["person"], pool)
        new_passages.append(row | {"text": edits.text, "referents": _moved(row["referents"], edits)})
        new_names[edits.text] = _now(names[row["text"]], edits)
    return new_snippets, new_told, new_passages, new_names


def _of(row: dict[str, Any], people: Iterable[tuple[int, int]], pool: Sequence[str]) -> Edits:
    """A row's text with other names. GAP chose its two names of the pronoun's gender, so it is what unknown names there have."""
    chance = random.Random(row["id"])
    unknown = genders.UNKNOWN
    if "pronoun" in row:
        unknown = genders.HE if pronoun_class(row["text"][slice(*row["pronoun"])]) == pronoun_class("he") else genders.SHE
    return renamed(row["text"], people, pool, chance, chance.random() < 0.5, unknown)


def _moved(told: Iterable[Sequence[Any]], edits: Edits) -> Referents:
    return [(*edits.span(own[:2]), [edits.span(span) for span in own[2]]) for own in told]  # type: ignore[misc]


def _now(names: Names, edits: Edits) -> Names:
    return {kind: [(start, end) for start, end in map(edits.span, spans)] for kind, spans in names.items()}
