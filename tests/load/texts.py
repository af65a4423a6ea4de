"""Texts for load: made-up news of any length, the same for the same client and turn."""

import random

NAMES = ["Marta Hale", "Ivan Petrenko", "Ann Lee", "Bohdan Kovel", "Sir Tom Reed", "Olena Hryn", "Petr Novak", "Jane Okafor"]
ROLES = ["the minister", "a spokesman", "the senator", "the mayor", "an aide", "the finance chief"]
SAYINGS = [
    "Moscow has to answer the offer that is on the table",
    "we will not raise taxes to pay for it",
    "Kyiv needs air defence before the winter",
    "the budget holds, and so does the deficit rule",
    "the talks were useful but the road is long",
    "Russian forces shelled the town twice last night",
    "nobody asked the people who live there",
]
REST = [
    "The vote is due on Thursday.",
    "Snow fell over the valley for a third day.",
    "Officials met behind closed doors until late in the evening.",
    "The figures had been expected since the spring.",
]


def article(draw: random.Random, characters: int) -> str:
    """An article of about so many characters, in paragraphs."""
    parts: list[str] = []
    size = 0
    while size < characters:
        name, role, saying = draw.choice(NAMES), draw.choice(ROLES), draw.choice(SAYINGS)
        surname = name.split()[-1]
        sentence = draw.choice(
            [
                f"“{saying[0].upper()}{saying[1:]},” said {name}, {role}.",
                f"{surname} said that {saying}.",
                f"According to {role}, {saying}.",
                f"“{saying[0].upper()}{saying[1:]},” {surname} told reporters, “and everyone knows it.”",
                draw.choice(REST),
                draw.choice(REST),
            ]
        )
        parts.append(sentence + draw.choice([" ", " ", "\n\n"]))
        size += len(parts[-1])
    return "".join(parts)[:characters].strip() or "Snow fell."


def usual(number: int, turn: int) -> str:
    """About 600 words."""
    return article(random.Random(number * 100_003 + turn), 3600)


def short(number: int, turn: int) -> str:
    """About 60 words."""
    return article(random.Random(number * 100_003 + turn), 360)


def longest(number: int, turn: int) -> str:
    """The longest text that is taken."""
    return article(random.Random(turn), 100_000)


def mixed(number: int, turn: int) -> str:
    """Random lengths, mostly those of news, now and then far longer."""
    draw = random.Random(number * 100_003 + turn)
    return article(draw, min(100_000, int(draw.lognormvariate(7.8, 0.9)) + 20))
