"""What a speaker is, a person, a body, a document …: by its own words, by the classifier and by the class of its name."""

import re

import numpy as np

from models import coreference, sources
from models.labels import KINDS
from models.mentions import Entity, Mentioned
from models.records import Reading, Record
from models.types import SpeakerKind

UNLIKE = 0.3  # a description that is less probably of an entity's kind does not stand for it
_ANONYMOUS = re.compile(r"\b(?:anonym|not to be named|not to be identified|asked not|unnamed|condition of|not authori[sz]ed|familiar with|declined to be named|insider|source|sources)\b", re.I)


def of_words(reading: Reading, record: Record, source: str) -> SpeakerKind:
    """What a description is, by the classifier; words that withhold an identity decide alone."""
    return SpeakerKind.ANONYMOUS if _ANONYMOUS.search(source) else classified(reading, record)


def of_name(reading: Reading, record: Record, mention: Mentioned) -> SpeakerKind:
    """What a name is: its class in the text; the classifier parts organizations, groups and documents."""
    if mention.kind in (coreference.PERSON, coreference.TOGETHER):
        return SpeakerKind.PERSON if mention.kind == coreference.PERSON else SpeakerKind.GROUP
    best = classified(reading, record)
    named = (SpeakerKind.ORGANIZATION, SpeakerKind.DOCUMENT, SpeakerKind.GROUP)
    return best if mention.kind == coreference.UNNAMED or (best in named and record.source >= 0) else SpeakerKind.ORGANIZATION


def classified(reading: Reading, record: Record) -> SpeakerKind:
    """What the classifier says a source is; whoever issued a statement is no document."""
    kind = SpeakerKind(KINDS[int(np.argmax(record.kind))])
    issued = kind is SpeakerKind.DOCUMENT and record.source >= 0 and sources.of_record(reading, record)[0] > int(reading.sources[record.source][0])
    return SpeakerKind.ORGANIZATION if issued else kind


def may_be(record: Record, entity: Entity) -> bool:
    """Whether a description can stand for an entity by what the classifier says it is."""
    if entity.kind == coreference.UNNAMED:
        return False
    named = ("person", "author") if entity.kind == coreference.PERSON else ("organization", "group")
    return bool(sum(record.kind[KINDS.index(kind)] for kind in named) >= UNLIKE)
