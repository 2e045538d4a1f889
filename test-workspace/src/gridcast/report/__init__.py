"""Turning results into something to read."""

from .outline import Section, render

__all__ = ["Section", "render"]
