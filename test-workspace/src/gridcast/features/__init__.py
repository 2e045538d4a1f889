"""What the models look at. A feature is a function marked ``@feature`` in one of the modules below."""

from . import calendar, history, weather
from .registry import FEATURES, build_features

__all__ = ["FEATURES", "build_features", "calendar", "history", "weather"]
