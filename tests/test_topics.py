"""Topic files: what they find, what an excluded phrase rules out, and how a wrong file is refused."""

from pathlib import Path

import pytest

from models import TopicFileError
from models.topics import load_files
from models.topics.files import Text

GOOD = 'name = "nato"\ndefinition = "The alliance."\n[terms]\nnames = ["NATO", "alliance"]\n[excluded]\nphrases = ["NATO phonetic alphabet"]\n'


def words(topic: str, text: str) -> list[str]:
    files = {own.name: own for own in load_files()}
    return [span.of(text) for span in files[topic].find(Text(text))]


@pytest.mark.parametrize(
    ("topic", "text", "wanted"),
    [
        ("russia", "Russia’s army and the Russians left; Putin’s Kremlin did not.", ["Russia", "Russians", "Putin", "Kremlin"]),
        ("russia", "They met in Moscow, Idaho, over a Moscow mule.", []),
        ("ukraine", "Zelensky, Zelenskyy and Zelenskiy are one; Kyiv and Kiev too.", ["Zelensky", "Zelenskyy", "Zelenskiy", "Kyiv", "Kiev"]),
        ("ukraine", "He comes from Odessa, Texas.", []),
        ("spending", "Pensions and the budget deficit grew.", ["Pensions", "budget", "deficit"]),
        ("spending", "She spent the night in a budget airline lounge.", []),
    ],
)
def test_terms(topic: str, text: str, wanted: list[str]) -> None:
    assert words(topic, text) == wanted


def test_a_file_adds_a_topic(tmp_path: Path) -> None:
    file = tmp_path / "nato.toml"
    file.write_text(GOOD)
    added = load_files([file])[-1]
    assert [span.of(text) for text in ["NATO met; the Alliance agreed on the NATO phonetic alphabet."] for span in added.find(Text(text))] == ["NATO", "Alliance"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("name = [", "cannot be read as TOML"),
        (GOOD.replace("nato", "Na To", 1), "name is 'Na To'"),
        (GOOD.replace("definition", "about"), "unknown key 'about'"),
        (GOOD.replace('["NATO", "alliance"]', '"NATO"'), "terms.names is 'NATO'"),
        (GOOD.replace("nato", "russia", 1), "is taken"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_key(tmp_path: Path, wrong: str, said: str) -> None:
    file = tmp_path / "nato.toml"
    file.write_text(wrong)
    with pytest.raises(TopicFileError) as caught:
        load_files([file])
    assert str(file) in str(caught.value)
    assert said in str(caught.value)
