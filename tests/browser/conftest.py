"""The review page in a real browser: the service over the stories on a port of its own, and Debian's headless Chromium."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from werkzeug.serving import make_server

from service import create_app
from service.settings import Settings
from service.values import ApiKey
from tests.browser.stories import Teller
from tests.conftest import service, until

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
SCREENSHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
expect.set_options(timeout=30_000)
KEY = "review-review-review"
Serve = Callable[..., str]
Visit = Callable[..., Page]


@pytest.fixture(scope="package")
def serve() -> Iterator[Serve]:
    """Serve the page over a teller, with settings by name; gives the address."""
    running = []

    def start(teller: Teller | None = None, **settings: Any) -> str:
        app = create_app(Settings(**settings), teller or Teller())
        until(lambda: service(app).pipeline.batcher.warm)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        running.append((app, server, thread))
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for app, server, thread in running:
        server.shutdown()
        thread.join()
        server.server_close()
        service(app).stop()


@pytest.fixture(scope="package")
def address(serve: Serve) -> str:
    """The page with default settings."""
    return serve()


@pytest.fixture(scope="package")
def guarded(serve: Serve) -> str:
    """The page of a service that asks for a key."""
    return serve(api_keys=(ApiKey("desk", KEY),))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here: apt-get install chromium, or set CHROMIUM to one")
    with sync_playwright() as playwright:
        # Without the sandbox, because CI runs as root; the only pages it sees are our own.
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Open the page in a window of its own; options are those of Playwright's contexts.

    No script of it may fail, and nothing may be against its policy, unless a test says that it `violates` it.
    """
    opened, failed = [], []

    def go(to: str = address, *, violates: bool = False, **options: Any) -> Page:
        given = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", **options}
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"], **given)
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)  # a busy machine is no reason to fail
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.on("console", lambda message: failed.append(message.text) if "Content Security Policy" in message.text and not violates else None)
        page.goto(to)
        return page

    yield go
    for context in opened:
        context.close()
    assert failed == []


def ask(page: Page, text: str) -> None:
    """Paste a text and press the button."""
    page.get_by_label("Article", exact=True).fill(text)
    page.get_by_role("button", name="Find the quotes").click()


def review(page: Page, text: str) -> None:
    """Ask, and wait for the answer."""
    ask(page, text)
    page.locator("#review").wait_for()


def shoot(page: Page, name: str) -> None:
    """Keep a picture for whoever wants to look."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
