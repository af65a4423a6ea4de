"""A weights folder: what it must hold, whether it is whole, and its card.

    config.json        sizes and labels of the network
    model.safetensors  all weights, fp16
    tokenizer.json     the WordPiece vocabulary
    manifest.json      format, name, version, sha256 of the files above, calibration, scores
    README.md          the model card, for people
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import ArtifactError
from models.labels import NAME_LABELS, TAG_LABELS

FORMAT = 5
FILES = ("config.json", "model.safetensors", "tokenizer.json")
DEFAULT = Path(__file__).parent / "weights" / "quotes-minilm"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What manifest.json says."""

    name: str
    version: str
    sha256: Mapping[str, str]
    calibration: Mapping[str, Any]
    scores: Mapping[str, Any]


def digest(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify(folder: Path) -> Manifest:
    """Read the manifest and check every file against it; raises `ArtifactError` with one line that says what to do."""
    advice = "restore it from the repository or train it anew with `make train`"
    if not folder.is_dir():
        raise ArtifactError(f"no weights at {folder}: the folder does not exist; {advice}")
    try:
        raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest = Manifest(raw["name"], raw["version"], raw["sha256"], raw["calibration"], raw["scores"])
        found = raw["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{folder / 'manifest.json'} is missing or damaged ({error!r}); {advice}") from None
    if found != FORMAT:
        raise ArtifactError(f"{folder} has format {found!r}, this code reads {FORMAT}; use weights of the same release")
    for name in FILES:
        path = folder / name
        if not path.is_file():
            raise ArtifactError(f"{path} is missing; {advice}")
        if (came := digest(path)) != (wanted := manifest.sha256.get(name)):
            raise ArtifactError(f"{path} is damaged: its sha256 is {came[:12]}…, the manifest says {str(wanted)[:12]}…; {advice}")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for key, wanted_labels in (("tag_labels", TAG_LABELS), ("name_labels", NAME_LABELS)):
        if tuple(config.get(key, ())) != wanted_labels:
            raise ArtifactError(f"{folder / 'config.json'}: {key} is {config.get(key)}, this code knows {list(wanted_labels)}")
    return manifest
