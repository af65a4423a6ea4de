"""Texts with what is to be found in them, and an attributor that finds just that."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.types import Alternative, Analysis, Attribution, Quote, QuoteType, Span, Speaker, SpeakerKind, Topic
from tests.double import Document, Double


@dataclass(frozen=True)
class Story:
    """A text and its records."""

    text: str
    records: tuple[Attribution, ...]


def at(text: str, words: str, after: str = "") -> Span:
    """Where words stand in a text, in code points; the first place behind `after`."""
    start = text.index(words, text.index(after) if after else 0)
    return Span(start, start + len(words))


@dataclass(frozen=True)
class Voice:
    """A speaker, and what a record needs of it."""

    id: str
    name: str
    kind: SpeakerKind = SpeakerKind.PERSON
    role: str | None = None
    alternatives: tuple[Alternative, ...] = ()

    def speaker(self, chain: tuple[Span, ...]) -> Speaker:
        return Speaker(self.id, self.name, self.kind, 0.9, self.role, None, None, chain, self.alternatives)


BRASK = Voice("s1", "Elna Brask", role="Foreign Minister")
KREMLIN = Voice("s2", "Kremlin", SpeakerKind.ORGANIZATION, alternatives=(Alternative("Moscow", 0.2),))
HOSTILE = '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1">'

TALKS = (
    "VARNHOLM — Foreign Minister Elna Brask said that Russia had reopened two crossings.\n\n"
    "“We have a paper,” she told us, “and Moscow has signed papers before.”\n\n"
    "The Kremlin denied that its forces had crossed the river.\n\n"
    "“My budget, said my aunt, ‘Ukraine pays’, is a joke,” said a man in a hat.\n\n"
    "“It will rain,” it was said."
)


def talks() -> Story:
    """Interrupted, indirect, nested, denied, without a name, without a topic; confidences from .30 to .95."""

    def here(words: str, after: str = "") -> Span:
        return at(TALKS, words, after)

    def topic(name: str, *words: Span) -> Topic:
        return Topic(name, 0.9, words)

    brask, she, kremlin = here("Elna Brask"), here("she"), here("Kremlin")
    hat, aunt = Voice("s3", "a man in a hat", SpeakerKind.ANONYMOUS), Voice("s4", "my aunt")
    records = (
        Attribution(
            "a1", Quote((here("Russia had reopened two crossings"),), QuoteType.INDIRECT), here("said"), here("Foreign Minister Elna Brask"),
            BRASK.speaker((brask,)), (topic("russia", here("Russia")),), False, 0.95,
        ),
        Attribution(
            "a2", Quote((here("We have a paper,"), here("and Moscow has signed papers before.")), QuoteType.DIRECT), here("told"), she,
            BRASK.speaker((she, brask)), (topic("russia", here("Moscow")),), False, 0.8,
        ),
        Attribution(
            "a3", Quote((here("its forces had crossed the river"),), QuoteType.INDIRECT), here("denied"), here("The Kremlin"),
            KREMLIN.speaker((kremlin,)), (topic("russia", here("its forces"), kremlin), topic("ukraine", here("river"))), True, 0.7,
        ),
        Attribution(
            "a4", Quote((here("My budget, said my aunt, ‘Ukraine pays’, is a joke,"),), QuoteType.DIRECT), here("said", after="joke"),
            here("a man in a hat"), hat.speaker((here("a man in a hat"),)), (topic("spending", here("budget")),), False, 0.6,
        ),
        Attribution(
            "a5", Quote((here("Ukraine pays"),), QuoteType.DIRECT), here("said", after="budget"), here("my aunt"),
            aunt.speaker((here("my aunt"),)), (topic("ukraine", here("Ukraine")),), False, 0.5,
        ),
        Attribution("a6", Quote((here("It will rain,"),), QuoteType.DIRECT), None, None, None, (), False, 0.3),
    )
    return Story(TALKS, records)


def odd(name: str, text: str, *quoted: str) -> tuple[str, Story]:
    """A text whose letters are hard to count, with a direct quote for each of the words given."""
    records = tuple(
        Attribution(
            f"a{number}", Quote((at(text, words),), QuoteType.DIRECT), None, at(text, "Ana"), BRASK.speaker((at(text, "Ana"),)),
            (Topic("russia", 0.9, (at(text, words[:2]),)),), False, 0.9,
        )
        for number, words in enumerate(quoted, 1)
    )
    return name, Story(text, records)


ODD = dict(
    [
        odd("emoji", "👩‍👩‍👧 Ana 🎙️: “🛩️ drones 🇺🇦 come,” then “𝒜nd more 🙂”.", "🛩️ drones 🇺🇦 come,", "𝒜nd more 🙂"),
        odd("crlf", "Ana spoke.\r\n\r\n“First\r\nline,” she said.\r\n“Second.”\r\n", "First\r\nline,", "Second."),
        odd("combining", "Ana: “Cafe\u0301 o\u0308ffnet\u0323\u0307,” und “a\u030a\u0301 zu”.", "Cafe\u0301 o\u0308ffnet\u0323\u0307,", "a\u030a\u0301 zu"),
        odd("hebrew", "Ana (אנה) אמרה: “רוסיה שילמה 5 מיליון,” ו“אוקראינה תענה 🙂”. \u200fEnd.", "רוסיה שילמה 5 מיליון,", "אוקראינה תענה 🙂"),
        odd("hostile", f"Ana said “{HOSTILE} & &lt;b&gt;” and “=1+1”.", f"{HOSTILE} & &lt;b&gt;", "=1+1"),
    ]
)


@dataclass
class Teller(Double):
    """Finds in the stories what is told of them, and in other texts what the double finds."""

    stories: Sequence[Story] = field(default_factory=lambda: (talks(), *ODD.values()))

    def assemble(self, document: Document, encoded: Sequence[str]) -> Analysis:
        for story in self.stories:
            if story.text == document.text:
                return Analysis(story.text, story.records, ())
        return super().assemble(document, encoded)
