"""What the README promises is what the code does: settings, routes, the numbers of its table."""

import json
import re
from pathlib import Path

import pytest
import yaml

from models import artifact
from models.training import card
from service.settings import markdown

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_settings_table_is_the_settings() -> None:
    assert markdown() in README


def test_every_route_of_the_contract_is_named() -> None:
    routes = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))["paths"]
    assert all(route in README for route in routes)


def test_links_lead_somewhere() -> None:
    for page in (ROOT / "README.md", artifact.DEFAULT / "README.md"):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), target


def test_scores_of_the_readme_and_the_card_are_those_of_the_manifest() -> None:
    scores = json.loads((artifact.DEFAULT / "manifest.json").read_text(encoding="utf-8"))["scores"]
    for page in card.PAGES:
        assert card.table(scores) in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements/dev.txt", "requirements/training.txt", "requirements/teacher.txt", "requirements/tracing.txt", "requirements/peer.txt"])
def test_every_pin_is_exact(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[\w.-]+(?:\[[\w,]+\])?==[\w.+]+", line) for line in lines)
