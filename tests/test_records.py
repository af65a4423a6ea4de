"""What a source is that only hears, and what a turn of a transcript."""

import numpy as np
import pytest

from models import artifact, windows
from models.quotes import Linked
from models.records import is_foretold, is_hearer, is_sign_off


@pytest.mark.parametrize(
    ("text", "source", "cue", "wanted"),
    [
        ("The van was stolen, the court heard.", "the court", "heard", True),
        ("A jury was told the van was stolen.", "A jury", "told", True),
        ("Jurors were then shown a map.", "Jurors", "were then shown", True),
        ("She is thought to be weighing a rise.", "She", "thought", True),
        ("She is said to regard it as too much.", "She", "said", False),
        ("She thought it too much.", "She", "thought", False),
        ("The judge told the jury the van was stolen.", "The judge", "told", False),
        ("Hale said the court heard nothing.", "Hale", "said", False),
        ("The jury was told by Hale that it was stolen.", "Hale", "told", False),
        ("The union urged the minister to pay.", "the minister", "urged", True),
        ("The union called on Hale to pay.", "Hale", "called on", True),
        ("To pay, urged Hale.", "Hale", "urged", False),
        ("A report on Hale says: pay.", "Hale", "A report on", False),
    ],
)
def test_who_only_hears_does_not_speak(text: str, source: str, cue: str, wanted: bool) -> None:
    pieces = windows.read(text, windows.tokenizer(artifact.DEFAULT))
    tagged = {
        role: np.array([pieces.cover(text.index(words), text.index(words) + len(words))]) for role, words in (("source", source), ("cue", cue))
    }
    content = 0 if text.startswith("To pay") else len(text)
    assert is_hearer(text, pieces, tagged, Linked(0, 1.0, 0, 1.0, -1, 1.0), content) is wanted


@pytest.mark.parametrize(
    ("text", "source", "cue", "wanted"),
    [
        ("He said costs rose. “They must fall.” EFE\nrja-sk", "EFE\nrja-sk", "said", True),
        ("“They must fall.” EFE", "EFE", None, True),
        ("“They must fall,” reported EFE.", "EFE", "reported", False),
        ("“They must fall.” —EFE", "EFE", None, False),
        ("“They must fall.” Hale", "Hale", None, False),
    ],
)
def test_the_agency_that_ends_the_text_says_nothing(text: str, source: str, cue: str | None, wanted: bool) -> None:
    pieces = windows.read(text, windows.tokenizer(artifact.DEFAULT))
    spans = {role: np.array([pieces.cover(text.index(words), text.index(words) + len(words))] if words else []) for role, words in (("source", source), ("cue", cue))}
    assert is_sign_off(text, pieces, spans, Linked(0, 1.0, 0 if cue else -1, 1.0, -1, 1.0), text.index("fall") + 5) is wanted


@pytest.mark.parametrize(
    ("text", "cue", "wanted"),
    [
        ("Lund is expected to say that it must return.", "say", True),
        ("Lund is widely expected to announce a cut.", "is widely expected to announce", True),
        ("Lund expected to say no, and said yes.", "say", False),
        ("Lund is expected to lead; she says it is late.", "says", False),
    ],
)
def test_what_is_still_to_be_said_is_not_said(text: str, cue: str, wanted: bool) -> None:
    pieces = windows.read(text, windows.tokenizer(artifact.DEFAULT))
    assert is_foretold(text, pieces, pieces.cover(text.index(cue), text.index(cue) + len(cue))) is wanted
    assert not is_foretold(text, pieces, (-1, -1))
