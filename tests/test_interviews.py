"""Turns that are labelled Q and A."""

from models.interviews import Labels
from models.types import Span

TEXT = "Marta Hale speaks.\n\nQ. Can you?\nA. We can. Q. is a letter.\n**Q:** And ships?\nA: None.\n"


def test_a_turn_has_its_label_from_either_end() -> None:
    labels = Labels(TEXT)
    for words, label in (("Can you", "Q"), ("Q. Can", "Q"), ("We can", "A"), ("And ships", "Q"), ("A: None", "A"), ("None", "A"), ("Marta", ""), ("you?", ""), ("Q. is", "")):
        assert labels.of(TEXT.index(words)) == label, words
    assert labels.begin == TEXT.index("Can you")


def test_a_label_is_no_part_of_the_words() -> None:
    labels = Labels(TEXT)
    end = TEXT.index("?")
    assert labels.without(Span(TEXT.index("Q. Can"), end)).of(TEXT) == labels.without(Span(TEXT.index("Can"), end)).of(TEXT) == "Can you"
    assert labels.without(Span(TEXT.index("Q. is"), len(TEXT))).start == TEXT.index("Q. is")


def test_one_letter_alone_labels_nothing() -> None:
    text = "Points.\nA. We can.\nB. We cannot."
    assert (Labels(text).of(text.index("We can.")), Labels(text).begin) == ("", len(text))
