"""For everybody (axe-core), from this origin alone, and light."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request

from service.review import FILES
from service.security import PAGE_POLICY
from tests.browser.conftest import Visit, ask, review
from tests.browser.stories import ODD, TALKS

MOST = 100_000
"""Bytes that the page may cost, heads and bodies."""


def violations(page: Page) -> list[tuple[str, str, Any]]:
    """What axe finds wrong: rule, how bad, where."""
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["impact"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, scheme: str, width: int) -> None:
    page = visit(color_scheme=scheme, viewport={"width": width, "height": 900})
    assert violations(page) == []
    ask(page, " ")
    assert violations(page) == []
    ask(page, "a" * 100_001)
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
    review(page, TALKS)
    assert violations(page) == []
    page.locator("#card-a3 .chip").first.click()
    page.locator("#card-a3 .words").click()
    page.locator("#card-a3 .chip").first.hover()
    assert violations(page) == []
    page.get_by_role("button", name="Another text").click()
    review(page, ODD["hebrew"].text)
    assert violations(page) == []


def test_axe_would_find_something(visit: Visit) -> None:
    page = visit()
    page.evaluate("document.querySelector('label[for=text]').remove(); document.documentElement.removeAttribute('lang')")
    assert {"html-has-lang", "label"} & {rule for rule, _, _ in violations(page)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_speakers_colours_are_told_apart_from_their_ground(visit: Visit, scheme: str) -> None:
    """Axe sees the colours in use; these are all of them: lines 3:1, words on the ground and names on the sheet 4.5:1."""
    page = visit(color_scheme=scheme)
    # Drawn on a canvas, any way of writing a colour becomes numbers.
    colours = page.evaluate("""() => {
      const style = getComputedStyle(document.documentElement), context = document.createElement("canvas").getContext("2d");
      const names = ["paper", "sheet", "ink", "soft", ..."012345678"].flatMap(name => isNaN(name) ? [name] : [`g${name}`, `l${name}`]);
      return Object.fromEntries(names.map(name => {
        context.fillStyle = style.getPropertyValue(`--${name}`);
        context.fillRect(0, 0, 1, 1);
        return [name, [...context.getImageData(0, 0, 1, 1).data].slice(0, 3)];
      }));
    }""")

    def contrast(one: str, other: str) -> float:
        low, high = sorted(_luminance(colours[name]) for name in (one, other))
        return (high + 0.05) / (low + 0.05)

    for hue in "012345678":
        assert contrast("ink", f"g{hue}") >= 4.5
        assert contrast("paper", f"l{hue}") >= 4.5
        assert contrast("sheet", f"l{hue}") >= 4.5
        assert contrast(f"g{hue}", f"l{hue}") >= 3
    assert min(contrast("soft", "paper"), contrast("soft", "sheet")) >= 4.5


def _luminance(colour: list[int]) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_the_page_is_light_and_asks_nobody_else(visit: Visit, address: str) -> None:
    page = visit("about:blank")
    asked: list[Request] = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(address, wait_until="networkidle")
    assert all(request.url.startswith(address) for request in asked)
    sizes = [request.sizes() for request in asked]
    total = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
    assert {f"{address}page/{name}" for name in FILES} <= {request.url for request in asked}
    assert 20_000 < total < MOST
    assert page.request.get(address).headers["content-security-policy"] == PAGE_POLICY


def test_inline_code_does_not_run(visit: Visit) -> None:
    """The policy, not only our care, stops what an article could smuggle in."""
    page = visit(violates=True)
    blocked = page.evaluate("""() => new Promise(done => {
      document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
    })""")
    assert blocked == "script-src-elem"
    assert page.evaluate("window.hacked === undefined")
