"""What an archive costs: `python -m models.archive` against a plain loop that calls the same model with batches.

Both get 2,000 articles of 50 to 150 words, made of sentences of the labelled articles' dev split, and all cores. `ratio_to_loop`
counts throughput once both are at work: the loop's after its first batch, the archive's from the time its first parts are there;
`whole_ratio_to_loop` the archive's from the command to its end. `start_seconds` is what the archive takes until its first parts are
there and longer than their records do at that throughput: Ray's start and the models' loading.
"""

import json
import os
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

from models import Attributor, load
from models.training.datasets import load_articles

ARTICLES = Path(__file__).parent / "articles"
BATCH = 32  # articles of one call of the loop
PART = 100  # articles of a part of the archive


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
    loop = count / _seconds(lambda: [attributor(texts[at : at + BATCH]) for at in range(0, count, BATCH)])
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        source.write_text("".join(json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts)), encoding="utf-8")
        command = [sys.executable, "-m", "models.archive", str(source), str(Path(folder) / "out"), "--part", str(PART)]
        began = time.time()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        whole = time.time() - began
        written = sorted(own.stat().st_mtime for own in (Path(folder) / "out").glob("part-*"))
    first = len(os.sched_getaffinity(0))  # parts that the workers finish at about the same time
    archive = (len(written) - first) * PART / (written[-1] - written[first - 1])
    return {
        "articles": count, "words": sum(len(text.split()) for text in texts), "loop_per_second": round(loop, 1),
        "archive_per_second": round(archive, 1), "ratio_to_loop": round(archive / loop, 3),
        "whole_ratio_to_loop": round(count / whole / loop, 3), "archive_seconds": round(whole, 1),
        "start_seconds": round(written[first - 1] - began - first * PART / archive, 1),
    }


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def killed(count: int = 2000, kills: int = 3, seed: int = 0) -> dict[str, Any]:
    """Whether a run that is killed at random moments and given again ends as an undisturbed one does, with 1 % broken records in between."""
    draw = random.Random(seed)
    lines = [json.dumps({"id": number, "text": text}) for number, text in enumerate(generated(count))]
    broken = set(draw.sample(range(count), count // 100))
    with tempfile.TemporaryDirectory() as folder:
        source, outs = Path(folder) / "in.jsonl", [Path(folder) / name for name in ("undisturbed", "killed")]
        source.write_text("".join(f"{line[: 40 if at in broken else None]}\n" for at, line in enumerate(lines)), encoding="utf-8")
        commands = [[sys.executable, "-m", "models.archive", str(source), str(out), "--part", str(PART)] for out in outs]
        whole = _seconds(lambda: subprocess.run(commands[0], check=True, stderr=subprocess.DEVNULL))
        moments = []
        for _ in range(kills):
            process = subprocess.Popen(commands[1], stderr=subprocess.DEVNULL)
            time.sleep(draw.uniform(0, whole))
            process.kill()
            process.wait()
            moments.append(len(list(outs[1].glob("part-*"))))
        subprocess.run(commands[1], check=True, stderr=subprocess.DEVNULL)
        found = [{str(own.relative_to(out)): own.read_bytes() for own in out.rglob("*") if own.is_file()} for out in outs]
        told = {json.loads(line)["record"] - 1 for line in (outs[1] / "_bad.jsonl").read_text(encoding="utf-8").splitlines()}
    return {"articles": count, "parts_at_kills": moments, "equal": found[0] == found[1], "broken_told": told == broken}


if __name__ == "__main__":
    print(json.dumps({"archive": measured(load()), "killed": killed()}))
