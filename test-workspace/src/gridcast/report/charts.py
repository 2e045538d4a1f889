"""Charts made of text."""

from __future__ import annotations

from collections.abc import Sequence

BARS = "▁▂▃▄▅▆▇█"


def sparkline(values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    steps = (high - low) / (len(BARS) - 1) or 1.0
    return "".join(BARS[round((value - low) / steps)] for value in values)


def table(rows: Sequence[Sequence[object]]) -> str:
    head, *body = [f"| {' | '.join(map(str, row))} |" for row in rows]
    return "\n".join([head, "|---" * len(rows[0]) + "|", *body])
