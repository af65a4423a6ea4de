"""Words of names: honorifics and offices around them, how two names relate, what a pronoun can stand for."""

import functools
import re
import unicodedata
from collections.abc import Sequence

HONORIFICS = frozenset(
    ["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "baroness", "baron", "count", "rev", "reverend", "father", "sister", "hon", "madam", "sheikh", "imam", "rabbi", "ayatollah", "ibu", "pak", "bapak", "shri", "smt", "dona", "datuk", "dato", "prince", "princess", "king", "queen", "emperor", "herr", "frau", "mme", "mlle", "baba", "brother", "cllr", "cllrs", "cr", "canon", "maitre", "monsieur", "madame", "senor", "senora"]
)
RANKS = frozenset(
    ["gen", "general", "lt", "lieutenant", "col", "colonel", "maj", "major", "capt", "captain", "sgt", "sergeant", "cpl", "corporal", "adm", "admiral", "cmdr", "commander", "brigadier", "marshal", "private", "pvt", "supt", "insp", "det", "dc", "pc", "brig", "rear", "wing", "squadron", "lt-gen", "lt-col", "maj-gen"]
)
OFFICES = frozenset(
    ["president", "premier", "chancellor", "minister", "secretary", "senator", "sen", "representative", "rep", "congressman", "congresswoman", "governor", "gov", "mayor", "ambassador", "envoy", "commissioner", "chairman", "chairwoman", "chair", "chairperson", "speaker", "leader", "chief", "head", "director", "judge", "justice", "prosecutor", "attorney", "spokesman", "spokeswoman", "spokesperson", "deputy", "vice", "mp", "mep", "cllr", "councillor", "councilor", "councilman", "councilwoman", "officer", "coach", "analyst", "economist", "historian", "author", "writer", "professor", "officer", "official", "adviser", "advisor", "candidate", "lawmaker", "treasurer", "superintendent", "sheriff", "detective", "inspector", "constable", "banker", "activist", "executive", "founder", "owner", "co-founder", "ceo", "boss", "strategist", "negotiator", "diplomat", "delegate", "taoiseach", "tanaiste", "farmer", "teacher", "nurse", "doctor", "soldier", "actor", "actress", "singer", "comedian", "lawyer", "solicitor", "barrister", "pensioner", "resident", "novelist", "playwright", "poet", "skipper", "gaffer", "striker", "goalkeeper", "midfielder", "defender", "boxer", "rower", "commuter", "ombudsman", "ombudswoman", "locksmith", "pharmacist", "roofer", "alderman", "alderwoman", "senators", "ministers", "professors", "presidents", "winger", "bugler", "filleter", "grazier", "archpriest", "archdeacon", "chaplain", "vicar", "curate", "midwife", "paramedic", "firefighter", "plumber", "electrician", "publican", "landlady", "trawlerman", "beekeeper", "jockey", "sprinter", "violinist", "pianist", "cellist", "soprano", "choreographer", "sculptor", "photographer", "architect", "surgeon", "dentist", "vet", "physicist", "chemist", "biologist", "geologist", "sociologist", "astronomer", "archaeologist", "engineer", "mechanic", "trucker", "medic", "volunteer", "widow", "widower", "grandmother", "grandfather", "campaigner", "organiser", "organizer", "blogger", "restaurateur", "chef", "warden", "caretaker", "headteacher", "headmaster", "headmistress", "alderperson", "convenor", "convener", "quaestor", "informateur", "formateur", "rapporteur", "backbencher", "frontbencher", "whip", "columnist", "correspondent", "presenter", "broadcaster", "quarterback", "forward", "captain"]
)
PRONOUNS = {
    **dict.fromkeys(("he", "him", "his", "himself"), 0),
    **dict.fromkeys(("she", "her", "hers", "herself"), 1),
    **dict.fromkeys(("they", "them", "their", "theirs", "themselves", "themself", "xe", "ze", "xem", "zir", "fae"), 2),
    **dict.fromkeys(("it", "its", "itself"), 3),
    **dict.fromkeys(("i", "me", "my", "mine", "myself"), 4),
    **dict.fromkeys(("we", "us", "our", "ours", "ourselves"), 5),
    **dict.fromkeys(("you", "your", "yours", "yourself"), 6),
    **dict.fromkeys(("who", "this", "that", "these", "those", "which", "one", "both", "others", "some", "many", "all"), 7),
}
NAME, UNNAMED = 8, 9
PEERS = frozenset(["lord", "lady", "baroness", "baron"])  # part of the name where only one word follows
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})  # which no accent makes
_WORD = re.compile(r"[^\W_]+(?:['’.\-][^\W_]+)*")
_SHORT = 80  # characters of what is taken for a name
_OWNER = re.compile(r"['’]s?$")
_AFTER = re.compile(r",?\s(?:QC|KC|SC|MP|MEP|MSP|TD|CBE|OBE|MBE|PhD|MD)\.?$")  # letters after a name
# What ministers are ministers of.
_FIELDS = frozenset(["foreign", "affairs", "defence", "defense", "finance", "finances", "interior", "internal", "justice", "education", "science", "health", "energy", "economy", "economic", "trade", "culture", "agriculture", "environment", "transport", "labour", "labor", "infrastructure", "digital", "transformation", "state", "human", "services", "veterans", "housing", "urban", "development", "security", "homeland", "commerce", "industry", "sport", "sports", "youth", "tourism", "family", "social", "policy", "information", "national", "public", "work", "pensions", "and"])
_SMALL = frozenset(["of", "the", "and", "for", "de", "da", "di", "del", "della", "van", "von", "der", "den", "la", "le", "bin", "ibn", "al", "el", "ben", "y", "e", "du", "dos", "das", "ter", "zu", "af", "av"])


@functools.lru_cache(8192)  # a text asks for its words many times over, and other texts for the same
def fold(word: str) -> str:
    """Lower case without accents, as names are compared: Sánchez and Sanchez, Łukasz and Lukasz are equal."""
    if word.isascii():
        return word.lower()
    decomposed = unicodedata.normalize("NFKD", word.casefold().translate(_LETTERS))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> tuple[str, ...]:
    """The words of a name, folded, without a possessive ending."""
    return _kept(text) if len(text) <= _SHORT else _words(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(_OWNER.sub("", fold(word)) if "'" in word or "’" in word else fold(word) for word in _WORD.findall(text))


_kept = functools.lru_cache(2048)(_words)  # names, which are asked for again and again; never whole texts


def positions(text: str) -> dict[str, list[int]]:
    """Where each word of a text, as `words` gives it, begins; characters."""
    made: dict[str, list[int]] = {}
    for word, match in zip(words(text), _WORD.finditer(text), strict=True):
        made.setdefault(word, []).append(match.start())
    return made


def acronym(name: Sequence[str]) -> str:
    """The acronym of a name's words without its small ones; empty for fewer than two words."""
    return "".join(word[0] for word in name if word not in _SMALL) if len(name) > 1 else ""


def is_title(word: str) -> bool:
    """Whether the word is an honorific, a rank or an office rather than part of a name."""
    folded = fold(word).rstrip(".")
    return folded in HONORIFICS or folded in RANKS or folded in OFFICES


def is_name(text: str) -> bool:
    """Whether every word but small ones (of, de, van) begins with a capital letter."""
    found = [match.group() for match in _WORD.finditer(text)]
    large = [word for word in found if word.casefold() not in _SMALL]
    return bool(large) and all(word[0].isupper() or word[0].isdigit() for word in large) and any(w[0].isalpha() for w in large)


def bare(text: str) -> tuple[int, int]:
    """Where the name itself stands in a capitalised phrase: offsets without leading titles and a possessive ending.

    "Foreign Minister Andriy Sibiga" -> "Andriy Sibiga". A phrase of titles alone stays whole.
    """
    found = list(_WORD.finditer(text))
    last_title = max((index for index, match in enumerate(found[:-1]) if is_title(match.group())), default=-1)
    first = last_title + 1
    if last_title >= 0 and found[first].group() in ("of", "for"):  # Secretary of State, Chancellor of the Exchequer
        after = first + 1 + (first + 1 < len(found) and found[first + 1].group() == "the")
        until = after + 1
        while until < len(found) - 1 and fold(found[until - 1].group()) in _FIELDS and fold(found[until].group()) in _FIELDS:
            until += 1  # Minister of Foreign Affairs
        first = until if until < len(found) else first
    elif last_title < 0 and text.startswith("M. ") and len(found) > 1 and len(found[1].group()) > 2:
        first = 1  # Monsieur
    if first == len(found) - 1 and first and fold(found[first - 1].group()) in PEERS:
        first -= 1
    start = found[first].start() if found else 0
    ending = re.search(r"['’]s?$", text) or _AFTER.search(text)
    return start, ending.start() if ending and ending.start() > start else len(text)


def pronoun_class(text: str) -> int:
    """The class of a pronoun (0..7), NAME, or UNNAMED; one table index of the coreference features."""
    folded = text.casefold().strip()
    if folded in PRONOUNS:
        return PRONOUNS[folded]
    return NAME if is_name(text) else UNNAMED


def relation(mention: str, name: str) -> int:
    """How a mention's words relate to a candidate's: 0 nothing shared, 1 equal, 2 the last word, 3 the first word,
    4 other words of it, 5 the name's words all in the mention, 6 last words equal, 7 an acronym, 8 some words shared."""
    of_mention, of_name = words(mention), words(name)
    if not of_mention or not of_name:
        return 0
    if of_mention == of_name:
        return 1
    shared = set(of_mention) & set(of_name)
    if not shared:
        return 7 if len(of_name) > 1 and len(of_mention) == 1 and of_mention[0].replace(".", "") == acronym(of_name) else 0
    if len(of_mention) == 1:
        return 2 if of_mention[0] == of_name[-1] else 3 if of_mention[0] == of_name[0] else 4
    if set(of_mention) <= set(of_name):
        return 4
    if set(of_name) <= set(of_mention):
        return 5
    return 6 if of_mention[-1] == of_name[-1] else 8
