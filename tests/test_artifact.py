"""Weights are checked before they are loaded, and what is wrong is said in one line."""

import json
import shutil
from pathlib import Path

import pytest

from models import ArtifactError, artifact


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(artifact.DEFAULT, tmp_path / "weights"))


def refused(folder: Path) -> str:
    with pytest.raises(ArtifactError) as caught:
        artifact.verify(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_weights_that_ship_are_whole_and_small() -> None:
    assert artifact.verify(artifact.DEFAULT).name == artifact.DEFAULT.name
    assert (artifact.DEFAULT / "model.safetensors").stat().st_size < 50_000_000


def test_damage(folder: Path) -> None:
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(1000)
        file.write(b"x")
    assert "model.safetensors is damaged" in refused(folder)


def test_absence(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    assert "tokenizer.json is missing" in refused(folder)
    assert "does not exist" in refused(folder / "nowhere")


def test_other_formats_and_manifests(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"format": 99}))
    assert "format 99" in refused(folder)
    (folder / "manifest.json").write_text("{")
    assert "missing or damaged" in refused(folder)
