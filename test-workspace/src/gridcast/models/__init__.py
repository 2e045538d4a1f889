"""The models that compete."""

from .base import Model
from .ridge import Ridge
from .seasonal import Seasonal

__all__ = ["Model", "Ridge", "Seasonal"]
