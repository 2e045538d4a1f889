"""What code really loads: modules of a corpus are imported, and every global that compiled code names is looked up.

For each function and class of each imported module: the first-party definitions that its code (with the code inside it)
loads by name or through module objects, as `module:NAME` of where the name is bound. Bindings by import are followed as
long as both modules hold the very same object; so constants count as well as functions. Decorators, defaults and
annotations are read the same way, compiled alone; what only annotations name is reported apart, since CPython does not
load it when the function runs.

Arguments: ROOT (folder from which modules are imported) and CORPUS (folder below which they are first party), then one line of JSON per file on stdin: ``{"file", "module"}``.
Answers: ``{"definitions": [[qualname, line, kind, {target: name}, {annotation target: name}, [ambiguous names], closurevars, [other arms' targets]]]}``
and ``"names": [[name, kind, {target: name}, mutated text of the file or null], ...]`` for the module-level names that one
function, class or plain assignment binds; or ``{"error"}``. `closurevars` is what `inspect.getclosurevars` sees of it: a list of targets, or null when it was not
reachable as an object. Runs the code of the corpus: for corpora that one trusts.
"""

import ast
import builtins
import contextlib
import dis
import importlib
import inspect
import io
import json
import os
import sys
import types
import warnings

from definitions import DEFINITIONS, FUNCTIONS, definitions

LOAD_LOCAL = {"LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_BORROW", "LOAD_DEREF", "LOAD_CLASSDEREF"}
ATTRIBUTE = {"LOAD_ATTR", "LOAD_METHOD"}


class FirstParty:
    """The modules below the root that were imported, and where their names come from."""

    def __init__(self, root, inside):
        self.root = os.path.realpath(root) + os.sep
        self.inside = os.path.realpath(inside) + os.sep
        self.bindings = {}

    def name(self, module):
        """The module's name when its source is below the root, else None."""
        if not isinstance(module, types.ModuleType):
            return None
        file = getattr(module, "__file__", None)
        if not isinstance(file, str):
            paths = [os.path.realpath(path) for path in getattr(module, "__path__", [])]
            return module.__name__ if any((path + os.sep).startswith(self.inside) for path in paths) else None
        if not file.endswith(".py") or not os.path.realpath(file).startswith(self.inside):
            return None
        if "site-packages" in os.path.realpath(file)[len(self.root) :]:
            return None
        inside = os.path.relpath(os.path.realpath(file), self.root)[: -len(".py")].split(os.sep)
        if inside[-1] == "__init__":
            inside.pop()
        dotted = ".".join(inside)
        return dotted if sys.modules.get(dotted) is module or module.__name__ == dotted else None

    def imports(self, module):
        """How a module's own top level binds names: {name: [(module name, attribute or None)]}, and star imports."""
        key = id(module)
        if key not in self.bindings:
            found, stars, bound = {}, [], set()
            try:
                with open(module.__file__, "rb") as stream:
                    tree = ast.parse(stream.read())
            except (OSError, SyntaxError, AttributeError, TypeError):
                tree = ast.Module(body=[], type_ignores=[])
            queue = list(tree.body)
            while queue:
                item = queue.pop(0)
                if isinstance(item, DEFINITIONS):
                    bound.add(item.name)
                    continue
                if isinstance(item, (ast.Import, ast.ImportFrom)):
                    for name, target in import_targets(item, module.__name__, package_of(module)):
                        if name == "*":
                            stars.append(target[0])
                        else:
                            found.setdefault(name, []).append(target)
                if isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load):
                    bound.add(item.id)
                if isinstance(item, ast.ExceptHandler) and item.name:
                    bound.add(item.name)
                queue.extend(ast.iter_child_nodes(item))
            self.bindings[key] = (found, stars, bound)
        return self.bindings[key]

    def origin(self, module, name, seen=()):
        """`module:NAME` of where a name of a module is bound, through imports; None for what is not first party."""
        own = self.name(module)
        if own is None or (own, name) in seen:
            return None
        seen = (*seen, (own, name))
        missing = object()
        value = module.__dict__.get(name, missing)
        if value is missing:
            if "__getattr__" in module.__dict__:
                return self.origin(module, "__getattr__", seen)
            return None
        imports, stars, bound = self.imports(module)
        if isinstance(value, types.ModuleType):
            return own + ":" + name if name in bound and self.name(value) is None else None
        for target, attribute in reversed(imports.get(name, [])):
            other = sys.modules.get(target)
            if other is None or attribute is None:
                continue
            if getattr(other, attribute, missing) is value:
                return self.origin(other, attribute, seen)
        if name in bound:
            return own + ":" + name
        for target in reversed(stars):
            other = sys.modules.get(target)
            exported = name in getattr(other, "__all__", () if name.startswith("_") else (name,))
            if other is not None and exported and other.__dict__.get(name, missing) is value:
                found = self.origin(other, name, seen)
                if found is not None:
                    return found
        if name in imports:
            # The import that bound it is no longer what its module holds.
            return "?" + own + ":" + name
        return "?" + own + ":" + name


def package_of(module):
    package = getattr(module, "__package__", None)
    return package if package is not None else module.__name__.rpartition(".")[0]


def import_targets(item, own, package):
    """(name bound, (module, attribute)) of an import statement; attribute None: the module itself."""
    if isinstance(item, ast.Import):
        for alias in item.names:
            if alias.asname:
                yield alias.asname, (alias.name, None)
            else:
                yield alias.name.split(".")[0], (alias.name.split(".")[0], None)
        return
    base = item.module or ""
    if item.level:
        parts = package.split(".")
        parts = parts[: len(parts) - (item.level - 1)]
        base = ".".join([*parts, *([item.module] if item.module else [])])
    for alias in item.names:
        yield alias.asname or alias.name, (base, alias.name)


class Loads:
    """Targets that one definition's code loads."""

    def __init__(self, party, module, imports=None):
        self.party = party
        self.module = module
        self.imports = imports or {}
        self.targets = {}
        self.ambiguous = set()
        # Bindings of the source that this run did not take: a C twin, another platform's.
        self.others = set()

    def value(self, found, name, chain):
        """Follows attributes of module objects from a value; notes the first thing that is no module."""
        path = name
        value = found
        for attribute in chain:
            if not isinstance(value, types.ModuleType):
                return
            if self.party.name(value) is None:
                return
            inner = value.__dict__.get(attribute, None)
            path += "." + attribute
            if attribute not in value.__dict__ and "__getattr__" not in value.__dict__:
                # There for type checkers only, or not yet.
                self.ambiguous.add(name)
                return
            if attribute in value.__dict__ and isinstance(inner, types.ModuleType):
                if self.party.name(inner) is None and attribute in self.party.imports(value)[2]:
                    # A module object made by hand is a value like any other.
                    self.note(self.party.name(value) + ":" + attribute, path)
                    return
                value = inner
                continue
            self.bound(value, attribute, path)
            return
        own = self.party.name(value)
        if own is not None:
            self.note(own, path)

    def bound(self, module, name, path):
        """What a name of a module is bound to."""
        target = self.party.origin(module, name)
        if target is None and name in self.party.imports(module)[2] and self.party.name(module) is not None:
            self.others.add(self.party.name(module) + ":" + name)
        self.note(target, path)

    def note(self, target, name):
        if target is None:
            return
        if target.startswith("?"):
            self.ambiguous.add(name)
            self.others.add(target[1:])
        else:
            self.targets.setdefault(target, name)

    def global_name(self, name, chain):
        if name not in self.module.__dict__:
            if not hasattr(builtins, name):
                # Bound on another platform, or later: a run can't tell.
                self.ambiguous.add(name)
        else:
            value = self.module.__dict__[name]
            if isinstance(value, types.ModuleType):
                self.value(value, name, chain)
                if self.party.name(value) is None:
                    self.note(self.party.origin(self.module, name), name)
            elif name not in ("__name__", "__file__", "__doc__", "__package__", "__spec__", "__path__", "__builtins__"):
                self.bound(self.module, name, name)

    def imported(self, target, name, chain):
        """A local bound by an import of the function itself."""
        module, attribute = target
        other = sys.modules.get(module)
        if other is None:
            try:
                with quiet():
                    other = importlib.import_module(module)
            except BaseException:
                self.ambiguous.add(name)
                return
        if attribute is None:
            self.value(other, name, chain)
        elif isinstance(other.__dict__.get(attribute), types.ModuleType):
            self.value(other.__dict__[attribute], name, chain)
        elif attribute in other.__dict__:
            self.bound(other, attribute, name)
        else:
            try:
                inner = importlib.import_module(module + "." + attribute)
            except BaseException:
                self.ambiguous.add(name)
                return
            self.value(inner, name, chain)

    def code(self, code, around):
        """`around`: names that imports bind in the functions around, {name: [(module, attribute)]}."""
        local_imports = {**around, **self.imports.get((code.co_name, code.co_firstlineno), {})}
        for name in code.co_varnames + code.co_cellvars:
            if name not in self.imports.get((code.co_name, code.co_firstlineno), {}):
                local_imports.pop(name, None)
        instructions = [item for item in dis.get_instructions(code) if item.opname not in ("CACHE", "EXTENDED_ARG", "PUSH_NULL")]
        is_class = not code.co_flags & inspect.CO_NEWLOCALS or not code.co_flags & inspect.CO_OPTIMIZED
        stored = {item.argval for item in instructions if item.opname == "STORE_NAME"} if is_class else set()
        for i, item in enumerate(instructions):
            if item.opname in ("LOAD_GLOBAL", "LOAD_NAME") or item.opname in LOAD_LOCAL:
                chain = []
                for after in instructions[i + 1 :]:
                    if after.opname not in ATTRIBUTE:
                        break
                    chain.append(after.argval)
                after = i + 1 + len(chain)
                if i > 0 and after < len(instructions) and instructions[i - 1].argval == "getattr":
                    # getattr(m, "f") reads m.f.
                    if instructions[after].opname == "LOAD_CONST" and isinstance(instructions[after].argval, str):
                        chain.append(instructions[after].argval)
                stores = i + 1 + len(chain) < len(instructions) and instructions[i + 1 + len(chain)].opname in ("STORE_ATTR", "DELETE_ATTR")
                name = item.argval
                if item.opname in LOAD_LOCAL:
                    for target in local_imports.get(name, ()):
                        if stores:
                            self.ambiguous.add(name)
                        else:
                            self.imported(target, name, chain)
                elif item.opname == "LOAD_NAME" and name in stored:
                    self.ambiguous.add(name)
                elif stores and isinstance(self.module.__dict__.get(name), types.ModuleType):
                    self.ambiguous.add(name)
                else:
                    self.global_name(name, chain)
            elif item.opname in ("STORE_GLOBAL", "DELETE_GLOBAL"):
                self.ambiguous.add(item.argval)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self.code(constant, local_imports)

    def expression(self, node, outside):
        """A decorator, default or annotation, compiled alone; `outside`: names that are no globals there."""
        try:
            compiled = compile(ast.Expression(body=node), "?", "eval")
        except (SyntaxError, ValueError, TypeError, RecursionError):
            return
        hidden = {name: () for name in outside}
        self.code_outside(compiled, hidden)

    def code_outside(self, code, hidden):
        instructions = [item for item in dis.get_instructions(code) if item.opname not in ("CACHE", "EXTENDED_ARG", "PUSH_NULL")]
        for i, item in enumerate(instructions):
            if item.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
                chain = []
                for after in instructions[i + 1 :]:
                    if after.opname not in ATTRIBUTE:
                        break
                    chain.append(after.argval)
                if item.argval in hidden:
                    self.ambiguous.add(item.argval)
                else:
                    self.global_name(item.argval, chain)
        for constant in code.co_consts:
            if isinstance(constant, types.CodeType):
                self.code_outside(constant, hidden)


def annotations_of(node):
    for inner in ast.walk(node):
        if isinstance(inner, FUNCTIONS):
            args = inner.args
            for arg in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg]:
                if arg is not None and arg.annotation is not None:
                    yield arg.annotation
            if inner.returns is not None:
                yield inner.returns
        elif isinstance(inner, ast.AnnAssign):
            yield inner.annotation


def unquoted(node):
    """The annotation and, for each text in it, what the text says when it is an expression."""
    yield node
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            try:
                yield ast.parse(inner.value.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError):
                pass


@contextlib.contextmanager
def quiet():
    # Modules that print or read when they are imported must not touch the protocol.
    kept = sys.stdout, sys.stderr, sys.stdin, sys.argv
    sys.stdout = sys.stderr = io.StringIO()
    sys.stdin = io.StringIO()
    sys.argv = ["module"]
    try:
        yield
    finally:
        sys.stdout, sys.stderr, sys.stdin, sys.argv = kept


def code_tree(code, found):
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found.setdefault((constant.co_name, constant.co_firstlineno), []).append(constant)
            code_tree(constant, found)
    return found


def objects_of(module):
    """Functions of a module by their code's name and first line."""
    found = {}
    seen = set()

    def visit(value, depth):
        if id(value) in seen or depth > 4:
            return
        seen.add(id(value))
        if isinstance(value, (staticmethod, classmethod)):
            visit(value.__func__, depth)
        elif isinstance(value, property):
            for part in (value.fget, value.fset, value.fdel):
                visit(part, depth)
        elif isinstance(value, types.FunctionType):
            found.setdefault((value.__code__.co_name, value.__code__.co_firstlineno), value)
            wrapped = getattr(value, "__wrapped__", None)
            if wrapped is not None:
                visit(wrapped, depth + 1)
        elif isinstance(value, type):
            if value.__module__ == module.__name__:
                for inner in list(value.__dict__.values()):
                    visit(inner, depth + 1)
        else:
            wrapped = getattr(value, "__wrapped__", None) if not isinstance(value, types.ModuleType) else None
            if isinstance(wrapped, types.FunctionType):
                visit(wrapped, depth + 1)

    for value in list(module.__dict__.values()):
        try:
            visit(value, 0)
        except Exception:
            pass
    return found


def closure_variables(party, module, function):
    """The targets that `inspect.getclosurevars` tells."""
    try:
        seen = inspect.getclosurevars(function)
    except Exception:
        return None
    loads = Loads(party, module)
    for name in seen.globals:
        loads.global_name(name, ())
    return sorted(loads.targets)


def answer(party, request):
    try:
        with quiet():
            module = importlib.import_module(request["module"])
        file = module.__file__
        if os.path.realpath(file) != os.path.realpath(request["file"]):
            return {"error": "another file was imported"}
        with open(file, "rb") as stream:
            source = stream.read()
        tree = ast.parse(source)
        compiled = compile(source, file, "exec", dont_inherit=True)
    except BaseException as error:
        return {"error": type(error).__name__ + ": " + str(error)[:200]}
    party.name(module)
    codes = code_tree(compiled, {})
    objects = objects_of(module)
    imports = {}
    mixed = {}
    for node, _, around in definitions(tree):
        found, others = local_imports_of(node, module)
        imports[node.name, first_line(node)] = found
        for outer in [*around, node]:
            mixed.setdefault((outer.name, first_line(outer)), set()).update(others)
    out = []
    for node, qualname, around in definitions(tree):
        first = first_line(node)
        candidates = codes.get((node.name, first), [])
        if len(candidates) != 1:
            continue
        loads = Loads(party, module, imports)
        inherited = {}
        for outer in around:
            inherited.update(imports.get((outer.name, first_line(outer)), {}) if isinstance(outer, FUNCTIONS) else {})
        loads.code(candidates[0], inherited)
        # Locals of the functions around, and names that a function binds by imports and otherwise.
        loads.ambiguous.update(candidates[0].co_freevars)
        loads.ambiguous.update(mixed.get((node.name, first), ()))
        outside = set()
        for outer in around:
            if isinstance(outer, ast.ClassDef) and outer is not around[-1]:
                continue
            outside |= names_bound_in(outer)
        expressions = list(node.decorator_list)
        if isinstance(node, FUNCTIONS):
            expressions += [item for item in node.args.defaults + node.args.kw_defaults if item is not None]
        else:
            expressions += node.bases + [keyword.value for keyword in node.keywords]
        for item in expressions:
            loads.expression(item, outside)
        annotated = Loads(party, module)
        for annotation in annotations_of(node):
            for item in unquoted(annotation):
                annotated.expression(item, outside)
        function = objects.get((node.name, first))
        same = function is not None and function.__code__.co_qualname == qualname
        out.append(
            [
                qualname,
                node.lineno,
                "class" if isinstance(node, ast.ClassDef) else "function",
                loads.targets,
                annotated.targets,
                sorted(loads.ambiguous | annotated.ambiguous),
                closure_variables(party, module, function) if same else None,
                sorted(loads.others),
            ]
        )
    names = list(level_names(party, module, tree, source)) if request.get("names") else []
    return {"definitions": out, "names": names}


def level_names(party, module, tree, source):
    """What plain module-level bindings load when they run, and the file with each of them changed."""
    bound = {}
    defined = {}
    for item in tree.body:
        for node in ast.walk(item):
            if isinstance(node, DEFINITIONS):
                defined[node.name] = defined.get(node.name, 0) + 1
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                bound[node.id] = bound.get(node.id, 0) + 1
            elif isinstance(node, ast.alias):
                name = node.asname or node.name.split(".")[0]
                bound[name] = bound.get(name, 0) + 1
    for item in tree.body:
        if isinstance(item, DEFINITIONS):
            if item.name not in bound and defined[item.name] == 1:
                yield [item.name, "class" if isinstance(item, ast.ClassDef) else "func", {}, mutated(source, item)]
            continue
        if not isinstance(item, ast.Assign) or len(item.targets) != 1 or not isinstance(item.targets[0], ast.Name):
            continue
        name = item.targets[0].id
        if bound[name] != 1 or (name.startswith("__") and name.endswith("__")):
            continue
        loads = Loads(party, module)
        loads.expression(item.value, set())
        yield [name, "const", loads.targets, mutated(source, item)]


def mutated(source, item):
    """The file with one definition or assignment changed, or null where that is not plain to do."""
    lines = source.splitlines(keepends=True)
    try:
        if isinstance(item, DEFINITIONS):
            body = item.body[1:] if ast.get_docstring(item, clean=False) is not None else item.body
            if not body or isinstance(body[0], DEFINITIONS) and body[0].decorator_list or body[0].lineno == item.lineno:
                return None
            first = body[0]
            indent = lines[first.lineno - 1][: first.col_offset]
            if indent.strip():
                return None
            lines.insert(first.lineno - 1, indent + b"print('mutated')\n")
        else:
            start, end = item.value, item.value
            last = lines[end.end_lineno - 1]
            lines[end.end_lineno - 1] = last[: end.end_col_offset] + b", 'mutated')" + last[end.end_col_offset :]
            first = lines[start.lineno - 1]
            lines[start.lineno - 1] = first[: start.col_offset] + b"(" + first[start.col_offset :]
        text = b"".join(lines).decode("utf-8")
        compile(text, "?", "exec", dont_inherit=True)
        return text
    except (SyntaxError, ValueError, UnicodeDecodeError):
        return None


def names_bound_in(definition):
    names = set()
    if isinstance(definition, FUNCTIONS):
        args = definition.args
        names |= {arg.arg for arg in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg] if arg}
    queue = list(definition.body)
    while queue:
        item = queue.pop()
        if isinstance(item, DEFINITIONS):
            names.add(item.name)
            continue
        if isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load):
            names.add(item.id)
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name.split(".")[0] for alias in item.names}
        queue.extend(ast.iter_child_nodes(item))
    return names


def first_line(definition):
    """The line that CPython gives a definition's code: its first decorator's."""
    return min([definition.lineno] + [decorator.lineno for decorator in definition.decorator_list])


def local_imports_of(definition, module):
    """Names of a function's own scope that imports alone bind, {name: [(module, attribute)]}; and those that others do too."""
    found, others = {}, set()
    queue = list(definition.body)
    while queue:
        item = queue.pop()
        if isinstance(item, DEFINITIONS):
            others.add(item.name)
            continue
        if isinstance(item, ast.Lambda):
            continue
        if isinstance(item, ast.Name) and not isinstance(item.ctx, ast.Load):
            others.add(item.id)
        if isinstance(item, ast.ExceptHandler) and item.name:
            others.add(item.name)
        if isinstance(item, (ast.Import, ast.ImportFrom)):
            for name, target in import_targets(item, module.__name__, package_of(module)):
                if name != "*" and target not in found.setdefault(name, []):
                    found[name].append(target)
        queue.extend(ast.iter_child_nodes(item))
    only = {name: targets for name, targets in found.items() if name not in others}
    if isinstance(definition, ast.ClassDef):
        # A class body's imports are names of the class.
        return {}, set(found)
    return only, found.keys() - only.keys()


def main():
    warnings.simplefilter("ignore")
    root = sys.argv[1]
    # The folder of this script must not shadow modules of the corpus.
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [root] + [path for path in sys.path if os.path.abspath(path or ".") != here]
    party = FirstParty(root, sys.argv[2])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    requests = sys.stdin
    for line in requests:
        request = json.loads(line)
        answers.write(json.dumps(answer(party, request)) + "\n")
        answers.flush()
    answers.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
