"""The list of features, which fills itself as the modules that define them are imported."""

from __future__ import annotations

from typing import Callable

from ..tables import Row

Feature = Callable[[list, int], float]

FEATURES: dict[str, Feature] = {}


def feature(compute: Feature) -> Feature:
    """Add a feature under its function's name."""
    FEATURES[compute.__name__] = compute
    return compute


def build_features(rows: list[Row], i: int) -> Row:
    """All features of the ``i``-th day."""
    return {name: float(compute(rows, i)) for name, compute in FEATURES.items()}
