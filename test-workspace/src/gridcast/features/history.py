"""What the days before say."""

from __future__ import annotations

from ..settings import LAGS
from ..stats import mean
from ..tables import Row, column
from .registry import feature


@feature
def yesterday(rows: list[Row], i: int) -> float:
    return rows[i - 1]["load"]


@feature
def recent(rows: list[Row], i: int) -> float:
    """The mean of the days that the models may look back to."""
    return mean(column([rows[i - lag] for lag in LAGS], "load"))
