"""Every function and class of a file with its ``__qualname__`` and line, from CPython's own tree.

Shared by the oracles of this folder. Reads source files; never imports what it reads. Standard library only.
"""

import ast
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(20_000)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = FUNCTIONS + (ast.ClassDef,)


def parse(path, source=None):
    """The tree of a file, or None when CPython refuses it (its parser, or its compiler)."""
    if source is None:
        with open(path, "rb") as stream:
            source = stream.read()
    try:
        compile(source, path, "exec", dont_inherit=True)
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def statements(node):
    """Lists of statements directly inside a compound statement, in source order."""
    for field in ("body", "handlers", "orelse", "finalbody", "cases"):
        value = getattr(node, field, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, (ast.ExceptHandler, ast.match_case)):
                    yield from item.body
                elif isinstance(item, ast.stmt):
                    yield item


def definitions(tree):
    """Yields (node, qualname, enclosing definitions outermost first), outer before inner, in source order."""
    yield from _inside(tree, "", (), frozenset())


def _inside(node, prefix, around, declared):
    for item in statements(node):
        if isinstance(item, DEFINITIONS):
            # A name declared `global` in the function around it has its bare name as __qualname__.
            qualname = item.name if item.name in declared else prefix + item.name
            yield item, qualname, around
            inside = qualname + ("." if isinstance(item, ast.ClassDef) else ".<locals>.")
            yield from _inside(item, inside, around + (item,), frozenset(declared_global(item)))
        else:
            yield from _inside(item, prefix, around, declared)


def declared_global(definition):
    """Names that a `global` statement of this very scope declares."""
    queue = list(statements(definition))
    while queue:
        item = queue.pop()
        if isinstance(item, ast.Global):
            yield from item.names
        elif not isinstance(item, DEFINITIONS):
            queue.extend(statements(item))


def is_docstring(item):
    return (
        isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant) and isinstance(item.value.value, str)
    )
