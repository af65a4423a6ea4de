"""What an archive costs: `python -m models.archive` against a plain loop that calls the same model with batches.

Both get 2,000 articles of 50 to 150 words, made of sentences of the labelled articles' dev split, and all cores. The archive's time
is that of its command from start to exit, Ray's start and two models' loading included; the loop's is without loading.
"""

import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from models import Attributor
from models.training.datasets import load_articles

ARTICLES = Path(__file__).parent / "articles"
BATCH = 32  # articles of one call of the loop


def generated(count: int, seed: int = 0) -> list[str]:
    """Articles of 50 to 150 words; the same for the same seed."""
    draw = random.Random(seed)
    sentences = [own for row in load_articles(ARTICLES, "dev") for own in re.split(r"\s*\n\s*", row["text"]) if 5 <= len(own.split()) <= 80]
    made = []
    while len(made) < count:
        text = draw.choice(sentences)
        wanted = draw.randint(50, 130)
        while len(text.split()) < wanted:
            text += "\n\n" + draw.choice(sentences)
        if 50 <= len(text.split()) <= 150:
            made.append(text)
    return made


def measured(attributor: Attributor, count: int = 2000) -> dict[str, Any] | None:
    """Articles a second of both, and their ratio; None where Ray is not installed."""
    if find_spec("ray") is None:
        return None
    texts = generated(count)
    attributor(texts[:BATCH])
    loop = _seconds(lambda: [attributor(texts[at : at + BATCH]) for at in range(0, count, BATCH)])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        source.write_text("".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts)), encoding="utf-8")
        command = [sys.executable, "-m", "models.archive", str(source), str(Path(folder) / "out"), "--part", "100"]
        archive = _seconds(lambda: subprocess.run(command, check=True, stderr=subprocess.DEVNULL))
    return {
        "articles": count, "words": sum(len(text.split()) for text in texts), "loop_seconds": round(loop, 1), "archive_seconds": round(archive, 1),
        "loop_per_second": round(count / loop, 1), "archive_per_second": round(count / archive, 1), "ratio_to_loop": round(loop / archive, 3),
    }


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began
