"""Who is named together."""

import re

import pytest

from models import windows
from models.artifact import DEFAULT
from models.coreference import ORGANIZATION, PERSON, TOGETHER, UNNAMED, plural
from models.together import together
from models.training.datasets import Doc, answers, grouped


def groups(marked: str) -> list[str]:
    """The groups of a text whose mentions stand in brackets: [Hale] a person, <BBC> a body, {the boy} a description."""
    kinds, at, text = {"[": PERSON, "<": ORGANIZATION, "{": UNNAMED}, 0, ""
    mentions = []
    for match in re.finditer(r"[\[<{]([^\]>}]+)[\]>}]", marked):
        text += marked[at : match.start()]
        mentions.append((len(text), len(text) + len(match[1]), kinds[match[0][0]]))
        text += match[1]
        at = match.end()
    text += marked[at:]
    return [text[mentions[chain[0]][0] : mentions[chain[-1]][1]] for chain in together(text, mentions)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("[Ann Hale] and [Jo Lund] left.", ["Ann Hale and Jo Lund"]),
        ("So [Ruiz], [Tamm] and {her son} left with [Hale].", ["Ruiz, Tamm and her son"]),
        ("[Hale] (Lab) and the painter [Lund] met [Ruiz] & [Tamm].", ["Hale (Lab) and the painter Lund", "Ruiz & Tamm"]),
        ("<Gazprom> and <Shell> sued [Hale].", ["Gazprom and Shell"]),
        ("[Hale] and <Shell> met.", []),
        ("[Hale] left. And [Lund] stayed.", []),
        ("[Hale] met [Lund].", []),
        ("[A], [B], [C], [D] and [E] ran.", []),
        ("[Hale], [Lund]", []),
        ("", []),
    ],
)
def test_who_is_named_together(text: str, wanted: list[str]) -> None:
    assert groups(text) == wanted


TEXT = "Ann Hale and Jo Lund met Bo Tamm. They ate. He paid."


def doc() -> tuple[Doc, dict[str, tuple[int, int]]]:
    """The text with its names, and those who are named together, as candidates; where words stand in pieces."""
    pieces = windows.read(TEXT, windows.tokenizer(DEFAULT))
    at = {words: pieces.cover(TEXT.index(words), TEXT.index(words) + len(words)) for words in ("Ann Hale", "Jo Lund", "Bo Tamm", "They", "Ann Hale and Jo Lund")}
    made = Doc("a", pieces, candidates=[(*at[name], PERSON) for name in ("Bo Tamm", "Ann Hale", "Jo Lund")])
    grouped(made)
    return made, at


def test_those_named_together_are_a_candidate() -> None:
    made, at = doc()
    assert made.candidates == sorted([(*at["Ann Hale"], PERSON), (*at["Jo Lund"], PERSON), (*at["Bo Tamm"], PERSON), (*at["Ann Hale and Jo Lund"], TOGETHER)])
    assert made.groups == {at["Ann Hale and Jo Lund"]: (at["Ann Hale"], at["Jo Lund"])}


def test_several_are_meant_where_they_are_named_together_and_else_where_each_is() -> None:
    made, at = doc()
    assert answers(made, [[at["Jo Lund"]], [at["Ann Hale"]]], at["They"]) == {at["Ann Hale and Jo Lund"]}
    assert answers(made, [[at["Jo Lund"]], [at["Bo Tamm"]]], at["They"]) == {at["Jo Lund"], at["Bo Tamm"]}
    assert answers(made, [[at["Ann Hale"]]], at["They"]) == {at["Ann Hale"]}
    assert answers(made, [[at["Ann Hale"]]], at["Ann Hale"]) == frozenset()


@pytest.mark.parametrize(("mention", "wanted"), [("they", True), ("We", True), ("the couple", True), ("he", False), ("it", False), ("Hale", False)])
def test_who_may_be_several(mention: str, wanted: bool) -> None:
    assert plural(mention) is wanted
