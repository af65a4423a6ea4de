"""CSV, JSON lines and linked data: what `POST /attribute` gives to who asks for them."""

import csv
import hashlib
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyld import jsonld

import models
from models.types import Analysis, Attribution, Quote, QuoteType, Span, Speaker, SpeakerKind, Topic
from service.annotations import page
from service.answers import RENDERERS
from service.openapi import specification
from tests.conftest import ARTICLE
from tests.double import CARD

ANNO = "http://www.w3.org/ns/anno.jsonld"
NODE = {"@type": "@id"}
TERMS: dict[str, Any] = {
    "oa": "http://www.w3.org/ns/oa#",
    "as": "http://www.w3.org/ns/activitystreams#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": "http://schema.org/",
    "id": "@id",
    "type": "@type",
    **{name: f"oa:{name}" for name in (
        "Annotation", "SpecificResource", "TextPositionSelector", "TextQuoteSelector", "exact", "prefix", "suffix", "identifying",
    )},
    "AnnotationCollection": "as:OrderedCollection",
    "AnnotationPage": "as:OrderedCollectionPage",
    "Software": "as:Application",
    "name": "http://xmlns.com/foaf/0.1/name",
    "body": {"@id": "oa:hasBody", **NODE},
    "target": {"@id": "oa:hasTarget", **NODE},
    "source": {"@id": "oa:hasSource", **NODE},
    "selector": {"@id": "oa:hasSelector", **NODE},
    "generator": {"@id": "as:generator", **NODE},
    "partOf": {"@id": "as:partOf", **NODE},
    "items": {"@id": "as:items", "@container": "@list", **NODE},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    **{name: {"@id": f"oa:{name}", "@type": "xsd:nonNegativeInteger"} for name in ("start", "end")},
    "total": {"@id": "as:totalItems", "@type": "xsd:nonNegativeInteger"},
    "startIndex": {"@id": "as:startIndex", "@type": "xsd:nonNegativeInteger"},
}
"""Of the context that W3C publishes at ANNO the terms that an answer uses: tests have no network."""
OA, SCHEMA, OWN = "http://www.w3.org/ns/oa#", "http://schema.org/", "urn:quotes:term:"


def asked(client: FlaskClient, accept: str, text: str = ARTICLE, **body: Any) -> Any:
    answer = client.post("/attribute", json={"text": text, "off_topic": True, **body}, headers={"Accept": accept})
    assert answer.status_code == 200
    return answer


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True), newline=""), strict=True))


def test_a_row_a_quote(client: FlaskClient) -> None:
    answer = asked(client, "text/csv")
    assert answer.mimetype == "text/csv"
    assert answer.mimetype_params == {"charset": "utf-8", "header": "present"}
    assert "Accept" in answer.headers["Vary"]
    rows = table(answer)
    assert [tuple(row) for row in rows] == [models.COLUMNS] * 3
    assert rows[1] == {
        "id": "a2", "speaker": "Ivan Petrenko", "kind": "person", "role": "", "affiliation": "", "on_behalf_of": "",
        "quote": "Russia must answer,", "type": "direct", "negated": "false", "topics": "russia", "confidence": "0.8000",
        "source": "Ivan Petrenko", "cue": "said", "spans": "47-66",
    }
    assert answer.get_data().endswith(b"\r\n")


def test_what_is_asked_for_is_what_every_form_has(client: FlaskClient) -> None:
    assert [row["id"] for row in table(asked(client, "text/csv", topics=["russia"], off_topic=False))] == ["a2"]
    lines = asked(client, "application/x-ndjson", topics=["russia"], off_topic=False).get_data(as_text=True).splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["a2"]
    assert asked(client, "application/ld+json", min_confidence=0.9).get_json()["items"] == []
    assert asked(client, "application/x-ndjson", min_confidence=0.9).get_data() == b""
    assert table(asked(client, "text/csv", min_confidence=0.9)) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n", " =", "\u00a0@", "＝", "＋", "－", "＠"])
def test_no_cell_is_run_by_a_spreadsheet(client: FlaskClient, start: str) -> None:
    words = f'{start}HYPERLINK("x";"y")'
    text = f"“{words}” said Ann Lee"
    [row] = table(asked(client, "text/csv", text.replace('"', "'")))
    assert row["quote"] == "'" + words.replace('"', "'")
    for cell in row.values():
        assert not cell.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


@pytest.mark.parametrize("field", ["name", "role", "affiliation", "on_behalf_of"])
def test_every_column_that_holds_words_is_guarded(field: str) -> None:
    text = "=1+1"
    own = Speaker("s1", **{"name": "Ann", "kind": SpeakerKind.PERSON, "confidence": 1.0, field: "@SUM(1)"})
    whole = Span(0, 4)
    made = Analysis(text, (Attribution("a1", Quote((whole,), QuoteType.DIRECT), whole, whole, own, (), False, 1.0),))
    [row] = csv.DictReader(io.StringIO(models.csv_text(models.rows(made)), newline=""))
    assert row["speaker" if field == "name" else field] == "'@SUM(1)"
    assert (row["quote"], row["source"], row["cue"]) == ("'=1+1",) * 3


@pytest.mark.parametrize("words", ["a, b; c", "two\r\nlines", "tab\there", "Łódź 🙂", "'", "em — dash"])
def test_other_words_come_back_as_they_were(client: FlaskClient, words: str) -> None:
    [row] = table(asked(client, "text/csv", f"“{words}” said Ann Lee"))
    assert row["quote"] == words


def test_an_attribution_a_line(client: FlaskClient) -> None:
    answer = asked(client, "application/x-ndjson")
    assert answer.mimetype == "application/x-ndjson"
    lines = answer.get_data(as_text=True).split("\n")
    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == asked(client, "application/json").get_json()["attributions"]


def expanded(document: dict[str, Any]) -> dict[str, Any]:
    """The document as linked data, every term a whole IRI; fails where a term is not known and would be dropped."""

    def load(address: str, options: Any) -> dict[str, Any]:
        assert address == ANNO
        return {"contextUrl": None, "documentUrl": address, "document": {"@context": TERMS}}

    dropped: list[str | None] = []
    [whole] = jsonld.expand(document, {"documentLoader": load}, dropped.append)
    assert dropped == []
    assert jsonld.to_rdf(document, {"documentLoader": load})["@default"]
    return dict(whole)


def test_linked_data(client: FlaskClient) -> None:
    answer = asked(client, "application/ld+json")
    assert answer.mimetype == "application/ld+json"
    whole = expanded(answer.get_json())
    assert whole["@type"] == ["http://www.w3.org/ns/activitystreams#OrderedCollectionPage"]
    [listed] = whole["http://www.w3.org/ns/activitystreams#items"]
    first, second, third = listed["@list"]
    assert second["@type"] == [f"{OA}Annotation"]
    assert second["@id"].startswith("urn:uuid:")
    assert len({each["@id"] for each in (first, second, third)}) == 3
    [body] = second[f"{OA}hasBody"]
    assert body["@type"] == [f"{SCHEMA}Quotation"]
    assert body[f"{SCHEMA}text"] == [{"@value": "Russia must answer,"}]
    [speaker] = body[f"{SCHEMA}spokenByCharacter"]
    assert speaker["@type"] == [f"{SCHEMA}Person"]
    assert speaker[f"{SCHEMA}name"] == [{"@value": "Ivan Petrenko"}]
    assert body[f"{SCHEMA}about"][0][f"{SCHEMA}name"] == [{"@value": "russia"}]
    assert body[f"{OWN}confidence"] == [{"@value": 0.8}]
    [target] = second[f"{OA}hasTarget"]
    position, quote = target[f"{OA}hasSelector"]
    found = [position[f"{OA}{end}"][0]["@value"] for end in ("start", "end")]
    assert ARTICLE[slice(*found)] == quote[f"{OA}exact"][0]["@value"]
    around = [quote[f"{OA}{side}"][0]["@value"] for side in ("prefix", "suffix")]
    assert quote[f"{OA}exact"][0]["@value"].join(around) in ARTICLE
    assert max(map(len, around)) == 32
    assert f"{SCHEMA}spokenByCharacter" not in third[f"{OA}hasBody"][0]
    assert asked(client, "application/ld+json").get_json() == answer.get_json()


KINDS = {
    "person": ("spokenByCharacter", "Person"), "anonymous": ("spokenByCharacter", "Person"), "unknown": ("spokenByCharacter", "Thing"),
    "organization": ("spokenByCharacter", "Organization"), "group": ("spokenByCharacter", "Organization"),
    "document": ("creator", "CreativeWork"), "author": ("creator", "Person"),
}


@pytest.mark.parametrize("kind", list(SpeakerKind))
def test_every_kind_of_speaker_and_several_spans(kind: SpeakerKind) -> None:
    text = "“It 🙂 pays,” she said, “and Kyiv waits.”"
    spans = (Span(1, 12), Span(24, 39))
    who = Speaker("s1", "Ann", kind, 0.9, "minister", "the court", "Bo", (Span(14, 17),))
    about = Topic("ukraine", 0.9, (Span(28, 32),))
    made = Analysis(text, (Attribution("a1", Quote(spans, QuoteType.DIRECT), None, Span(14, 17), who, (about,), True, 0.9),), ("Careful.",))
    record = models.record(made, CARD)
    whole = expanded(page(text, record))
    [one] = whole["http://www.w3.org/ns/activitystreams#items"][0]["@list"]
    member, name = KINDS[kind]
    [body] = one[f"{OA}hasBody"]
    [speaker] = body[f"{SCHEMA}{member}"]
    assert speaker["@type"] == [f"{SCHEMA}{name}"]
    assert speaker[f"{OWN}onBehalfOf"] == [{"@value": "Bo"}]
    assert body[f"{OWN}negated"] == [{"@value": True}]
    exact = [target[f"{OA}hasSelector"][1][f"{OA}exact"][0]["@value"] for target in one[f"{OA}hasTarget"]]
    assert exact == [span.of(text) for span in spans]
    assert whole[f"{OWN}warning"] == [{"@value": "Careful."}]
    sources = {target[f"{OA}hasSource"][0]["@id"] for target in one[f"{OA}hasTarget"]}
    digest = hashlib.sha256(text.encode()).hexdigest()
    assert record["text_sha256"] == digest
    assert sources == {page(text, record)["items"][0]["target"][0]["source"]}
    assert all(source.startswith("ni:///sha-256;") and len(source) == 14 + 43 for source in sources)


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("text/csv, application/json;q=0.1", "text/csv"),
        ("text/*", "text/csv"),
        ("application/ld+json, */*;q=0.1", "application/ld+json"),
        ("application/x-ndjson;q=0.9, text/csv;q=0.8", "application/x-ndjson"),
        ("text/html, */*;q=0.8", "application/json"),
        ("application/xml, text/csv;q=0.2", "text/csv"),
    ],
)
def test_the_form_liked_best(client: FlaskClient, accept: str, mimetype: str) -> None:
    assert asked(client, accept).mimetype == mimetype


def test_every_form_is_in_the_contract() -> None:
    content = specification()["paths"]["/attribute"]["post"]["responses"]["200"]["content"]
    assert list(content) == ["application/json", *[form for form in RENDERERS if form != "application/json"]]
