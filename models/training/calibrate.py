"""Fits what stands between scores and probabilities, and writes it into the manifest of the weights.

- `topics`: what makes a logit of the relevance head a probability, and the probability from which on F1 is best served by giving the topic;
- `record`: the logistic regression of `models.confidence`.

Both on dev (labelled articles and labelled news), of which the network has learned nothing by heart.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models import Attributor, artifact, load, speakers
from models.confidence import evidence
from models.labels import LEARNED_TOPICS
from models.records import Reading
from models.topics.judge import around
from models.training import standoff
from models.training.articles_scores import same_name
from models.training.datasets import load_articles
from models.training.export import write_manifest
from models.training.scores import matched

ARTICLES = Path(__file__).parent / "articles"
BINS = 10
LOWEST = 0.35  # of a topic that is given: what is rather not so shall not be told


def readings(attributor: Attributor, rows: Sequence[dict[str, Any]]) -> list[tuple[dict[str, Any], Reading, dict[int, int]]]:
    """Each article with its reading and which gold record (value) each of the reading's records (key) is."""
    made = []
    for row in rows:
        document = attributor.read(row["text"])
        reading = attributor.interpret(document, attributor.encode(document.windows))
        pairs = matched(
            [[tuple(span) for span in own["content"]] for own in row["attributions"]],
            [[(span.start, span.end) for span in own.spans] for own in reading.records],
        )
        made.append((row, reading, {j: i for i, j in pairs}))
    return made


def fit_topics(attributor: Attributor, rows: Sequence[dict[str, Any]]) -> dict[str, list[float]]:
    """A slope, a shift and the weight of the records around it a topic (Platt scaling, with one feature more) for the logits of the
    relevance head, and its threshold, over the records that gold holds."""
    logits, near, labels = [], [], []
    for row, reading, partner in readings(attributor, rows):
        resolver = speakers.Resolver(reading)
        views = attributor.topics.views(reading, resolver, resolver.resolve())
        beside = around(np.stack([view.logits for view in views])) if views else np.zeros((0, len(LEARNED_TOPICS)))
        for index, gold in partner.items():
            logits.append(views[index].logits)
            near.append(beside[index])
            labels.append([topic in row["attributions"][gold]["topics"] for topic in LEARNED_TOPICS])
    xs, ys = np.stack([np.array(logits, np.float64), np.array(near, np.float64)], 2), np.array(labels, np.float64)
    made = {}
    for k, topic in enumerate(LEARNED_TOPICS):
        slope, weight, shift = fit_record(xs[:, k], ys[:, k])
        made[topic] = [slope, shift, weight, threshold(1 / (1 + np.exp(-(xs[:, k] @ (slope, weight) + shift))), ys[:, k])]
    return made


def threshold(chances: np.ndarray, right: np.ndarray) -> float:
    """From which probability on a topic is given, LOWEST to .5: that of the best F1, which for probabilities is half of it
    (Lipton et al., ECML 2014), the middle of all within a thousandth of the best."""
    grid = np.arange(LOWEST, 0.501, 0.01)
    scores = np.array([2 * right[chances >= own].sum() / ((chances >= own).sum() + right.sum()) for own in grid])
    return round(float(np.median(grid[scores >= scores.max() - 0.001])), 2)


def record_examples(attributor: Attributor, rows: Sequence[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Evidence of every record and whether spans, speaker and type are right; [records, evidence], [records]."""
    xs, ys = [], []
    for row, reading, partner in readings(attributor, rows):
        who = speakers.Resolver(reading).resolve()
        for index, (record, speaker) in enumerate(zip(reading.records, who, strict=True)):
            gold = row["attributions"][partner[index]] if index in partner else None
            xs.append(evidence(record, speaker))
            ys.append(float(gold is not None and same_name(gold["speaker"], speaker.name if speaker else None) and gold["type"] == record.type))
    return np.array(xs, np.float64), np.array(ys, np.float64)


def fit_record(xs: np.ndarray, ys: np.ndarray, decay: float = 1.0) -> list[float]:
    """Logistic regression by Newton's method; the bias last."""
    design = np.concatenate([xs, np.ones((len(xs), 1))], 1)
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        penalty = decay * np.append(np.ones(xs.shape[1]), 0.0)
        gradient = design.T @ (chance - ys) + penalty * weights
        hessian = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(penalty + 1e-9)
        weights -= np.linalg.solve(hessian, gradient)
    return [round(float(value), 5) for value in weights]


def calibration_error(chances: np.ndarray, right: np.ndarray) -> float:
    """Expected calibration error over ten equal bins, 0..1."""
    bins = np.minimum((chances * BINS).astype(int), BINS - 1)
    return float(sum(abs(chances[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in range(BINS) if (bins == b).any()))


def dev_rows(news: Path = Path("../shared/data/news/unlabelled.jsonl")) -> list[dict[str, Any]]:
    """The dev split of the labelled articles, and of the labelled news where the corpus is there."""
    return [*load_articles(ARTICLES, "dev"), *standoff.load(news, "dev")]


def held_out_error(xs: np.ndarray, ys: np.ndarray, folds: int = 5) -> float:
    """The calibration error of records that the regression was not fitted on."""
    chances = np.zeros(len(ys))
    for fold in range(folds):
        held = np.arange(len(ys)) % folds == fold
        weights = np.array(fit_record(xs[~held], ys[~held]))
        chances[held] = 1 / (1 + np.exp(-(xs[held] @ weights[:-1] + weights[-1])))
    return calibration_error(chances, ys)


def main() -> None:
    """Fit, write, and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=artifact.DEFAULT)
    folder = parser.parse_args().folder
    manifest = artifact.verify(folder)
    calibration = dict(manifest.calibration)
    attributor = load(folder)
    rows = dev_rows()
    calibration["topics"] = fit_topics(attributor, rows)
    records, right = record_examples(attributor, rows)
    calibration["record"] = fit_record(records, right)
    write_manifest(folder, calibration, dict(manifest.scores))
    print(json.dumps({"topics": calibration["topics"], "record_examples": len(right), "records_right": round(float(right.mean()), 4),
                      "record_calibration_error": round(held_out_error(records, right), 4)}))


if __name__ == "__main__":
    main()
