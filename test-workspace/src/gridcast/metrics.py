"""How far a forecast is from what happened."""

from __future__ import annotations

from collections.abc import Sequence

from gridcast import stats


def errors(actual: Sequence[float], predicted: Sequence[float]) -> list[float]:
    return [p - a for a, p in zip(actual, predicted)]


def mape(actual: Sequence[float], predicted: Sequence[float]) -> float:
    """Mean absolute error, in percent of the actual value."""
    return 100 * stats.mean([abs(e) / a for a, e in zip(actual, errors(actual, predicted))])


def rmse(actual: Sequence[float], predicted: Sequence[float]) -> float:
    return stats.mean([e * e for e in errors(actual, predicted)]) ** 0.5


def bias(actual: Sequence[float], predicted: Sequence[float]) -> float:
    return stats.mean(errors(actual, predicted))
