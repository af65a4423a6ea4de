"""/openapi.json, /docs and openapi.yaml."""

import tomllib
from html.parser import HTMLParser

import pytest
import yaml
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from service import __version__, openapi, review
from service.answers import RENDERERS
from service.documented import DESCRIPTIONS


class Links(HTMLParser):
    """What a page loads, and whether it holds inline code."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        assert tag != "style"
        assert tag != "script" or named.get("src")
        assert not [name for name in named if name == "style" or name.startswith("on")]
        self.found += [value for name, value in attrs if name in ("src", "href") and value]


def test_docs_load_from_this_origin_only(client: FlaskClient) -> None:
    page = client.get("/docs")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    links = Links()
    links.feed(page.get_data(as_text=True))
    assert len(links.found) == 4
    for link in links.found:
        assert "//" not in link
        asset = client.get(f"/{link}")
        assert asset.status_code == 200
        assert asset.get_data()


def test_the_review_page_loads_from_this_origin_only(client: FlaskClient) -> None:
    page = client.get("/")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    links = Links()
    links.feed(page.get_data(as_text=True))
    assert {link for link in links.found if not link.startswith("#")} == {"page/icon.svg", "page/page.css", "page/page.js", "docs"}
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    for name in review.FILES:
        asset = client.get(f"/page/{name}")
        assert (asset.status_code, asset.mimetype) == (200, kinds[name[name.index(".") :]])
        assert asset.headers["Cache-Control"] == "no-cache"
        assert client.get(f"/page/{name}", headers={"If-None-Match": asset.headers["ETag"]}).status_code == 304


def test_no_other_file_is_served_with_the_page(client: FlaskClient) -> None:
    for path in ("/page/index.html", "/page/../review.py", "/page/", "/page/%2e%2e/review.py"):
        assert client.get(path).status_code == 404


def test_no_other_file_of_the_wheel_is_served(client: FlaskClient) -> None:
    for path in ("/docs/index.html", "/docs/../flask_swagger_ui.py", "/docs/swagger-ui.js"):
        assert client.get(path).status_code == 404


def test_the_served_contract_is_valid(client: FlaskClient) -> None:
    contract = client.get("/openapi.json").get_json()
    validate(contract)
    assert contract["info"]["version"] == __version__


def test_openapi_yaml_is_what_the_code_says(client: FlaskClient) -> None:
    """`make openapi` mends it."""
    written = openapi.FILE.read_text(encoding="utf-8")
    assert written == openapi.text()
    assert yaml.safe_load(written) == client.get("/openapi.json").get_json()
    assert "&id" not in written


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((openapi.FILE.parent / "pyproject.toml").read_text())
    assert project["project"]["version"] == __version__


def test_the_contract_lists_the_routes_and_the_problems() -> None:
    contract = openapi.specification()
    assert list(contract["paths"]) == ["/attribute", "/model", "/health", "/livez", "/readyz", "/metrics"]
    assert list(contract["components"]["schemas"])[:3] == ["Request", "Answer", "Attribution"]
    responses = contract["paths"]["/attribute"]["post"]["responses"]
    assert list(responses) == ["200", *map(str, sorted(DESCRIPTIONS))]
    for status, response in responses.items():
        assert list(response["content"]) == (list(RENDERERS) if status == "200" else ["application/problem+json"])
    assert "Retry-After" in responses["503"]["headers"]


@pytest.mark.parametrize("shape", ["Request", "Answer"])
def test_requests_are_closed_and_answers_open(shape: str) -> None:
    schema = openapi.specification()["components"]["schemas"][shape]
    assert schema["additionalProperties"] is (shape == "Answer")
