"""One contender in Python (contenders.mjs): python3 contender.py KIND CORPUS.json, CORPUS.json an array of source texts,
or of packages to import for the kinds that look at functions.

Reading and decoding are done before the first round; a round is the work alone. Standard library only, but for peers that
are named; a peer that is not installed answers that.
"""

import ast
import gc
import hashlib
import importlib
import inspect
import json
import pkgutil
import sys
import symtable
import time
import types
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(10_000)


def texts():
    with open(sys.argv[2], encoding="utf-8") as file:
        return json.load(file)


def ast_parse():
    corpus = texts()

    def work():
        for text in corpus:
            ast.parse(text)

    return work


def symbol_tables():
    corpus = texts()

    def work():
        for text in corpus:
            symtable.symtable(text, "m.py", "exec")

    return work


def functions():
    """All functions and methods that the packages define, once each."""
    found = {}
    for name in texts():
        package = importlib.import_module(name)
        modules = [package]
        for info in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not info.name.endswith("__main__"):
                try:
                    modules.append(importlib.import_module(info.name))
                except ImportError:
                    pass  # Of another platform.
        for module in modules:
            for value in vars(module).values():
                members = vars(value).values() if isinstance(value, type) else [value]
                for member in members:
                    member = getattr(member, "__func__", member)
                    if isinstance(member, types.FunctionType) and member.__module__ == module.__name__:
                        found[member.__module__, member.__qualname__] = member
    return list(found.values())


def source_digest(function):
    """What people write first: the source's tree without docstring, hashed."""
    try:
        tree = ast.parse(inspect.cleandoc("\n" + inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return ""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and ast.get_docstring(node, False):
            node.body = node.body[1:] or [ast.Pass()]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def getsource():
    todo = functions()

    def work():
        for function in todo:
            source_digest(function)

    work.count = len(todo)
    return work


def closurevars():
    """A manifest by what the running function sees: its globals and nonlocals, followed through first-party functions."""
    todo = functions()
    prefixes = tuple(texts())

    def manifest(function):
        entries = {}
        stack = [function]
        while stack:
            current = stack.pop()
            key = f"func:{current.__module__}.{current.__qualname__}"
            if key in entries:
                continue
            entries[key] = source_digest(current)
            try:
                variables = inspect.getclosurevars(current)
            except (TypeError, ValueError):
                continue
            for name, value in {**variables.globals, **variables.nonlocals}.items():
                value = inspect.unwrap(value) if callable(value) else value
                if isinstance(value, types.FunctionType):
                    if value.__module__.startswith(prefixes):
                        stack.append(value)
                elif isinstance(value, type):
                    if value.__module__.startswith(prefixes):
                        entries[f"class:{value.__module__}.{value.__qualname__}"] = source_digest(value)
                elif not isinstance(value, types.ModuleType):
                    entries[f"const:{current.__module__}.{name}"] = repr(value)
        return entries

    # Seconds for each function: a part of them will do.
    todo = todo[:: max(1, len(todo) // 60)]

    def work():
        for function in todo:
            manifest(function)

    work.count = len(todo)
    return work


def pycodehash():
    try:
        from pycodehash import FunctionHasher
    except ImportError:
        return "not installed"
    hasher = FunctionHasher()
    todo = functions()
    todo = todo[:: max(1, len(todo) // 100)]

    def work():
        for function in todo:
            try:
                hasher.hash_func(function)
            except Exception:  # noqa: BLE001 - what it can't hash is not what is measured
                pass

    work.count = len(todo)
    return work


def joblib():
    try:
        import joblib as library
        from joblib.func_inspect import get_func_code
    except ImportError:
        return "not installed"
    todo = functions()

    def work():
        for function in todo:
            library.hash(get_func_code(function)[0])

    work.count = len(todo)
    return work


def dask():
    try:
        from dask.base import tokenize
    except ImportError:
        return "not installed"
    todo = functions()

    def work():
        for function in todo:
            tokenize(function)

    work.count = len(todo)
    return work


KINDS = {
    "ast": ast_parse,
    "symtable": symbol_tables,
    "getsource": getsource,
    "closurevars": closurevars,
    "pycodehash": pycodehash,
    "joblib": joblib,
    "dask": dask,
}


def main():
    work = KINDS[sys.argv[1]]()
    for line in sys.stdin:
        if isinstance(work, str):
            print(json.dumps({"missing": work}), flush=True)
            continue
        if line.strip() == "count":
            print(json.dumps({"count": work.count}), flush=True)
            continue
        gc.collect()
        start = time.perf_counter()
        work()
        print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)


main()
