"""Days delivered twice, or out of order."""

from __future__ import annotations

from ..tables import Row


def one_row_per_day(rows: list[Row]) -> list[Row]:
    """Sorted by day; of a day delivered twice, the last delivery counts."""
    latest = {row["day"]: row for row in rows}
    return [latest[day] for day in sorted(latest)]
