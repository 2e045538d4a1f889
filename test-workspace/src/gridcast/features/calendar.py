"""What the date says."""

from __future__ import annotations

from datetime import date

from ..tables import Row
from .registry import feature

SATURDAY, SUNDAY = 5, 6


@feature
def saturday(rows: list[Row], i: int) -> bool:
    return weekday(rows[i]) == SATURDAY


@feature
def sunday(rows: list[Row], i: int) -> bool:
    return weekday(rows[i]) == SUNDAY


@feature
def holiday(rows: list[Row], i: int) -> bool:
    return bool(rows[i]["holiday"])


def weekday(row: Row) -> int:
    return date.fromisoformat(row["day"]).weekday()
