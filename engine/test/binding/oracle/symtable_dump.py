"""Writes CPython's own scopes, for comparison with the engine's binder.

Reads file names from standard input, one per line. For each writes one line of JSON: `file`, and either `source` (the
decoded text) with `scopes` (one line per scope, see `dump`), or `error` when CPython refuses the file. Also importable:
`dump_source(text)`. Standard library only; runs on CPython 3.11 and newer.
"""

import json
import symtable
import sys
import tokenize
import warnings

import _symtable

# Names that CPython adds for its own machinery and that differ from version to version.
MACHINERY = {
    ".format",
    ".type_params",
    ".generic_base",
    ".defaults",
    ".kwdefaults",
    "__classdict__",
    "__conditional_annotations__",
}
TYPE_PARAMETER = getattr(_symtable, "DEF_TYPE_PARAM", 1 << 10 if sys.version_info >= (3, 12) else 0)
FLAGS = [
    ("g", _symtable.DEF_GLOBAL),
    ("l", _symtable.DEF_LOCAL),
    ("p", _symtable.DEF_PARAM),
    ("n", _symtable.DEF_NONLOCAL),
    ("u", _symtable.USE),
    ("i", _symtable.DEF_IMPORT),
    ("a", _symtable.DEF_ANNOT),
    ("c", getattr(_symtable, "DEF_COMP_ITER", 1 << 9)),
    ("t", TYPE_PARAMETER),
]
RESOLUTIONS = {
    _symtable.LOCAL: "L",
    _symtable.GLOBAL_EXPLICIT: "E",
    _symtable.GLOBAL_IMPLICIT: "I",
    _symtable.FREE: "F",
    _symtable.CELL: "C",
}
TYPES = {"TypeVar bound": "type variable", "type parameter": "type parameters"}


def symbol_line(name, flags):
    letters = "".join(letter for letter, bit in FLAGS if flags & bit)
    return f"{name}:{letters}:{RESOLUTIONS[(flags >> _symtable.SCOPE_OFF) & _symtable.SCOPE_MASK]}"


def dump(table, depth, lines):
    """`depth type name nested|symbol|symbol ...`, scopes in order, symbols sorted by name."""
    raw = table._table
    kind = str(table.get_type())
    symbols = sorted(symbol_line(n, f) for n, f in raw.symbols.items() if n not in MACHINERY)
    children = table.get_children()
    if kind == "annotation" and not symbols and not children:
        return
    lines.append("|".join([f"{depth} {TYPES.get(kind, kind)} {raw.name} {int(bool(raw.nested))}", *symbols]))
    for child in children:
        dump(child, depth + 1, lines)


def dump_source(source):
    lines = []
    dump(symtable.symtable(source, "file", "exec"), 0, lines)
    return "\n".join(lines)


def problem_of(source):
    """Message and line of CPython's refusal, or None. `compile` sees what symtable leaves to the compiler."""
    try:
        compile(source, "file", "exec", dont_inherit=True)
    except SyntaxError as error:
        return {"message": str(error.msg), "line": error.lineno}
    except (ValueError, RecursionError, MemoryError) as error:
        return {"message": str(error), "line": None}
    except SystemError:
        pass  # A bug of CPython's in generating code, after all checks.
    return None


def main():
    sys.setrecursionlimit(5000)
    warnings.simplefilter("ignore")
    for name in sys.stdin.read().splitlines():
        result = {"file": name}
        try:
            with open(name, "rb") as file:
                encoding, _ = tokenize.detect_encoding(file.readline)
                file.seek(0)
                data = file.read()
            result["scopes"] = dump_source(data)
            result["source"] = data.decode(encoding)
            if problem_of(data) is not None:
                raise SyntaxError("refused by the compiler")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            result = {"file": name}
            result["error"] = f"{type(error).__name__}: {error}"
        sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
