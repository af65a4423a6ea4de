"""The real model on texts written here: records, offsets over odd texts, and answers that no neighbour changes."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import Analysis, Attributor, TextError, load

ARTICLE = (
    "TALLINN, May 5 — Estonian Defence Minister Liisa Tamm said Russia had moved two brigades to the border. "
    "“We are watching them,” she said, “and we will not blink.”\n\n"
    "Finance Minister Jaan Kask, who took office in March, warned that the budget deficit would grow by 2 billion euros.\n\n"
    "The Kremlin denied that its troops had moved.\n"
)


@pytest.fixture(scope="module")
def attributor() -> Attributor:
    return load(precision="fp32", threads=1)


def spans(analysis: Analysis) -> list[tuple[int, int]]:
    found = []
    for own in analysis.attributions:
        found += [(span.start, span.end) for span in own.quote.spans]
        found += [(span.start, span.end) for span in (own.cue, own.source) if span is not None]
        found += [(span.start, span.end) for span in (own.speaker.chain if own.speaker else ())]
        found += [(span.start, span.end) for topic in own.topics for span in topic.evidence]
    return found


def test_who_said_what_about_what(attributor: Attributor) -> None:
    made = attributor([ARTICLE])[0].attributions
    by_name = {own.speaker.name: own for own in made if own.speaker}
    assert {"Liisa Tamm", "Jaan Kask", "Kremlin"} <= {name.removeprefix("The ") for name in by_name}
    direct = next(own for own in made if own.quote.type == "direct")
    assert [span.of(ARTICLE) for span in direct.quote.spans] == ["We are watching them,", "and we will not blink."]
    assert direct.speaker is not None
    assert direct.speaker.name == "Liisa Tamm"
    assert "spending" in {topic.topic for topic in by_name["Jaan Kask"].topics}


def test_a_name_of_two_who_were_named_together_is_nobody_s(attributor: Attributor) -> None:
    text = "Kim Seo-yeon and Kim Ha-eun share the main role. Kim said the second act frightens every soprano."
    made = attributor([text, text.replace("Kim said", "Kim Ha-eun bowed, and Kim said")])
    assert [[own.speaker and own.speaker.name for own in analysis.attributions] for analysis in made] == [[None], ["Kim Ha-eun"]]


def test_they_are_those_who_were_named_together(attributor: Attributor) -> None:
    text = (
        "LISBON — Engineers Marta Hale and Piet Aarts built the first turbine in 2019 and tested it on the coast.\n\n"
        "In a letter to the council they said the second would cost less. Aarts left for Ghent in May, and he said the sea had won."
    )
    made = attributor([text])[0].attributions
    they = next(own for own in made if own.source is not None and own.source.of(text) == "they")
    assert they.speaker is not None
    assert (they.speaker.name, they.speaker.kind) == ("Marta Hale and Piet Aarts", "group")
    assert [span.of(text) for span in they.speaker.chain] == ["they", "Marta Hale and Piet Aarts"]
    he = next(own for own in made if own.source is not None and own.source.of(text) == "he")
    assert he.speaker is not None
    assert he.speaker.name == "Piet Aarts"


def test_one_id_a_speaker(attributor: Attributor) -> None:
    made = [own.speaker for own in attributor([ARTICLE])[0].attributions if own.speaker]
    assert len({(own.id, own.name) for own in made}) == len({own.id for own in made}) == len({own.name for own in made})


def test_alone_and_in_a_batch_are_one(attributor: Attributor) -> None:
    texts = [ARTICLE, "“No,” said Hale.", ARTICLE * 6, "Hello", "Russia cut gas, the agency reported. " * 40]
    together = attributor(texts)
    for text, analysis in zip(texts, together, strict=True):
        alone = attributor([text])[0]
        assert spans(alone) == spans(analysis)
        assert [own.speaker and own.speaker.name for own in alone.attributions] == [own.speaker and own.speaker.name for own in analysis.attributions]
        for one, other in zip(alone.attributions, analysis.attributions, strict=True):
            assert abs(one.confidence - other.confidence) < 1e-4


PIECES = st.sampled_from([
    "“We will pay,” said Hale. ", "He said: \"Russia lost", "Lund\u00a0warned\r\nthat aid would end.", "🇺🇦 ", "e\u0301", "\u200b", "\u202e",
    "👩\u200d🚀 ", "‘", "”", "\n\n", "«Нет», — сказал он. ", "according to the budget office", "x" * 300, " ", ".", "\u00ad", "\ufeff", "שלום ",
])


@given(st.lists(PIECES, min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_span_lies_in_any_text(attributor: Attributor, parts: list[str]) -> None:
    text = "".join(parts)
    if not text.strip():
        return
    for start, end in spans(attributor([text])[0]):
        assert 0 <= start < end <= len(text)


@pytest.mark.parametrize("text", ["a", ".", "🙂", "\u200b.", "“", "x" * 100_000, ("word " * 20_000)[:100_000]])
def test_extremes(attributor: Attributor, text: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in spans(attributor([text])[0]))


@pytest.mark.parametrize("text", ["", " \n", "a\0b", "a\ud800b"])
def test_texts_that_no_answer_fits(attributor: Attributor, text: str) -> None:
    with pytest.raises(TextError):
        attributor([text])


def test_another_language_is_answered_with_a_warning(attributor: Attributor) -> None:
    text = "Der Minister sagte am Montag, dass die Regierung den Haushalt noch in diesem Jahr kürzen werde."
    assert any("English" in warning for warning in attributor([text])[0].warnings)


def test_select(attributor: Attributor) -> None:
    analysis = attributor([ARTICLE])[0]
    spending = analysis.select(frozenset({"spending"}), False, 0.0).attributions
    assert spending
    assert all({topic.topic for topic in own.topics} == {"spending"} for own in spending)
    assert len(analysis.select(frozenset(), True, 0.0).attributions) == sum(not own.topics for own in analysis.attributions)
    assert not analysis.select(frozenset({"russia"}), True, 1.0).attributions or all(own.confidence == 1.0 for own in analysis.attributions)
