"""The model to beat: a typical week."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from .. import stats
from ..settings import SEASON_DAYS
from ..tables import Row
from .base import Model


class Seasonal(Model):
    """Every weekday is like the usual such weekday."""

    def __init__(self) -> None:
        self.typical: dict[str, float] = {}

    def fit(self, rows: list[Row]) -> Seasonal:
        loads = defaultdict(list)
        for row in rows:
            loads[slot(row)].append(row[self.target])
        self.typical = {place: stats.median(values) for place, values in loads.items()}
        return self

    def predict(self, row: Row) -> float:
        return self.typical[slot(row)]


def slot(row: Row) -> str:
    """The place of a day in its season, as text so that it survives JSON."""
    return str(date.fromisoformat(row["day"]).toordinal() % SEASON_DAYS)
