"""`POST /attribute` and the contract's answers, over the double."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service import schemas
from tests.conftest import ARTICLE, Make
from tests.double import CARD, Double


def post(client: FlaskClient, **body: Any) -> Any:
    return client.post("/attribute", json=body)


def test_the_answer_is_the_contracts(client: FlaskClient) -> None:
    answer = post(client, text=ARTICLE).get_json()
    assert list(answer) == ["attributions", "model", "offset_unit", "text_sha256", "warnings"]
    assert answer["model"] == {"name": CARD.name, "version": CARD.version, "sha256": CARD.sha256}
    assert answer["offset_unit"] == "unicode_code_point"
    assert answer["text_sha256"] == hashlib.sha256(ARTICLE.encode()).hexdigest()
    assert answer["warnings"] == []
    first, second = answer["attributions"]
    assert first["id"] == "a1"
    assert second == {
        "id": "a2",
        "quote": {
            "text": "Russia must answer,",
            "spans": [{"start": 47, "end": 66, "text": "Russia must answer,"}],
            "type": "direct",
        },
        "cue": {"start": 68, "end": 72, "text": "said"},
        "source": {"start": 73, "end": 86, "text": "Ivan Petrenko"},
        "speaker": {
            "id": "s2",
            "name": "Ivan Petrenko",
            "kind": "person",
            "role": None,
            "affiliation": None,
            "on_behalf_of": None,
            "confidence": 0.9,
            "chain": [{"start": 73, "end": 86, "text": "Ivan Petrenko"}],
            "alternatives": [],
        },
        "topics": [
            {"topic": "russia", "confidence": 0.9, "evidence": [{"start": 47, "end": 53, "text": "Russia"}]},
        ],
        "negated": False,
        "confidence": 0.8,
    }


def test_the_answer_is_what_the_schema_says(client: FlaskClient) -> None:
    answer = post(client, text=ARTICLE, off_topic=True).get_json()
    assert schemas.Answer().load(answer) == answer
    assert answer["attributions"][2]["speaker"] is None
    assert set(answer["attributions"][0]) == set(schemas.Attribution().fields)
    assert set(answer["attributions"][0]["speaker"]) == set(schemas.Speaker().fields)
    assert set(answer) == set(schemas.Answer().fields)


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({}, ["a1", "a2"]),
        ({"topics": ["russia"]}, ["a2"]),
        ({"topics": ["ukraine"]}, []),
        ({"topics": ["russia", "russia"]}, ["a2"]),
        ({"topics": [], "off_topic": True}, ["a3"]),
        ({"off_topic": True}, ["a1", "a2", "a3"]),
        ({"min_confidence": 0.8}, ["a1", "a2"]),
        ({"min_confidence": 0.81}, []),
        ({"min_confidence": 1}, []),
    ],
)
def test_what_is_asked_for_is_what_comes(client: FlaskClient, asked: dict[str, Any], ids: list[str]) -> None:
    answer = post(client, text=ARTICLE, **asked)
    assert answer.status_code == 200
    assert [each["id"] for each in answer.get_json()["attributions"]] == ids


def test_warnings_of_the_analysis_are_told(client: FlaskClient) -> None:
    assert post(client, text="Всё хорошо.").get_json()["warnings"] == ["The text may not be English."]


def test_an_added_topic_works_and_is_documented(make: Make) -> None:
    card = replace(CARD, topics=(*CARD.topics, "energy"))
    client = make(Double(card=card)).test_client()
    assert post(client, text=ARTICLE, topics=["energy"]).status_code == 200
    asked = client.get("/openapi.json").get_json()["components"]["schemas"]["Request"]["properties"]
    assert asked["topics"]["items"]["enum"] == [*CARD.topics, "energy"]
    assert asked["topics"]["default"] == [*CARD.topics, "energy"]


@pytest.mark.parametrize("accept", ["application/json", "*/*", "application/*", "text/csv;q=0.1, application/json", ""])
def test_json_is_given_to_who_takes_it(client: FlaskClient, accept: str) -> None:
    answer = client.post("/attribute", json={"text": ARTICLE}, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0", "text/csv;q=0, image/*"])
def test_other_forms_are_refused_before_any_work(make: Make, accept: str) -> None:
    double = Double()
    client = make(double).test_client()
    before = len(double.batches)
    answer = client.post("/attribute", json={"text": ARTICLE}, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (406, "application/problem+json")
    assert len(double.batches) == before


def test_server_timing_tells_queue_and_model(client: FlaskClient) -> None:
    told = post(client, text=ARTICLE).headers["Server-Timing"]
    assert [part.split(";")[0] for part in told.split(", ")] == ["read", "queue", "model", "assemble"]


def test_a_text_without_a_word_has_an_answer(client: FlaskClient) -> None:
    double_marks = post(client, text="\u200b")
    assert double_marks.status_code == 200
    assert double_marks.get_json()["attributions"] == []


def test_letters_are_sent_as_they_are(client: FlaskClient) -> None:
    raw = post(client, text="“Moscow – Łódź 🙂 pays tax,” said Marta Hale").get_data()
    assert "Łódź 🙂".encode() in raw
    assert json.loads(raw)["attributions"][0]["quote"]["text"] == "Moscow – Łódź 🙂 pays tax,"


ODD = [
    "\r\n",
    "\u00a0",
    "🙂",
    "e\u0301",
    "\u200f",
    "\u2028",
    "\ufeff",
    "𝒜",
    "“",
    "”",
    '"',
    "Russia",
    "pay",
    " said Ann Lee",
    "\t",
    "\x01",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=st.lists(st.sampled_from(ODD), min_size=1, max_size=30))
def test_every_span_is_the_text_at_its_offsets(client: FlaskClient, parts: list[str]) -> None:
    text = "x" + "".join(parts)
    answer = post(client, text=text, off_topic=True)
    assert answer.status_code == 200

    def check(node: Any) -> None:
        if isinstance(node, dict):
            if "start" in node:
                assert text[node["start"] : node["end"]] == node["text"]
            for inner in node.values():
                check(inner)
        elif isinstance(node, list):
            for inner in node:
                check(inner)

    check(answer.get_json())


def test_the_longest_text_is_taken_in_every_writing(client: FlaskClient) -> None:
    for text in ("a" * 100_000, "🙂" * 100_000):
        assert client.post("/attribute", data=json.dumps({"text": text}), content_type="application/json").status_code == 200
