"""Whatever the service answers, the page says it in words and keeps the text."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from service import problems
from tests.browser.conftest import KEY, Visit, ask, review, shoot
from tests.browser.stories import TALKS

KINDS = sorted(kind for kind, (status, _) in problems.KINDS.items() if status != 499)


def answered(page: Page, status: int, body: str, kind: str, headers: dict[str, str] | None = None) -> None:
    """Answer the next questions so."""
    page.route("**/attribute", lambda route: route.fulfill(status=status, body=body, content_type=kind, headers=headers or {}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_of_the_api_in_its_own_words(visit: Visit, kind: str) -> None:
    status, title = problems.KINDS[kind]
    page = visit()
    errors = [problems.FieldError("/text", "too long, <b>really</b>"), problems.FieldError("", "no object")]
    told = problems.body(status, kind, "What to do about it.", "the-request-id", errors)
    answered(page, status, json.dumps(told), problems.MEDIA_TYPE, {"Retry-After": "7"} if status in (429, 503) else None)
    ask(page, TALKS)
    box = page.get_by_role("alert")
    expect(box).to_contain_text(title)
    expect(box).to_contain_text("What to do about it.")
    expect(box).to_contain_text("text: too long, <b>really</b>")
    expect(box).to_contain_text("body: no object")
    expect(box).to_contain_text("Reference the-request-id")
    assert ("Come back in 7 seconds." in box.inner_text()) == (status in (429, 503))
    assert page.locator("#key-row").is_visible() == (status == 401)
    assert page.get_by_label("Article", exact=True).input_value() == TALKS


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "", "null", "[]", "{}"])
def test_an_answer_that_is_none_of_the_apis(visit: Visit, body: str) -> None:
    page = visit()
    answered(page, 502, body, "text/html")
    ask(page, TALKS)
    expect(page.get_by_role("alert")).to_contain_text("said 502")


def test_no_service_at_all_then_one(visit: Visit) -> None:
    page = visit()

    def refuse(route: Route) -> None:
        route.abort("connectionrefused")

    page.route("**/attribute", refuse)
    ask(page, TALKS)
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")
    shoot(page, "failure")
    page.unroute("**/attribute", refuse)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#summary")).to_have_text("6 quotes by 4 speakers")
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize("text", ["", " \n "])
def test_no_text(visit: Visit, text: str) -> None:
    page = visit()
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    ask(page, text)
    expect(page.get_by_text("There is no text yet")).to_be_visible()
    expect(page.get_by_label("Article", exact=True)).to_be_focused()
    assert not [url for url in sent if url.endswith("/attribute")]


def test_too_long_a_text_is_refused_by_the_service(visit: Visit) -> None:
    page = visit()
    ask(page, "🙂 " * 50_001)
    expect(page.locator("#count")).to_have_text("100,002 of 100,000 characters")
    expect(page.get_by_role("alert")).to_contain_text("Some fields are wrong")
    expect(page.get_by_role("alert")).to_contain_text("text: ")


def test_a_key_is_asked_for_and_sent(visit: Visit, guarded: str) -> None:
    page = visit(guarded)
    ask(page, TALKS)
    key = page.get_by_label("API key")
    expect(key).to_be_focused()
    key.fill(KEY)
    key.press("Enter")
    expect(page.locator("#summary")).to_have_text("6 quotes by 4 speakers")


def test_a_later_question_replaces_the_one_before(visit: Visit) -> None:
    page = visit()
    held: list[Route] = []
    page.route("**/attribute", lambda route: held.append(route) if not held else route.continue_())
    ask(page, "“Russia,” said Slow One.")
    expect(page.get_by_role("progressbar")).to_be_visible()
    review(page, "“Russia,” said Ann Lee.")
    expect(page.locator("#list")).to_contain_text("Ann Lee")
    expect(page.get_by_role("progressbar")).to_be_hidden()
