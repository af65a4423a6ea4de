"""Choosing, looking and going from the list to the text and back."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Visit, ask, review, shoot
from tests.browser.stories import TALKS, talks

RECORDS = talks().records


def cards(page: Page) -> list[str]:
    """The ids of the quotes in the list, as the text must show them too."""
    listed: list[str] = page.locator("#list > li").evaluate_all("cards => cards.map(card => card.id.slice(5))")
    shown = page.locator("#article [data-quotes]").evaluate_all("parts => parts.flatMap(part => part.dataset.quotes.split(' '))")
    assert set(shown) == set(listed)
    return listed


def opened(visit: Visit) -> Page:
    page = visit()
    review(page, TALKS)
    return page


def test_a_card_tells_who_what_about_what_and_how_sure(visit: Visit) -> None:
    page = opened(visit)
    expect(page.locator("#summary")).to_have_text("6 quotes by 4 speakers")
    assert cards(page) == [record.id for record in RECORDS]
    second, third, last = (page.locator(f"#card-{name}").inner_text() for name in ("a2", "a3", "a6"))
    assert "Elna Brask" in second
    assert "Foreign Minister · person" in second
    assert "“We have a paper, … and Moscow has signed papers before.”" in second
    assert "“she” → Elna Brask" in second
    assert "80%" in second
    assert "denied" in third
    assert "(or Moscow 20%)" in third
    assert "organization" in third
    assert "Nobody named" in last
    expect(page.locator("#model")).to_have_text("Read by double 0.")


def test_the_table_counts_who_said_most_about_what(visit: Visit) -> None:
    page = opened(visit)
    told = Counter((record.speaker.name if record.speaker else "Nobody named", about) for record in RECORDS
                   for about in [topic.topic.title() for topic in record.topics] or ["Other"])
    heads = page.locator(".dots thead th").all_inner_texts()[1:]
    assert heads == ["Russia", "Spending", "Ukraine", "Other"]
    rows = [[cell.strip() for cell in row.split("\t")] for row in page.locator(".dots tbody tr").all_inner_texts()]
    assert rows[0][0] == "Elna Brask"  # who said most
    assert {(row[0], head): int(cell) for row in rows for head, cell in zip(heads, row[1:], strict=True) if cell != "–"} == dict(told)


def test_filters(visit: Visit) -> None:
    page = opened(visit)
    table = page.locator(".dots")
    brask = table.get_by_role("button", name="Elna Brask", exact=True)
    brask.click()
    assert cards(page) == ["a1", "a2"]
    expect(brask).to_have_attribute("aria-pressed", "true")
    expect(brask).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("2 of 6 quotes shown")
    brask.click()
    assert len(cards(page)) == 6
    table.get_by_role("button", name="Ukraine", exact=True).click()
    assert cards(page) == ["a3", "a5"]
    page.locator("#card-a5 .name").click()
    assert cards(page) == ["a5"]
    page.get_by_role("button", name="Show all").click()
    assert len(cards(page)) == 6
    table.get_by_role("button", name="Kremlin on Russia: 1 quote").click()
    assert cards(page) == ["a3"]
    page.get_by_role("button", name="Show all").click()
    table.get_by_role("button", name="Other", exact=True).click()
    assert cards(page) == ["a6"]
    page.locator(".dots").get_by_role("button", name="Other", exact=True).click()
    page.locator("#card-a4 .chip").click()
    assert cards(page) == ["a4"]


@pytest.mark.parametrize(("least", "ids"), [(30, "a1 a2 a3 a4 a5 a6"), (31, "a1 a2 a3 a4 a5"), (80, "a1 a2"), (95, "a1"), (96, "")])
def test_the_slider(visit: Visit, least: int, ids: str) -> None:
    page = opened(visit)
    page.get_by_role("slider").fill(str(least))
    assert cards(page) == ids.split()
    expect(page.locator("#least-shown")).to_have_text(f"{least}%")


def test_from_the_list_to_the_text_and_back(visit: Visit) -> None:
    page = visit(viewport={"width": 1280, "height": 360})
    review(page, TALKS)
    last = page.locator('#article [data-quotes="a6"]').first
    expect(last).not_to_be_in_viewport()
    page.locator("#card-a6 .words").click()
    expect(last).to_be_in_viewport()
    expect(last).to_have_class(re.compile(r"\bcurrent\b"))
    number = page.get_by_role("button", name="Quote 6, Nobody named: show in the list")
    expect(number).to_be_focused()
    first = page.locator("#card-a1")
    expect(first).not_to_be_in_viewport()
    page.locator('#article [data-quotes="a1"]').last.click()
    expect(first).to_be_in_viewport()
    expect(first.locator(".words")).to_be_focused()


def test_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Article", exact=True).focus()
    page.keyboard.insert_text(TALKS)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#summary")).to_be_focused()
    page.locator("#card-a3 .words").focus()
    page.keyboard.press("Enter")
    number = page.locator('.reference[data-quote="a3"]')
    expect(number).to_be_focused()
    assert number.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.locator("#card-a3 .words")).to_be_focused()


def test_evidence_is_told_and_lit_while_pointed_at(visit: Visit) -> None:
    page = opened(visit)
    chip = page.locator("#card-a3 .chip").first
    tip = page.locator("#tip-a3-0")
    expect(tip).to_be_hidden()
    lit = page.locator("#article .evidence")
    for point in (chip.hover, chip.focus):
        point()
        expect(tip).to_have_text("90% Russia, because of “its forces”, “Kremlin”")
        expect(tip).to_be_visible()
        assert "".join(lit.all_text_contents()) == "Kremlinits forces"
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        expect(lit).to_have_count(0)
        page.mouse.move(0, 0)
        page.locator("#summary").focus()


def test_the_examples_are_whole_articles(visit: Visit) -> None:
    page = visit()
    examples = page.locator("#examples button")
    expect(examples).to_have_count(3)
    texts = set()
    for number in range(3):
        examples.nth(number).click()
        texts.add(page.get_by_label("Article", exact=True).input_value())
        page.get_by_role("button", name="Find the quotes").click()
        expect(page.locator("#list > li").first).to_be_visible()
        page.get_by_role("button", name="Another text").click()
    assert len(texts) == 3
    assert min(map(len, texts)) > 600


def test_a_text_without_quotes_says_so(visit: Visit) -> None:
    page = visit()
    review(page, "Nobody spoke.")
    expect(page.locator("#summary")).to_have_text("No quotes found in this text")
    expect(page.locator("#article")).to_have_text("Nobody spoke.")
    expect(page.locator("#list")).to_be_hidden()


def test_a_warning_is_shown(visit: Visit) -> None:
    page = visit()
    review(page, "Всё хорошо.")
    expect(page.locator("#warnings")).to_have_text("The text may not be English.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_every_width_fits(visit: Visit, scheme: str, width: int) -> None:
    page = visit(viewport={"width": width, "height": 800}, color_scheme=scheme)
    fits = "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
    assert page.evaluate(fits)
    shoot(page, f"ask-{scheme}-{width}")
    review(page, TALKS)
    page.get_by_role("slider").fill("40")
    assert page.evaluate(fits)
    shoot(page, f"review-{scheme}-{width}")
    page.locator("#listed").scroll_into_view_if_needed()
    page.locator("#card-a3 .chip").first.hover()
    shoot(page, f"list-{scheme}-{width}")
    assert page.locator("#card-a3 .words").evaluate("words => words.getBoundingClientRect().right <= innerWidth")
    assert (SCREENSHOTS / f"review-{scheme}-{width}.png").stat().st_size > 10_000


def test_a_long_text_shows_that_it_is_read_and_can_be_stopped(visit: Visit) -> None:
    page = visit()
    page.route("**/attribute", lambda route: None)  # never answered
    ask(page, "A word. " * 6000)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.locator("#reading")).to_have_text("Reading 12,000 words")
    expect(page.locator("#elapsed")).to_have_text("1 s")
    shoot(page, "progress")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(page.locator("#review")).to_be_hidden()
    assert len(page.get_by_label("Article", exact=True).input_value()) == 48_000
