"""A fourth topic, added by a file named in a setting, through the real service with the real model."""

import json
from pathlib import Path

import pytest

from tests.load.server import Server

NATO = """
name = "nato"
definition = "The North Atlantic alliance."

[terms]
names = ["NATO", "Nato", "alliance"]

[excluded]
phrases = ["NATO phonetic alphabet"]
"""
TEXT = "BRUSSELS — “NATO must decide by June,” said Marta Hale. “The NATO phonetic alphabet is easy,” said Ola Lund."
APPLICATION = "service:from_environment()"


def test_a_file_adds_a_topic(tmp_path: Path) -> None:
    (tmp_path / "nato.toml").write_text(NATO)
    server = Server(APPLICATION, QUOTES_TOPIC_FILES=str(tmp_path / "nato.toml"))
    try:
        server.until_ready()
        status, answer, _ = server.post(TEXT)
        assert status == 200
        (made,) = answer["attributions"]
        assert made["quote"]["text"] == "NATO must decide by June,"
        (topic,) = made["topics"]
        assert (topic["topic"], topic["confidence"] <= 0.8) == ("nato", True)
        assert [span["text"] for span in topic["evidence"]] == ["NATO"]
        assert server.get("/model")[1]["topic_methods"]["nato"] == "terms"
        assert "nato" in json.dumps(server.get("/openapi.json")[1])
        status, problem, _ = server.post(TEXT, topics=["weather"])
        assert status == 422
        assert all(name in json.dumps(problem) for name in ("russia", "ukraine", "spending", "nato"))
    finally:
        server.stop()


def test_a_broken_file_stops_the_start_with_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "nato.toml"
    path.write_text(NATO.replace("definition", "about"))
    server = Server(APPLICATION, QUOTES_TOPIC_FILES=str(path))
    try:
        with pytest.raises(AssertionError, match="the server ended with"):
            server.until_ready()
        said = [line for line in server.log.splitlines() if str(path) in line]
        assert len(said) == 1
        assert "unknown key 'about'" in said[0]
        assert "Traceback" not in server.log
    finally:
        server.stop()
