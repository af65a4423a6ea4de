"""Fits what stands between scores and probabilities, and writes it into the manifest of the weights.

- `topic_weights`: the small network of `models.topics.judge`, on the train split of the labelled articles;
- `record`: the logistic regression of `models.confidence`, on the dev split, where the encoder has learned nothing by heart.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from models import Attributor, artifact, load, speakers
from models.confidence import evidence
from models.records import Reading
from models.topics.judge import FEATURES
from models.training.articles_scores import same_name
from models.training.datasets import load_articles
from models.training.export import write_manifest
from models.training.scores import matched

ARTICLES = Path(__file__).parent / "articles"
INNER = 12
BINS = 10


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


def topic_examples(attributor: Attributor, rows: Sequence[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels of every (record, topic) that has evidence; [examples, FEATURES], [examples]."""
    judge, xs, ys = attributor.topics, [], []
    for row, reading, partner in readings(attributor, rows):
        if not reading.records:
            continue
        found, logits = judge.look(reading, speakers.Resolver(reading)), judge.logits(reading)
        for index, record in enumerate(reading.records):
            if index not in partner:
                continue
            gold = row["attributions"][partner[index]]
            for number, topic in enumerate(judge.files):
                if topic.name in judge.learned and found[index][number].evidence():
                    logit = float(logits[index, judge.learned.index(topic.name)])
                    xs.append(judge.features(reading.text, record, topic, found[index][number], logit))
                    ys.append(float(topic.name in gold["topics"]))
    return np.array(xs, np.float32), np.array(ys, np.float32)


def fit_topics(xs: np.ndarray, ys: np.ndarray, seed: int = 1) -> dict[str, Any]:
    """A network of one inner layer, by Adam with weight decay over the whole set."""
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(FEATURES, INNER), torch.nn.Tanh(), torch.nn.Linear(INNER, 1))
    optimizer = torch.optim.AdamW(net.parameters(), lr=0.02, weight_decay=0.05)
    x, y = torch.from_numpy(xs), torch.from_numpy(ys)
    for _ in range(500):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(net(x)[:, 0], y).backward()
        optimizer.step()
    first, last = net[0], net[2]
    assert isinstance(first, torch.nn.Linear)
    assert isinstance(last, torch.nn.Linear)
    return {
        "w1": first.weight.detach().T.round(decimals=5).tolist(), "b1": first.bias.detach().round(decimals=5).tolist(),
        "w2": last.weight.detach()[0].round(decimals=5).tolist(), "b2": round(float(last.bias.detach()[0]), 5),
    }


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
    xs, ys = topic_examples(attributor, load_articles(ARTICLES, "train"))
    calibration["topic_weights"] = fit_topics(xs, ys)
    records, right = record_examples(attributor, load_articles(ARTICLES, "dev"))
    calibration["record"] = fit_record(records, right)
    write_manifest(folder, calibration, dict(manifest.scores))
    print(json.dumps({"topic_examples": len(ys), "record_examples": len(right), "records_right": round(float(right.mean()), 4),
                      "record_calibration_error": round(held_out_error(records, right), 4)}))


if __name__ == "__main__":
    main()
