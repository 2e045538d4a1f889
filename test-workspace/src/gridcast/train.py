"""From the table of days to two trained models."""

from __future__ import annotations

from fastpipe import stage

import gridcast.settings as settings
from gridcast.features import FEATURES, build_features
from gridcast.models import Ridge, Seasonal
from gridcast.tables import read_rows, write_json, write_rows


@stage(deps=["out/daily.csv"], outs=["out/features.csv"])
def make_features(daily: str, target: str) -> None:
    """What the models look at, for every day that has a past."""
    rows = read_rows(daily)
    days = range(max(settings.LAGS), len(rows))
    write_rows(target, [{"day": rows[i]["day"], "load": rows[i]["load"], **build_features(rows, i)} for i in days])


@stage(
    deps=["out/features.csv"],
    outs=["out/train.csv", "out/test.csv"],
    params={"holdout": settings.HOLDOUT_DAYS},
)
def split(features: str, train: str, test: str) -> None:
    """The last weeks are kept aside."""
    rows = read_rows(features)
    write_rows(train, rows[: -settings.HOLDOUT_DAYS])
    write_rows(test, rows[-settings.HOLDOUT_DAYS :])


@stage(deps=["out/train.csv"], outs=["out/seasonal.json"])
def train_seasonal(train: str, target: str) -> None:
    """The model to beat."""
    write_json(target, Seasonal().fit(read_rows(train)).state())


@stage(
    deps=["out/train.csv"],
    outs=["out/ridge.json"],
    params={"penalty": settings.RIDGE_PENALTY},
)
def train_ridge(train: str, target: str) -> None:
    """The model that should beat it."""
    model = Ridge(list(FEATURES), settings.RIDGE_PENALTY)
    write_json(target, model.fit(read_rows(train)).state())
