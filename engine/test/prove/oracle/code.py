"""Compiled code as text that is equal exactly for code that does the same instructions: what a level may not confuse.

`text(code, mode)`: line numbers, stack sizes and docstrings never count. Mode ``names`` keeps every name; ``locals``
numbers local variables by first appearance, parameters keep their names; ``parameters`` numbers those by position too.
Standard library only; CPython 3.11 and newer.
"""

import ast
import dis
import types

LOCAL = {
    "LOAD_FAST",
    "LOAD_FAST_CHECK",
    "LOAD_FAST_BORROW",
    "LOAD_FAST_AND_CLEAR",
    "STORE_FAST",
    "DELETE_FAST",
    "STORE_FAST_LOAD_FAST",
    "STORE_FAST_STORE_FAST",
    "LOAD_FAST_LOAD_FAST",
    "LOAD_FAST_BORROW_LOAD_FAST_BORROW",
    "STORE_FAST_MAYBE_NULL",
}
CELL = {
    "LOAD_DEREF",
    "STORE_DEREF",
    "DELETE_DEREF",
    "LOAD_CLASSDEREF",
    "LOAD_FROM_DICT_OR_DEREF",
    "LOAD_CLOSURE",
}
# Bookkeeping whose order follows the spelling of names.
DROPPED = {"EXTENDED_ARG", "CACHE", "NOP", "MAKE_CELL", "COPY_FREE_VARS", "RESUME", "PRECALL"}


class Scope:
    """Numbers of the local names of one code object; free names are looked up in the code around it."""

    def __init__(self, code, mode, around):
        self.mode = mode
        self.around = around
        self.own = {}
        self.free = set(code.co_freevars)
        parameters = code.co_argcount + code.co_kwonlyargcount
        parameters += bool(code.co_flags & 0x04) + bool(code.co_flags & 0x08)
        self.parameters = {name: i for i, name in enumerate(code.co_varnames[:parameters])}
        self.depth = 0 if around is None else around.depth + 1
        self.is_class = not code.co_flags & 0x02

    def number(self, name):
        if name in self.free:
            if self.around is not None:
                return self.around.number(name)
            return "free " + name
        if self.mode == "names" or self.is_class or name.startswith("."):
            return name
        if name in self.parameters:
            return "p%d.%d" % (self.depth, self.parameters[name]) if self.mode == "parameters" else name
        return "l%d.%d" % (self.depth, self.own.setdefault(name, len(self.own)))


def constant(value):
    if isinstance(value, (tuple, frozenset)):
        items = [constant(item) for item in value]
        return type(value).__name__ + "(" + ", ".join(sorted(items) if isinstance(value, frozenset) else items) + ")"
    return type(value).__name__ + " " + repr(value)


def default_keys(instructions):
    """Names of keyword-only parameters that have defaults, as positions: {index of the instruction: text}."""
    found = {}
    for i, item in enumerate(instructions[:-1]):
        if item.opname != "LOAD_CONST" or instructions[i + 1].opname != "BUILD_CONST_KEY_MAP":
            continue
        inner = next((after.argval for after in instructions[i:] if isinstance(after.argval, types.CodeType)), None)
        if inner is None:
            continue
        only = inner.co_varnames[inner.co_argcount : inner.co_argcount + inner.co_kwonlyargcount]
        if all(name in only for name in item.argval):
            found[i] = "keys " + " ".join(str(only.index(name)) for name in item.argval)
    return found


def text(code, mode="names", around=None):
    scope = Scope(code, mode, around)
    out = []
    instructions = [item for item in dis.get_instructions(code) if item.opname not in DROPPED]
    place = {}
    at = 0
    for item in dis.get_instructions(code):
        place[item.offset] = at
        if item.opname not in DROPPED:
            at += 1
    closure = []
    if mode == "parameters":
        keys = default_keys(instructions)
    for position, item in enumerate(instructions):
        if item.opname == "LOAD_CLOSURE":
            # The tuple of a closure is in the order of the inner code's sorted free names.
            closure.append(scope.number(item.argval))
            continue
        if closure:
            out.append("CLOSURE " + " ".join(sorted(closure)))
            closure = []
        value = item.argval
        if isinstance(value, types.CodeType):
            out.append("{" + text(value, mode, scope) + "}")
            continue
        if item.opname in LOCAL or item.opname in CELL:
            names = value if isinstance(value, tuple) else (value,)
            shown = " ".join(scope.number(name) for name in names)
        elif item.opcode in dis.hasjrel or item.opcode in dis.hasjabs:
            shown = "to %d" % place[value]
        elif item.opcode in dis.hasconst or item.opname == "KW_NAMES":
            if item.opname == "KW_NAMES":
                value = code.co_consts[item.arg]
            shown = keys[position] if mode == "parameters" and position in keys else constant(value)
            # A class keeps its line since 3.13.
            if position + 1 < len(instructions) and instructions[position + 1].argval == "__firstlineno__":
                shown = "a line"
        else:
            shown = repr(value)
        out.append(item.opname + " " + shown)
    table = dis.Bytecode(code).exception_entries
    for entry in table:
        out.append("catch %s %s %s %s %s" % (place[entry.start], place.get(entry.end), place[entry.target], entry.depth, entry.lasti))
    flags = code.co_flags & ~0x10
    head = [str(flags), str(code.co_argcount), str(code.co_posonlyargcount), str(code.co_kwonlyargcount)]
    if mode != "parameters" or scope.is_class:
        head += code.co_varnames[: len(scope.parameters)]
    if mode == "names" and around is not None:
        head.append(code.co_name)
    return "|".join(head) + "\n" + "\n".join(out)


def unit(node, around):
    """A module of one definition in a skeleton of the classes around it."""
    body = node
    for outer in reversed(around):
        if isinstance(outer, ast.ClassDef):
            shell = ast.ClassDef(name=outer.name, bases=[], keywords=[], body=[body], decorator_list=[])
            if "type_params" in ast.ClassDef._fields:
                shell.type_params = []
            body = shell
    return ast.fix_missing_locations(ast.Module(body=[body], type_ignores=[]))


def unit_code(node, around, flags):
    """Compiled code of one definition alone, or None where CPython refuses it."""
    try:
        return compile(unit(node, around), "?", "exec", flags=flags, dont_inherit=True)
    except (SyntaxError, ValueError, TypeError, RecursionError):
        return None


def compiles(node, around, flags):
    return unit_code(node, around, flags) is not None

