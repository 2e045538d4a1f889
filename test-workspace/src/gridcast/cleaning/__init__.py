"""Repairs for what meters get wrong."""

from .days import one_row_per_day
from .gaps import fill_gaps
from .outliers import clip_outliers

__all__ = ["clip_outliers", "fill_gaps", "one_row_per_day"]
