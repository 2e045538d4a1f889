"""From trained models to a report."""

from __future__ import annotations

from pathlib import Path
from string import Template

from fastpipe import stage

from gridcast import metrics
from gridcast.models import Model, Ridge, Seasonal
from gridcast.report import Section, render
from gridcast.settings import PRICE_PER_MWH
from gridcast.tables import column, read_json, read_rows, write_json, write_rows, write_text

MODELS: dict[str, type[Model]] = {"seasonal": Seasonal, "ridge": Ridge}


@stage(
    deps=["out/seasonal.json", "out/ridge.json", "out/test.csv"],
    outs=["out/forecast.csv"],
)
def forecast(seasonal: str, ridge: str, test: str, target: str) -> None:
    """What each model expected for the days it had not seen."""
    rows = read_rows(test)
    states = {"seasonal": read_json(seasonal), "ridge": read_json(ridge)}
    expected = {name: MODELS[name].from_state(state).predict_all(rows) for name, state in states.items()}
    write_rows(
        target,
        [
            {"day": row["day"], "actual": row["load"], **{name: values[i] for name, values in expected.items()}}
            for i, row in enumerate(rows)
        ],
    )


@stage(deps=["out/forecast.csv"], outs=["out/metrics.json"])
def evaluate(forecasts: str, target: str) -> None:
    """How far off each model was, and what that would have cost."""
    rows = read_rows(forecasts)
    actual = column(rows, "actual")
    names = [name for name in rows[0] if name not in ("day", "actual")]
    write_json(target, {name: score(actual, column(rows, name)) for name in names})


@stage(
    deps=["out/forecast.csv", "out/metrics.json"],
    outs=["out/report.md"],
    code_files=["templates/report.md"],
)
def report(forecasts: str, scores: str, target: str) -> None:
    """The page that people read."""
    from gridcast.report.charts import sparkline, table

    rows, results = read_rows(forecasts), read_json(scores)
    best = min(results, key=lambda name: results[name]["mape"])
    scoreboard = table([("model", *results[best]), *((name, *result.values()) for name, result in results.items())])
    lines = [f"`{sparkline(column(rows, name))}` {name}" for name in ("actual", best)]
    body = Section("Results", [scoreboard, Section("Demand", lines)])
    template = Template(Path("templates/report.md").read_text(encoding="utf-8"))
    summary = f"The {best} model is {results[best]['mape']} % off on average."
    write_text(target, template.substitute(summary=summary, body=render(body), price=PRICE_PER_MWH))


def score(actual: list[float], predicted: list[float]) -> dict[str, float]:
    missed = sum(abs(error) for error in metrics.errors(actual, predicted))
    return {
        "mape": round(metrics.mape(actual, predicted), 2),
        "rmse": round(metrics.rmse(actual, predicted), 2),
        "bias": round(metrics.bias(actual, predicted), 2),
        "cost": round(missed * PRICE_PER_MWH, 2),
    }
