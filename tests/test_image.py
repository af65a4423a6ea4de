"""The Dockerfile, its context, and the workflow that builds it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")


def pins(name: str) -> set[str]:
    """The lines of a requirements file that pin something."""
    return {line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line and not line.startswith("#")}


def test_hadolint_finds_nothing() -> None:
    hadolint = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert hadolint
    found = subprocess.run([hadolint, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_it_runs_as_a_number_in_exec_form_with_a_health_check() -> None:
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^CMD \[", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK .*\\\n +CMD \[.*/readyz", DOCKERFILE, re.MULTILINE)


def test_what_is_copied_is_in_the_context_and_nothing_else_is() -> None:
    copied = {source for line in re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE) for source in line.split()}
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignore[0] == "*"
    assert {line[1:] for line in ignore if line.startswith("!")} == copied
    assert all((ROOT / source).exists() for source in copied)


def test_tracing_in_the_image_is_what_is_tested() -> None:
    assert pins("requirements/tracing.txt") <= pins("requirements/dev.txt")
    assert "opentelemetry-exporter-otlp-proto-http" in {pin.split("==")[0] for pin in pins("requirements/tracing.txt")}


def test_actions_are_pinned_by_commit_and_say_their_version() -> None:
    used = re.findall(r"uses: *(.*)", WORKFLOW)
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in used)
    assert len({each.split("@")[0] for each in used}) == len(set(used))  # one version of each


def test_the_workflow_may_only_read_and_does_what_is_promised() -> None:
    workflow = yaml.safe_load(WORKFLOW)
    assert workflow["permissions"] == {"contents": "read"}
    assert list(workflow["jobs"]) == ["lint", "test", "audit", "image"]
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())
    for command in ("make lint", ".ci/run", "pip-audit", "--read-only", "docker stop", "sbom-action"):
        assert command in WORKFLOW
