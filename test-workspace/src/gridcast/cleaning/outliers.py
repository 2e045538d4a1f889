"""Readings that can't be true."""

from __future__ import annotations

from ..settings import OUTLIER_LIMIT
from ..stats import deviation, median
from ..tables import Row, column


def clip_outliers(rows: list[Row], name: str) -> list[Row]:
    """Values of one column, held within a sensible distance of the median."""
    low, high = bounds(column(rows, name))
    return [{**row, name: min(max(row[name], low), high)} for row in rows]


def bounds(values: list[float]) -> tuple[float, float]:
    middle = median(values)
    reach = OUTLIER_LIMIT * deviation(values)
    return middle - reach, middle + reach
