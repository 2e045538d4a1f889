"""Reading and writing the files that the stages pass to each other."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

#: One line of a table, by column: a number, a text, or ``None`` where the cell is empty.
Row = dict[str, Any]


def read_rows(path: str) -> list[Row]:
    """The rows of a CSV file; numbers become floats and empty cells ``None``."""
    with open(path, newline="", encoding="utf-8") as file:
        return [{name: parse(cell) for name, cell in row.items()} for row in csv.DictReader(file)]


def write_rows(path: str, rows: Iterable[Row]) -> None:
    rows = list(rows)
    with open(_ready(path), "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: show(value) for name, value in row.items()} for row in rows)


def read_json(path: str) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def write_json(path: str, value: Any) -> None:
    _ready(path).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def write_text(path: str, text: str) -> None:
    _ready(path).write_text(text, encoding="utf-8")


def column(rows: Iterable[Row], name: str) -> list[Any]:
    return [row[name] for row in rows]


def parse(cell: str) -> float | str | None:
    if not cell:
        return None
    try:
        return float(cell)
    except ValueError:
        return cell


def show(value: float | str | None) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else value


def _ready(path: str) -> Path:
    """The path, with its folder made."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target
