"""Copies and files hold what the API itself would give."""

import csv
import io
import json
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, review
from tests.browser.stories import ODD, TALKS

CITATIONS = """\
Russia had reopened two crossings — Elna Brask, Foreign Minister (indirect)
“We have a paper, … and Moscow has signed papers before.” — Elna Brask, Foreign Minister
its forces had crossed the river — Kremlin (indirect, denied)
“My budget, said my aunt, ‘Ukraine pays’, is a joke,” — a man in a hat
“Ukraine pays” — my aunt
“It will rain,” — Source not named
"""


def served(address: str, text: str, accept: str) -> str:
    """The API's own answer."""
    body = json.dumps({"text": text, "off_topic": True}).encode()
    request = urllib.request.Request(f"{address}attribute", body, {"Content-Type": "application/json", "Accept": accept})
    with urllib.request.urlopen(request) as answer:
        return str(answer.read().decode())


def copied(page: Page, name: str) -> str:
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("copied")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("text", [TALKS, ODD["hostile"].text, ODD["emoji"].text])
def test_csv_and_json_are_the_apis(visit: Visit, address: str, text: str) -> None:
    page = visit()
    review(page, text)
    assert copied(page, "CSV").replace("\r\n", "\n") == served(address, text, "text/csv").replace("\r\n", "\n")
    assert json.loads(copied(page, "JSON")) == json.loads(served(address, text, "application/json"))


def test_citations(visit: Visit) -> None:
    page = visit()
    review(page, TALKS)
    assert copied(page, "Citations") == CITATIONS
    expect(page.get_by_role("status")).to_have_text("6 quotes copied as citations")


def test_only_what_is_shown_is_taken(visit: Visit) -> None:
    page = visit()
    review(page, TALKS)
    page.get_by_role("slider").fill("70")
    assert [own["id"] for own in json.loads(copied(page, "JSON"))["attributions"]] == ["a1", "a2", "a3"]
    assert len(copied(page, "Citations").splitlines()) == 3


def test_without_https_the_old_way_copies(visit: Visit) -> None:
    """On plain HTTP a browser has no `navigator.clipboard`."""
    page = visit()
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.reload()
    review(page, TALKS)
    page.get_by_role("button", name="Citations", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("copied")
    page.get_by_role("button", name="Another text").click()
    field = page.get_by_label("Article", exact=True)
    field.fill("")
    field.press("Control+V")
    expect(field).to_have_value(CITATIONS)


def test_the_file_is_for_spreadsheets(visit: Visit, tmp_path: Path) -> None:
    page = visit()
    review(page, ODD["hostile"].text)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save CSV").click()
    assert download.value.suggested_filename == "quotes.csv"
    download.value.save_as(tmp_path / "quotes.csv")
    raw = (tmp_path / "quotes.csv").read_bytes()
    assert raw.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[1]["quote"] == "'=1+1"
