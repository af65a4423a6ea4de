"""`/openapi.json`, and `/docs`: Swagger UI over it, its assets from the wheel `flask-swagger-ui` and no CDN."""

import json
from collections.abc import Callable
from importlib.resources import files
from typing import Any

from flask import Blueprint, Response, send_from_directory

ASSETS = ("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png")

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Quotes: API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" type="image/png" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

START = """SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null});
"""


def blueprint(specification: Callable[[], dict[str, Any]]) -> Blueprint:
    """The two routes and the page's assets. `specification` is called once, when it is first asked for."""
    routes = Blueprint("docs", __name__)
    folder = str(files("flask_swagger_ui") / "dist")
    made: list[bytes] = []

    @routes.get("/openapi.json")
    def openapi() -> Response:
        if not made:
            made.append(json.dumps(specification(), ensure_ascii=False, indent=1).encode("utf-8"))
        return Response(made[0], mimetype="application/json")

    @routes.get("/docs")
    def page() -> Response:
        return Response(PAGE, mimetype="text/html")

    @routes.get("/docs/start.js")
    def start() -> Response:
        return Response(START, mimetype="text/javascript")

    def asset(name: str) -> Response:
        return send_from_directory(folder, name, max_age=86400)

    for name in ASSETS:
        routes.add_url_rule(f"/docs/{name}", f"asset-{name.replace('.', '-')}", lambda name=name: asset(name))
    return routes
