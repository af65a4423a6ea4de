"""Who may import whom: models knows nothing of HTTP, torch stays in its two files, nothing imports training."""

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent


def imported(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}


LIBRARY = [path for path in (ROOT / "models").rglob("*.py") if "training" not in path.parts]
SERVICE = list((ROOT / "service").rglob("*.py"))


def test_models_knows_nothing_of_http() -> None:
    for path in LIBRARY:
        assert not {name.split(".")[0] for name in imported(path)} & {"flask", "werkzeug", "marshmallow", "gunicorn", "service"}, path


def test_torch_stays_in_two_files() -> None:
    users = {path.name for path in LIBRARY if {name.split(".")[0] for name in imported(path)} & {"torch", "transformers"}}
    assert users == {"network.py", "encoder.py"}


def test_nothing_imports_training() -> None:
    for path in LIBRARY + SERVICE:
        assert not any(name.startswith("models.training") for name in imported(path)), path


def test_the_service_uses_the_public_surface_only() -> None:
    for path in SERVICE:
        assert not any(name.startswith("models.") for name in imported(path)), path


def test_weights_are_data_only() -> None:
    assert not list((ROOT / "models" / "weights").rglob("*.py"))
