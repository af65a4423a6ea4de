"""What is marked in the text is exactly what the answer says, letter for letter."""

from collections.abc import Iterable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, review
from tests.browser.stories import ODD, Story, talks

PARTS = """article => [...article.querySelectorAll("[data-start]")].map(part => [
  Number(part.dataset.start), Number(part.dataset.end), part.textContent, part.dataset.quotes?.split(" ") ?? [], [...part.classList],
])"""
STORIES = {"talks": talks(), **ODD}


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch made one."""
    made: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if made and made[-1][1] == start:
            made[-1] = (made[-1][0], end)
        else:
            made.append((start, end))
    return made


def check(page: Page, story: Story) -> None:
    """Every record of a story is marked, and nothing else is."""
    article = page.locator("#article")
    assert article.evaluate("article => article.textContent") == story.text
    parts = article.evaluate(PARTS)
    assert all(story.text[start:end] == words for start, end, words, _, _ in parts)
    for record in story.records:
        marked = [(start, end) for start, end, _, quotes, _ in parts if record.id in quotes]
        assert joined(marked) == [(span.start, span.end) for span in record.quote.spans], record.id
    for role in ("cue", "source"):
        marked = [(start, end) for start, end, _, _, classes in parts if role in classes]
        told = {getattr(record, role) for record in story.records} - {None}
        assert joined(marked) == joined((span.start, span.end) for span in told)
    assert {quote for *_, quotes, _ in parts for quote in quotes} == {record.id for record in story.records}


@pytest.mark.parametrize("name", [name for name in STORIES if name != "crlf"])
def test_pasted(visit: Visit, name: str) -> None:
    page = visit()
    review(page, STORIES[name].text)
    check(page, STORIES[name])


@pytest.mark.parametrize("name", STORIES)
def test_from_a_file(visit: Visit, name: str) -> None:
    """Line ends of a file stay as they are; a text area would change them."""
    page = visit()
    page.locator("#file").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": STORIES[name].text.encode()})
    page.wait_for_function("document.getElementById('text').value !== ''")
    page.get_by_role("button", name="Find the quotes").click()
    page.locator("#review").wait_for()
    check(page, STORIES[name])


def test_an_edited_file_is_sent_as_it_is_seen(visit: Visit) -> None:
    page = visit()
    page.locator("#file").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"One.\r\nTwo."})
    page.wait_for_function("document.getElementById('text').value !== ''")
    page.get_by_label("Article", exact=True).press("End")
    page.keyboard.type("!")
    with page.expect_request("**/attribute") as sent:
        page.get_by_role("button", name="Find the quotes").click()
    assert "\r" not in sent.value.post_data_json["text"]
    assert "!" in sent.value.post_data_json["text"]


def test_a_quote_in_a_quote_keeps_its_own_colour(visit: Visit) -> None:
    page = visit()
    review(page, talks().text)
    inner, outer = page.locator('[data-quotes="a5 a4"]'), page.locator('[data-quotes="a4"]')
    colour = "element => getComputedStyle(element).backgroundColor"
    assert inner.first.evaluate(colour) != outer.first.evaluate(colour)


def test_an_article_cannot_act(visit: Visit) -> None:
    page = visit()
    review(page, ODD["hostile"].text)
    assert page.locator("#review script, #review img, #review b").count() == 0
    assert "<script>window.hacked = 1</script>" in page.locator("#article").inner_text()
    assert "&lt;b&gt;" in page.locator("#list").inner_text()
    assert page.evaluate("window.hacked === undefined")
