"""flask-smorest as far as it is used here, with the types that it does not bring itself."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from apispec import APISpec
    from flask import Blueprint as FlaskBlueprint
    from flask import Flask
    from webargs.flaskparser import FlaskParser

    View = TypeVar("View", bound=Callable[..., Any])
    Decorator = Callable[[View], View]

    class Blueprint(FlaskBlueprint):
        """A blueprint whose routes validate, answer and are documented by schemas."""

        ARGUMENTS_PARSER: FlaskParser

        def __init__(self, name: str, import_name: str, *, description: str) -> None: ...

        def arguments(self, schema: Any) -> Decorator[Any]:
            """Validate the body by a schema and pass it to the view."""

        def response(self, status: int, schema: Any, **kwargs: Any) -> Decorator[Any]:
            """Document the answer."""

        def alt_response(self, status: int, **kwargs: Any) -> Decorator[Any]:
            """Document another answer."""

        def doc(self, **kwargs: Any) -> Decorator[Any]:
            """Add to the document by hand."""

    class Api:
        """The application's documentation."""

        ERROR_SCHEMA: Any
        DEFAULT_ERROR_RESPONSE_NAME: str | None
        spec: APISpec

        def __init__(self, app: Flask, *, spec_kwargs: dict[str, Any]) -> None: ...

        def register_blueprint(self, blueprint: FlaskBlueprint) -> None:
            """Add a blueprint to the application and to the document."""

else:
    from flask_smorest import Api, Blueprint

__all__ = ["Api", "Blueprint"]
