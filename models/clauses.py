"""Where a mention stands in its clause, told from the words beside it: what "she" after a verb or "his" before a noun may mean
depends on who is the subject, and a small encoder knows little grammar.

No parser: each piece has a class by its word (a list) or its ending, and a mention is known by the classes of the piece before
and the piece after it in its sentence. On GAP, whose snippets hold two names of one gender, being the subject like the pronoun
is right for two in three (Webster et al., TACL 2018).
"""

import numpy as np
import numpy.typing as npt

from models.links import Spans
from models.windows import Pieces

OTHER, PREPOSITION, AND, COMMA, VERB, OPENER, RELATIVE, STOP, MARK, POSSESSIVE, DETERMINER = range(11)  # classes of a piece
# What stands before a mention, or after it: where a sentence or a clause begins or ends counts as one.
BORDER, SIDES = 6, 7
_SIDE = np.array([0, 1, 2, 3, 4, 6, 6, 6, 6, 5, 0])
SUBJECT, OBJECT, OWNER, HER, SELF, NAME, DESCRIPTION = range(7)  # forms of a mention
FORMS = 7
CLAUSES = 13  # values of `apart`

_WORDS = {
    PREPOSITION: "of to with by for from in on at against about after before over under than like as including toward towards into onto through "
    "without among upon near beside behind alongside despite via per versus around during",
    AND: "and or & nor",
    COMMA: ",",
    VERB: "is was were are be been being has had have having will would can could may might must should did does do said says told went came took "
    "left made got gave became began won lost met saw knew thought found kept held led ran sold spent stood wrote felt fell brought bought built "
    "broke chose drew drove fought flew forgot grew heard hid hit hurt laid lay paid put read rose sat sent set shot sang slept spoke stole "
    "struck swore taught threw understood wore beat ed leaves tells takes gives makes gets goes comes finds meets sees wants tries asks "
    "becomes believes thinks knows calls kills helps plays writes kisses marries",
    OPENER: "that because when while if although though since until where whereas unless but so whether how why once",
    RELATIVE: "who whose whom which what",
    STOP: ". ; : ? ! – — - …",
    MARK: "\" “ ” ' ‘ ’ ` ( ) [ ] « »",
    DETERMINER: "the a an his her their its my our your this these those",
}
_CLASS = {word: kind for kind, words in _WORDS.items() for word in words.split()}
_PRONOUNS = {
    SUBJECT: "he she they it i we you who",
    OBJECT: "him them me us",
    OWNER: "his their its my our your theirs hers",
    HER: "her",
    SELF: "himself herself themselves itself myself ourselves",
}
_FORM = {word: kind for kind, words in _PRONOUNS.items() for word in words.split()}
_BOUNDS = np.isin(np.arange(11), (AND, COMMA, OPENER, RELATIVE, STOP, MARK))


def form(mention: str, named: bool) -> int:
    """SUBJECT … DESCRIPTION of a mention; `named`: what is no pronoun is a name."""
    return _FORM.get(mention.casefold().strip(), NAME if named else DESCRIPTION)


class Clauses:
    """The classes of a text's pieces, read once."""

    def __init__(self, pieces: Pieces) -> None:
        self.pieces = pieces
        _, first, number = np.unique(pieces.ids, return_index=True, return_inverse=True)
        words = [pieces.text[start:end].casefold() for start, end in zip(pieces.starts[first].tolist(), pieces.ends[first].tolist(), strict=True)]
        kinds = [_CLASS.get(word, VERB if len(word) > 4 and word.endswith("ed") else OTHER) for word in words]
        self.kinds = np.array(kinds, np.int64)[number] if kinds else np.zeros(0, np.int64)
        letter_s = np.array([word == "s" for word in words], bool)[number] if kinds else np.zeros(0, bool)
        owning = np.flatnonzero((self.kinds[:-1] == MARK) & letter_s[1:] & (pieces.starts[1:] == pieces.ends[:-1]))
        self.kinds[owning] = POSSESSIVE
        self._bounds = np.concatenate([[0], np.cumsum(_BOUNDS[self.kinds])])
        self._verbs = np.concatenate([[0], np.cumsum(self.kinds == VERB)])

    def sides(self, spans: Spans) -> npt.NDArray[np.int64]:
        """SIDES * what stands before a span + what stands after it, in its sentence; [spans], 0..SIDES ** 2 - 1."""
        sentence, last = self.pieces.sentence, len(self.pieces) - 1
        before, after = np.maximum(spans[:, 0] - 1, 0), np.minimum(spans[:, 1], last)
        inside = (spans[:, 0] > 0) & (sentence[before] == sentence[spans[:, 0]])
        goes_on = (spans[:, 1] <= last) & (sentence[after] == sentence[spans[:, 0]])
        left = np.where(inside, _SIDE[self.kinds[before]], BORDER)
        right = np.where(goes_on, _SIDE[self.kinds[after]], BORDER)
        made: npt.NDArray[np.int64] = SIDES * left + right
        return made

    def apart(self, queries: Spans, keys: Spans) -> npt.NDArray[np.int64]:
        """How many borders of clauses (0 to 3, or more) and verbs (0 to 2, or more) stand between each query and key: 3 * borders +
        verbs, or 12 where they stand in two sentences; [queries, keys]."""
        low = np.minimum(queries[:, 1][:, None], keys[:, 1][None])
        high = np.maximum(low, np.maximum(queries[:, 0][:, None], keys[:, 0][None]))
        counted = 3 * np.minimum(self._bounds[high] - self._bounds[low], 3) + np.minimum(self._verbs[high] - self._verbs[low], 2)
        same = self.pieces.sentence[queries[:, 0]][:, None] == self.pieces.sentence[keys[:, 0]][None]
        made: npt.NDArray[np.int64] = np.where(same, counted, CLAUSES - 1)
        return made
