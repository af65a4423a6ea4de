"""`/`: the review page for people, and its files under `/page/`, all from this package."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

FOLDER = Path(__file__).parent / "page"
FILES = tuple(sorted(path.name for path in FOLDER.iterdir() if path.suffix in (".js", ".css", ".svg")))
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".html": "text/html"}
"""Told here, because the types that Python guesses come from the machine's own tables."""


def blueprint() -> Blueprint:
    """The page and what it loads; a browser may keep each file and asks whether it is still the same."""
    routes = Blueprint("review", __name__)

    def sent(name: str) -> Response:
        response = send_from_directory(FOLDER, name, mimetype=TYPES[Path(name).suffix])
        response.headers["Cache-Control"] = "no-cache"
        return response

    @routes.get("/")
    def page() -> Response:
        return sent("index.html")

    for name in FILES:
        routes.add_url_rule(f"/page/{name}", f"file-{name.replace('.', '-')}", lambda name=name: sent(name))
    return routes
