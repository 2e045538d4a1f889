"""What every model can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from ..tables import Row


class Model(ABC):
    """Learns from rows, predicts one row at a time, and can be written to a file and read back."""

    target = "load"

    @abstractmethod
    def fit(self, rows: list[Row]) -> Model:
        """Learn from rows that have the target."""

    @abstractmethod
    def predict(self, row: Row) -> float:
        """The target of one row."""

    def predict_all(self, rows: list[Row]) -> list[float]:
        return [max(0.0, self.predict(row)) for row in rows]

    def state(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Model:
        model = cls.__new__(cls)
        vars(model).update(state)
        return model
