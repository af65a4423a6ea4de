"""What more readers say of topics: numbered, read back, disputed and settled."""

from pathlib import Path
from typing import Any

import pytest

from models.training import readers

TEXT = "Hale said they must pay. “Moscow will pay,” said Lund."


def row(*topics: dict[str, Any]) -> dict[str, Any]:
    quotes = ("Moscow will pay,", "they must pay")
    return {
        "id": "a-1", "text": TEXT,
        "attributions": [
            {"content": [[TEXT.index(words), TEXT.index(words) + len(words)]], "topics": dict(own), "reference": False}
            for words, own in zip(quotes, topics, strict=True)
        ],
    }


def test_quotes_are_numbered_as_they_stand() -> None:
    assert readers.sheet(row({}, {})) == "=== a-1\nHale said ⟦1: they must pay⟧. “⟦2: Moscow will pay,⟧” said Lund.\n"
    assert readers.sheet(row({}, {}), [2]) == "=== a-1\nHale said they must pay. “⟦2: Moscow will pay,⟧” said Lund.\n"


def test_answers_come_back(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("=== a-1\n1: russia, spending ?\n2: -\n\n=== a-2\n1: - ?\n")
    assert readers.answers([file]) == {"a-1": {1: frozenset(["russia", "spending"]), 2: frozenset()}, "a-2": {1: frozenset()}}


@pytest.mark.parametrize("line", ["1: war", "one: russia", "russia"])
def test_an_answer_that_is_none_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "a.txt"
    file.write_text(f"=== a-1\n{line}\n")
    with pytest.raises(ValueError, match="a-1"):
        readers.answers([file])


def test_a_second_reader_adds_topics_and_disputes_others() -> None:
    made = row({"russia": [[27, 33]]}, {"russia": [[0, 1]]})  # the quote in marks, then the indirect one, which is number 1
    assert readers.dispute(made, {1: frozenset(["ukraine"]), 2: frozenset(["russia"])}) == 1
    marked, indirect = made["attributions"]
    assert marked == row({"russia": [[27, 33]]}, {})["attributions"][0]
    assert (sorted(indirect["topics"]), indirect["disputed"], indirect["reference"]) == (["russia", "ukraine"], ["russia"], True)


def test_two_of_three_readers_settle_it() -> None:
    made = row({}, {"spending": [[0, 1]]})
    second = {1: frozenset(["russia"]), 2: frozenset(["russia"])}
    assert readers.settle(made, second, {1: frozenset(["russia"]), 2: frozenset(["russia"])}) == 2
    marked, indirect = made["attributions"]
    assert {topic: [TEXT[start:end] for start, end in spans] for topic, spans in marked["topics"].items()} == {"russia": ["Moscow"]}
    assert {topic: [TEXT[start:end] for start, end in spans] for topic, spans in indirect["topics"].items()} == {"russia": ["they must pay"]}
    assert (marked["reference"], indirect["reference"]) == (False, True)


def test_one_reader_alone_changes_nothing() -> None:
    made = row({}, {"spending": [[0, 1]]})
    assert readers.settle(made, {1: frozenset(["spending"]), 2: frozenset(["russia"])}, {1: frozenset(["spending"]), 2: frozenset()}) == 0
    assert made["attributions"][1]["topics"] == {"spending": [[0, 1]]}
