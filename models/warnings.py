"""What a caller should know of a text beside its quotes, in words that can be shown."""

import re

_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    ["the", "of", "to", "and", "a", "in", "that", "is", "was", "he", "for", "it", "with", "as", "his", "on", "be", "at", "by", "i", "this", "had", "not", "are", "but", "from", "or", "have", "an", "they", "which", "one", "you", "were", "all", "her", "she", "there", "would", "their", "we", "him", "been", "has", "when", "who", "will", "no", "more", "if", "out", "so", "said", "what", "up", "its", "about", "than", "into", "them", "can", "only", "other", "new", "some", "could", "these", "may", "then", "do", "first", "any", "my", "now", "such", "like", "our", "over"]
)
SENTENCE = 2000  # characters without a full stop from which a text is likely a table or a bad scan


def warnings(text: str) -> tuple[str, ...]:
    """Sentences, one a reason to read the answer with care; empty for plain English prose."""
    made = []
    found = [word.casefold() for word in _WORD.findall(text)]
    if len(found) >= 8 and sum(word in _ENGLISH for word in found) < 0.15 * len(found):
        made.append("The text does not look English; the model was trained on English news only, so quotes may be missed or wrong.")
    if any(len(sentence) > SENTENCE for sentence in re.split(r"[.?!\n]", text)):
        made.append("The text has very long stretches without a full stop; quotes in them may be missed or wrong.")
    return tuple(made)
