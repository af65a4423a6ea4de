"""Fits what stands between scores and probabilities, and writes it into the manifest of the weights.

- `topic_weights`: the regressions of `models.topics.judge`, on the train split of the labelled articles, but for the weight of
  the classifier, which knows that split by heart: it is chosen on dev;
- `record`: the logistic regression of `models.confidence`, on the dev split, where the encoder has learned nothing by heart.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models import Attributor, artifact, load, speakers
from models.confidence import evidence
from models.records import Reading
from models.topics.judge import FEATURES
from models.training.articles_scores import same_name
from models.training.datasets import load_articles
from models.training.export import write_manifest
from models.training.scores import matched

ARTICLES = Path(__file__).parent / "articles"
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


def topic_examples(attributor: Attributor, rows: Sequence[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every (record, topic) that has evidence: features [examples, FEATURES], the topic's number, the label, and its
    weight: traps count half, since the articles hold far more of them than news does."""
    judge = attributor.topics
    xs, numbers, ys, weights = [], [], [], []
    for row, reading, partner in readings(attributor, rows):
        if not reading.records:
            continue
        resolver = speakers.Resolver(reading)
        found, logits = judge.look(reading, resolver, resolver.resolve()), judge.logits(reading)
        for index, record in enumerate(reading.records):
            if index not in partner:
                continue
            gold = row["attributions"][partner[index]]
            for number, topic in enumerate(judge.files):
                if topic.name in judge.learned and found[index][number].evidence():
                    logit = float(logits[index, judge.learned.index(topic.name)])
                    xs.append(judge.features(reading.text, record, topic, found[index], logit))
                    numbers.append(number)
                    ys.append(float(topic.name in gold["topics"]))
                    weights.append(0.5 if gold["trap"] else 1.0)
    return np.array(xs, np.float64), np.array(numbers), np.array(ys), np.array(weights)


def fit_topics(attributor: Attributor) -> dict[str, list[float]]:
    """A regression a topic whose weights are shared in part (features, and features times topic), and the slope of the
    classifier and a shift that serve dev best (F1 less the loss a decision)."""
    count = len(attributor.topics.learned)

    def design(xs: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        return np.concatenate([xs[:, 1:], *(np.concatenate([xs[:, 1:], np.ones((len(xs), 1))], 1) * (numbers == k)[:, None] for k in range(count))], 1)

    xs, numbers, ys, sizes = topic_examples(attributor, load_articles(ARTICLES, "train"))
    fitted = np.array(fit_record(design(xs, numbers), ys, decay=2.0, sizes=sizes))
    dev_xs, dev_numbers, dev_ys, dev_sizes = topic_examples(attributor, load_articles(ARTICLES, "dev"))
    scores = design(dev_xs, dev_numbers) @ fitted[:-1] + fitted[-1]

    signs = 2 * dev_ys - 1
    given = np.array([[step / 4, shift / 10] for step in range(25) for shift in range(-15, 16)])

    def right(pair: np.ndarray) -> float:
        chosen = scores + pair[0] * dev_xs[:, 0] + pair[1] >= 0
        both = float((dev_sizes * chosen * dev_ys).sum())
        return 2 * both / float((dev_sizes * (chosen + dev_ys)).sum())

    def loss(pair: np.ndarray) -> float:
        return float((dev_sizes * np.logaddexp(0, -(scores + pair[0] * dev_xs[:, 0] + pair[1]) * signs)).mean())

    slope, shift = max(given.tolist(), key=lambda pair: right(np.array(pair)) - loss(np.array(pair)))
    width = FEATURES - 1
    made = {}
    for k, name in enumerate(attributor.topics.learned):
        own = fitted[width + k * (width + 1) :][: width + 1]
        made[name] = [round(float(value), 5) for value in (slope, *(fitted[:width] + own[:width]), own[width] + fitted[-1] + shift)]
    return made


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


def fit_record(xs: np.ndarray, ys: np.ndarray, decay: float = 1.0, sizes: np.ndarray | None = None) -> list[float]:
    """Logistic regression by Newton's method, examples weighed by `sizes`; the bias last."""
    sizes = np.ones(len(ys)) if sizes is None else sizes
    design = np.concatenate([xs, np.ones((len(xs), 1))], 1)
    weights = np.zeros(design.shape[1])
    for _ in range(30):
        chance = 1 / (1 + np.exp(-design @ weights))
        penalty = decay * np.append(np.ones(xs.shape[1]), 0.0)
        gradient = design.T @ (sizes * (chance - ys)) + penalty * weights
        hessian = (design * (sizes * chance * (1 - chance))[:, None]).T @ design + np.diag(penalty + 1e-9)
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
    calibration["topic_weights"] = fit_topics(attributor)
    records, right = record_examples(attributor, load_articles(ARTICLES, "dev"))
    calibration["record"] = fit_record(records, right)
    write_manifest(folder, calibration, dict(manifest.scores))
    print(json.dumps({"classifier_slope": next(iter(calibration["topic_weights"].values()))[0], "record_examples": len(right), "records_right": round(float(right.mean()), 4),
                      "record_calibration_error": round(held_out_error(records, right), 4)}))


if __name__ == "__main__":
    main()
