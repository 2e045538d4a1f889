"""The ``@stage`` decorator and the declaration that it attaches.

Nothing here looks at files or hashes code: that is done from the source text, without importing it.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, Callable, Optional, TypeVar, Union, overload

__all__ = ["Declaration", "declaration", "stage"]

F = TypeVar("F", bound=Callable[..., Any])

StrPath = Union[str, "os.PathLike[str]"]
Params = Union[Iterable[str], Mapping[str, Any]]

ATTRIBUTE = "__fastpipe__"


@dataclass(frozen=True)
class Declaration:
    """What one stage declares. Every list is a tuple, in the order it was written."""

    #: Files that the stage reads.
    deps: tuple[str, ...] = ()
    #: Files that the stage writes.
    outs: tuple[str, ...] = ()
    #: Parameters: a tuple of names, or a dict of names and values.
    params: tuple[str, ...] | dict[str, Any] = field(default=(), hash=False)
    #: The stage's id where it is not ``<module>.<qualname>``.
    name: str | None = None
    #: Functions, classes and modules that count as code of the stage.
    code_deps: tuple[object, ...] = field(default=(), hash=False)
    #: Files, other than Python, that count as code of the stage.
    code_files: tuple[str, ...] = ()
    #: Installed packages whose version counts.
    package_deps: tuple[str, ...] = ()


@overload
def stage(function: F) -> F: ...


@overload
def stage(
    *,
    deps: Iterable[StrPath] = ...,
    outs: Iterable[StrPath] = ...,
    params: Params = ...,
    name: str | None = ...,
    code_deps: Iterable[object] = ...,
    code_files: Iterable[StrPath] = ...,
    package_deps: Iterable[str] = ...,
) -> Callable[[F], F]: ...


def stage(
    function: Any = None,
    *,
    deps: Iterable[StrPath] = (),
    outs: Iterable[StrPath] = (),
    params: Params = (),
    name: str | None = None,
    code_deps: Iterable[object] = (),
    code_files: Iterable[StrPath] = (),
    package_deps: Iterable[str] = (),
) -> Any:
    """Mark a function as a stage, and give the same function back.

    Use it bare (``@stage``) or with what the stage declares (``@stage(deps=["raw.csv"], outs=["clean.csv"])``).
    Plain functions, coroutine functions, generators and methods can be stages; so can what another decorator made of
    a function, if it kept ``__wrapped__`` (``functools.wraps``, ``functools.lru_cache``).

    Raises ``TypeError``, naming the argument, for anything else and for arguments of the wrong shape.
    """
    declared = Declaration(
        deps=_paths("deps", deps),
        outs=_paths("outs", outs),
        params=_params(params),
        name=_name(name),
        code_deps=_code(code_deps),
        code_files=_paths("code_files", code_files),
        package_deps=_strings("package_deps", package_deps),
    )

    def attach(target: F) -> F:
        _require_function(target)
        setattr(target, ATTRIBUTE, declared)
        return target

    return attach if function is None else attach(function)


def declaration(function: Callable[..., Any]) -> Optional[Declaration]:
    """What ``function`` declared with ``@stage``, or ``None`` when it is not a stage. Bound methods work too."""
    found = getattr(function, ATTRIBUTE, None)
    return found if isinstance(found, Declaration) else None


def _require_function(target: object) -> None:
    if isinstance(target, FunctionType):
        return
    if isinstance(target, (staticmethod, classmethod)):
        kind = type(target).__name__
        raise TypeError(f"@stage marks functions: put it below @{kind}, next to the def")
    if isinstance(target, type):
        raise TypeError(
            f"@stage marks functions, not classes: mark a function or a method instead of {target.__name__}"
        )
    if isinstance(target, str):
        raise TypeError(f"@stage takes no positional arguments: write @stage(name={target!r})")
    if callable(target) and isinstance(inspect.unwrap(target), FunctionType):
        return
    raise TypeError(f"@stage marks functions, not {type(target).__name__} objects")


def _listed(argument: str, value: object) -> tuple[Any, ...]:
    """``value`` as a tuple; a lone string is refused, since it would be taken apart into characters."""
    if isinstance(value, (str, bytes, os.PathLike)):
        raise TypeError(f"stage: {argument} is a list: write {argument}=[{value!r}]")
    if not isinstance(value, Iterable):
        raise TypeError(f"stage: {argument} is a list, not {type(value).__name__}")
    return tuple(value)


def _strings(argument: str, value: object) -> tuple[str, ...]:
    listed = _listed(argument, value)
    for item in listed:
        if not isinstance(item, str):
            raise TypeError(f"stage: {argument} holds strings, not {type(item).__name__}: {item!r}")
    return listed


def _paths(argument: str, value: object) -> tuple[str, ...]:
    paths = []
    for item in _listed(argument, value):
        path = os.fspath(item) if isinstance(item, os.PathLike) else item
        if not isinstance(path, str):
            raise TypeError(f"stage: {argument} holds paths, not {type(item).__name__}: {item!r}")
        paths.append(path)
    return tuple(paths)


def _params(value: object) -> tuple[str, ...] | dict[str, Any]:
    if not isinstance(value, Mapping):
        return _strings("params", value)
    _strings("params", value.keys())
    return dict(value)


def _name(value: object) -> str | None:
    if value is None or (isinstance(value, str) and value):
        return value
    raise TypeError(f"stage: name is a non-empty string, not {value!r}")


def _code(value: object) -> tuple[object, ...]:
    listed = _listed("code_deps", value)
    for item in listed:
        if not callable(item) and not isinstance(item, ModuleType):
            raise TypeError(
                f"stage: code_deps holds functions, classes and modules, not {type(item).__name__}: {item!r}"
            )
    return listed
