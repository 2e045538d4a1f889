"""A linear model of the features."""

from __future__ import annotations

from .. import linalg
from ..stats import mean
from ..tables import Row, column
from .base import Model


class Ridge(Model):
    """Least squares, held back by a penalty on large weights."""

    def __init__(self, features: list[str], penalty: float) -> None:
        self.features = features
        self.penalty = penalty
        self.weights: list[float] = []
        self.centre: list[float] = []
        self.level = 0.0

    def fit(self, rows: list[Row]) -> Ridge:
        self.level = mean(column(rows, self.target))
        self.centre = [mean(column(rows, name)) for name in self.features]
        inputs = [self.centred(row) for row in rows]
        outputs = [row[self.target] - self.level for row in rows]
        matrix = linalg.gram(inputs)
        for i, line in enumerate(matrix):
            line[i] += self.penalty
        self.weights = linalg.solve(matrix, [linalg.dot(c, outputs) for c in map(list, zip(*inputs))])
        return self

    def predict(self, row: Row) -> float:
        return self.level + linalg.dot(self.weights, self.centred(row))

    def centred(self, row: Row) -> list[float]:
        return [row[name] - centre for name, centre in zip(self.features, self.centre)]
