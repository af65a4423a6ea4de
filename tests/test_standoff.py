"""Labels of news apart from its words: a line is read, written as offsets and read back; a wrong one is named."""

import json
from pathlib import Path

import pytest

from models.training import standoff
from models.training.markup import MarkupError

TEXT = 'Marta Hale warned Moscow. "We will pay," she said, "and they know it." Ola Lund, the minister, said the sum was "small".'
BLOCK = """0
d We will … pay, // and they know it. | she | said | Marta Hale | person | russia = they / Moscow | role: minister
m the sum … "small" | Ola Lund | [said] the sum | Ola Lund | person | spending = sum | negated
"""


def test_lines_become_offsets_and_come_back(tmp_path: Path) -> None:
    made = standoff.annotated(BLOCK, {0: {"id": "x", "text": TEXT}})
    assert "Hale" not in json.dumps(made)
    news, folder = tmp_path / "news.jsonl", tmp_path / "labels"
    folder.mkdir()
    news.write_text(json.dumps({"id": "x", "text": TEXT + " More."}) + "\n")
    (folder / "a.jsonl").write_text(json.dumps(made) + "\n")
    (row,) = standoff.load(news, made["split"], folder)
    first, second = row["attributions"]
    words = lambda spans: [TEXT[start:end] for start, end in spans]  # noqa: E731
    assert row["text"] == TEXT
    assert words(first["content"]) == ["We will pay,", "and they know it."]
    assert (words(first["source"]), first["speaker"], first["role"]) == (["she"], "Marta Hale", "minister")
    assert words(first["topics"]["russia"]) == ["they", "Moscow"]
    assert words(second["content"]) == ['the sum was "small"']
    assert second["cue"] == [[TEXT.rindex("said"), TEXT.rindex("said") + 4]]
    assert second["negated"] is True


def test_the_rest_of_an_article_is_a_text_of_its_own(tmp_path: Path) -> None:
    first = "Marta Hale spoke. "
    made = standoff.annotated(BLOCK, {0: {"id": "x", "start": len(first), "text": TEXT}})
    news, folder = tmp_path / "news.jsonl", tmp_path / "labels"
    folder.mkdir()
    news.write_text(json.dumps({"id": "x", "text": first + TEXT + " More."}) + "\n")
    (folder / "a.jsonl").write_text(json.dumps(made) + "\n")
    (row,) = standoff.load(news, made["split"], folder)
    assert row["text"] == TEXT
    assert [TEXT[start:end] for start, end in row["attributions"][0]["content"]] == ["We will pay,", "and they know it."]


def test_what_follows_a_dev_article_is_not_chosen(tmp_path: Path) -> None:
    said = '"A." said Hale. "B." said Lund. ' + "The council met again on Monday and spoke of roads. " * 120
    news = tmp_path / "news.jsonl"
    news.write_text("".join(json.dumps({"id": str(number), "text": f"{number} {said}"}) + "\n" for number in range(50)))
    made = standoff.chosen(news)
    rests = {number - standoff.REST for number in made if number >= standoff.REST}
    assert rests == {number for number in range(50) if not standoff.held_out(number)}
    assert all(made[standoff.REST + number]["start"] == len(made[number]["text"]) for number in rests)


def test_no_corpus_no_labels(tmp_path: Path) -> None:
    assert list(standoff.load(tmp_path / "missing.jsonl", "dev")) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("d Nobody said it. | she | said | Marta Hale | person | -", "content 'Nobody said it.' does not stand"),
        ("d We will pay, | she | said | Marta Hale | human | -", "kind is one of"),
        ("d We will pay, | she | said | Marta Hale | person | war = Moscow", "topics are"),
        ("d We will pay, | she | said | Marta Hale | person | - | maybe", "'maybe' is none of the flags"),
    ],
)
def test_a_wrong_line_is_named(line: str, said: str) -> None:
    with pytest.raises(MarkupError, match="article 0") as caught:
        standoff.annotated("0\n" + line, {0: {"id": "x", "text": TEXT}})
    assert said in str(caught.value)
