"""Quotes without a source that go to and fro between two people, a paragraph each."""

import re
from collections.abc import Sequence

from models.records import Record
from models.types import QuoteType, Speaker

LOOKED_AT = 3  # quotes before


def whose(text: str, records: Sequence[Record], made: Sequence[Speaker | None]) -> Speaker | None:
    """Who says the record after those in `made`, told from questions and answers: a question is whoever's the last question was,
    the answer to one somebody else's; None where the quotes are no such exchange."""
    record = records[len(made)]
    earlier = [(records[at], own) for at, own in enumerate(made) if own is not None][-LOOKED_AT:]
    if len(earlier) < 2 or earlier[-1][0] is not records[len(made) - 1]:
        return None
    before, last = earlier[-1]
    if not (_is_paragraph(text, record) and _is_next_paragraph(text, before, record)):
        return None
    if _asks(text, record):
        return next((own for one, own in reversed(earlier) if _asks(text, one)), None)
    if not _asks(text, before):
        return None
    return next((own for _, own in reversed(earlier) if own.id != last.id), None)


def last_two(made: Sequence[Speaker | None]) -> list[Speaker | None]:
    """Who said the last quote, and who the one before that which somebody else said."""
    last = made[-1] if made else None
    other = next((own for own in reversed(made) if own is not None and (last is None or own.id != last.id)), None)
    return [last, other]


def _asks(text: str, record: Record) -> bool:
    return record.type is QuoteType.DIRECT and record.spans[-1].of(text).rstrip().endswith("?")


def _is_paragraph(text: str, record: Record) -> bool:
    """Whether a quote is all that its paragraph holds."""
    first, last = record.spans[0].start, record.spans[-1].end
    lead = re.split(r"[\r\n]", text[max(0, first - 200) : first])[-1]
    rest = re.split(r"[\r\n]", text[last : last + 200], maxsplit=1)[0]
    return record.type is QuoteType.DIRECT and not any(char.isalnum() for char in lead + rest)


def _is_next_paragraph(text: str, before: Record, record: Record) -> bool:
    return len(re.findall(r"[\r\n]\s*", text[before.spans[-1].end : record.spans[0].start])) == 1
