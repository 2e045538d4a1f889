"""Mark the stages of a pipeline.

``stage`` declares what a function reads, writes and depends on. It never wraps, renames or calls the function:
Fastpipe reads the declaration from the source text, and a runner can read it back with ``declaration``.
"""

from fastpipe._stage import Declaration, declaration, stage

__all__ = ["Declaration", "declaration", "stage"]
__version__ = "0.1.0"
