"""`python -m service.openapi` writes openapi.yaml: the contract, from the code, for the topics it comes with."""

import sys
from pathlib import Path
from typing import Any, cast

import yaml

from service import create_app
from service.settings import Settings
from service.specification import document

FILE = Path(__file__).parent.parent / "openapi.yaml"


class Described:
    """In an attributor's place where only the description of the service is wanted: no weights, no torch."""

    class card:
        """Stands for an instance."""

        name, version, sha256 = "", "", ""
        topics = ("russia", "ukraine", "spending")


class Dumper(yaml.SafeDumper):
    """YAML for readers: text of several lines as a block, and nothing by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never an alias."""
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


Dumper.add_representer(str, _text)


def specification() -> dict[str, Any]:
    """The contract as openapi.yaml holds it."""
    app = create_app(Settings(), cast(Any, Described()), start=False)
    return document(app.extensions["quotes"].api)


def text() -> str:
    """The contract in YAML."""
    return yaml.dump(specification(), Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120)


def main() -> None:
    """Write openapi.yaml."""
    FILE.write_text(text(), encoding="utf-8")
    print(f"wrote {FILE}", file=sys.stderr)


if __name__ == "__main__":
    main()
