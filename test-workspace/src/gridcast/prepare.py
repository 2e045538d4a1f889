"""From raw files to one clean table of days."""

from __future__ import annotations

from fastpipe import stage

from gridcast.cleaning import clip_outliers, fill_gaps, one_row_per_day
from gridcast.tables import read_rows, write_rows


@stage(deps=["data/load.csv"], outs=["out/load.csv"])
def ingest_load(raw: str, target: str) -> None:
    """Meter readings, one row per day."""
    write_rows(target, one_row_per_day(read_rows(raw)))


@stage(deps=["data/weather.csv"], outs=["out/weather.csv"])
def ingest_weather(raw: str, target: str) -> None:
    """Temperature and wind, without gaps."""
    rows = one_row_per_day(read_rows(raw))
    for name in ("temperature", "wind"):
        rows = fill_gaps(rows, name)
    write_rows(target, rows)


@stage(deps=["data/holidays.csv"], outs=["out/holidays.csv"])
def ingest_holidays(raw: str, target: str) -> None:
    """Public holidays."""
    write_rows(target, [row for row in read_rows(raw) if row["name"]])


@stage(deps=["out/load.csv"], outs=["out/load_clean.csv"])
def clean(source: str, target: str) -> None:
    """Readings that can be trusted: gaps filled, impossible values clipped."""
    rows = fill_gaps(read_rows(source), "load")
    write_rows(target, clip_outliers(rows, "load"))


@stage(
    deps=["out/load_clean.csv", "out/weather.csv", "out/holidays.csv"],
    outs=["out/daily.csv"],
)
def join(load: str, weather: str, holidays: str, target: str) -> None:
    """One row per day with all that is known about it."""
    weather_of = {row["day"]: row for row in read_rows(weather)}
    free = {row["day"] for row in read_rows(holidays)}
    write_rows(
        target,
        [
            {**row, **weather_of[row["day"]], "holiday": float(row["day"] in free)}
            for row in read_rows(load)
            if row["day"] in weather_of
        ],
    )
