"""A trained network -> a weights folder that ships: fp16, with its manifest."""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from models import artifact
from models.network import QuoteModel

NAME, VERSION = "quotes-minilm", "0.11.0"


def write_manifest(folder: Path, calibration: dict[str, Any], scores: dict[str, Any]) -> None:
    """The manifest of a folder whose other files stand."""
    manifest = {
        "format": artifact.FORMAT, "name": NAME, "version": VERSION,
        "sha256": {name: artifact.digest(folder / name) for name in artifact.FILES}, "calibration": calibration, "scores": scores,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def export(trained: Path, folder: Path) -> None:
    """Write config, weights (fp16) and tokenizer; calibration is left to `models.training.calibrate`."""
    model = QuoteModel.from_pretrained(trained)
    folder.mkdir(parents=True, exist_ok=True)
    model.config.architectures, model.config.dtype = ["QuoteModel"], None
    model.config.save_pretrained(folder)
    tensors = {name: value.to(torch.float16).contiguous() for name, value in model.state_dict().items() if "position_ids" not in name}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    shutil.copy(trained / "tokenizer.json", folder / "tokenizer.json")
    write_manifest(folder, {}, {})


def main() -> None:
    """Parse the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trained", type=Path, help="a stage's folder under checkpoints/")
    parser.add_argument("folder", type=Path, nargs="?", default=artifact.DEFAULT)
    given = parser.parse_args()
    export(given.trained, given.folder)


if __name__ == "__main__":
    main()
