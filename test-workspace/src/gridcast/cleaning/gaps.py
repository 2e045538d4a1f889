"""Missing readings."""

from __future__ import annotations

from ..tables import Row


def fill_gaps(rows: list[Row], name: str) -> list[Row]:
    """Missing values of one column, filled in on the line between their neighbours."""
    known = [i for i, row in enumerate(rows) if row[name] is not None]
    return [{**row, name: between(rows, name, known, i)} for i, row in enumerate(rows)]


def between(rows: list[Row], name: str, known: list[int], i: int) -> float:
    before = max((k for k in known if k <= i), default=known[0])
    after = min((k for k in known if k >= i), default=known[-1])
    start, end = rows[before][name], rows[after][name]
    if before == after:
        return start
    return start + (end - start) * (i - before) / (after - before)
