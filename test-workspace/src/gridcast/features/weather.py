"""What the thermometer says."""

from __future__ import annotations

from ..settings import COMFORT
from ..tables import Row
from .registry import feature

COLD, WARM = COMFORT


@feature
def heating(rows: list[Row], i: int) -> float:
    return max(0.0, COLD - rows[i]["temperature"])


@feature
def cooling(rows: list[Row], i: int) -> float:
    return max(0.0, rows[i]["temperature"] - WARM)
