"""Scores of a record -> one calibrated probability that the record is right."""

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from models.records import Record
from models.types import QuoteType, Speaker


def evidence(record: Record, speaker: Speaker | None) -> list[float]:
    """What the probability is read from: log odds of each step, and the type of the quote."""
    values = (record.found, record.linked, record.served, speaker.confidence if speaker else 0.5)
    odds = [math.log(p / (1 - p)) for p in (min(max(v, 0.01), 0.99) for v in values)]
    return [*odds, float(record.type is QuoteType.DIRECT), float(record.type is QuoteType.MIXED), float(speaker is None), float(record.source < 0)]


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over `evidence`, fitted on dev by `models.training.calibrate`; `weights` has the bias last."""

    weights: tuple[float, ...]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Self:
        """From the manifest's `calibration`; unfitted weights give the product of the steps' odds."""
        weights = manifest.get("record") or [0.5, 0.25, 0.25, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0]
        return cls(tuple(weights))

    def record(self, record: Record, speaker: Speaker | None) -> float:
        """The probability that spans, speaker and type of a record are right."""
        score = math.fsum(map(operator.mul, self.weights, [*evidence(record, speaker), 1.0]))
        return 1 / (1 + math.exp(min(-score, 700.0)))
