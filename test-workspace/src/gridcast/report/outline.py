"""A document as a tree of sections, and its Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Section:
    """A title, and what stands below it: lines of text and further sections."""

    title: str
    items: Sequence[str | Section] = field(default_factory=list)


def render(section: Section, depth: int = 2) -> str:
    return f"{'#' * depth} {section.title}\n\n{render_items(section.items, depth)}"


def render_items(items: Sequence[str | Section], depth: int) -> str:
    return "\n\n".join(item if isinstance(item, str) else render(item, depth + 1) for item in items)
