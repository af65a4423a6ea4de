"""`python -m models` on files, standard input, and what it cannot read."""

import json
import subprocess
import sys
from pathlib import Path

TEXT = "“We will pay,” said Marta Hale of the Russian loan.\n"


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "models", *arguments], input=given, capture_output=True, timeout=120, check=False)


def test_words_and_json_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "article.txt"
    file.write_text(TEXT, encoding="utf-8")
    done = run("--json", str(file))
    assert done.returncode == 0, done.stderr.decode()
    record = json.loads(done.stdout)
    span = record["attributions"][0]["quote"]["spans"][0]
    assert TEXT[span["start"] : span["end"]] == span["text"] == "We will pay,"
    both = run(str(file), str(tmp_path / "nowhere.txt"))
    assert both.returncode == 1
    assert "Marta Hale" in both.stdout.decode()
    assert "nowhere.txt" in both.stderr.decode()


def test_standard_input() -> None:
    done = run("-", given=TEXT.encode())
    assert done.returncode == 0
    assert "Marta Hale" in done.stdout.decode()
