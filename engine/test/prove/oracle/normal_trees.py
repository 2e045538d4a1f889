"""CPython's side of M3.1: each definition's tree, normalised as the manifest says, as a digest.

Two functions are equal at level strict exactly when their digests here are equal: docstrings removed (a body left empty
equals `pass`), own name left out, parameter and return annotations removed (M3.4: unless a decorator may read them),
`x: T = v` as `x = v`, a bare `x: T` dropped unless it alone makes a used name local; class bodies keep theirs.

Protocol: file names on stdin, one per line, or ``{"source": base64}``; one line of JSON per file on stdout:
``{"file", "definitions": [[qualname, line, kind, digest], ...]}`` or ``{"file", "error"}``. ``--text`` adds the
normalised trees themselves.
"""

import ast
import base64
import hashlib
import json
import symtable
import sys

from definitions import DEFINITIONS, FUNCTIONS, definitions, is_docstring, parse, statements

SILENT = {"builtins.staticmethod", "builtins.classmethod", "builtins.property", "fastpipe.stage"}
SILENT_MODULES = ("functools.", "contextlib.", "abc.", "typing.", "typing_extensions.")
SCOPES = DEFINITIONS + (ast.Lambda,)


def bare_declarations(function):
    """The bare `x: T` statements of a function's own scope."""
    queue = list(statements(function))
    while queue:
        item = queue.pop()
        if isinstance(item, ast.AnnAssign) and item.value is None and item.simple:
            yield item
        elif not isinstance(item, DEFINITIONS):
            queue.extend(statements(item))


class Without(ast.NodeTransformer):
    """Puts `pass` in place of bare declarations of functions."""

    def __init__(self, dropped):
        self.dropped = dropped

    def visit_AnnAssign(self, node):
        return ast.Pass() if node in self.dropped else node


def deciding_declarations(tree, source):
    """The bare declarations without which CPython's symtable would resolve their name otherwise."""
    functions = [node for node, _, _ in definitions(tree) if isinstance(node, FUNCTIONS)]
    bare = {node: list(bare_declarations(node)) for node in functions}
    if not any(bare.values()):
        return set()
    kept = {item for node in functions for item in bare[node] if is_bound_by_nonlocal(node, item.target.id, source)}
    text = without(source, {(item.lineno, item.col_offset) for items in bare.values() for item in items if item not in kept})
    stripped = [node for node, _, _ in definitions(ast.parse(text)) if isinstance(node, FUNCTIONS)]
    tables = {}
    queue = [symtable.symtable(text, "?", "exec")]
    while queue:
        table = queue.pop()
        if table.get_type() == "function":
            tables[table.get_name(), table.get_lineno()] = table
        queue.extend(table.get_children())
    for before, after in zip(functions, stripped):
        for item in bare[before]:
            if looked_up_outside(tables[after.name, after.lineno], item.target.id):
                kept.add(item)
    return kept


def without(source, places):
    """The text of a source without the bare declarations that stand at these places."""
    tree = ast.parse(source)
    dropped = {
        item
        for node, _, _ in definitions(tree)
        if isinstance(node, FUNCTIONS)
        for item in bare_declarations(node)
        if (item.lineno, item.col_offset) in places
    }
    return ast.unparse(ast.fix_missing_locations(Without(dropped).visit(tree)))


def is_bound_by_nonlocal(function, name, source):
    """Whether a `nonlocal` in a function inside finds no binding of the name once its bare declarations are gone."""
    if not any(isinstance(item, ast.Nonlocal) and name in item.names for item in ast.walk(function)):
        return False
    items = [item for item in bare_declarations(function) if item.target.id == name]
    try:
        symtable.symtable(without(source, {(item.lineno, item.col_offset) for item in items}), "?", "exec")
    except SyntaxError:
        return True
    return False


def looked_up_outside(table, name):
    """Whether code in a scope, or in one inside it, reads a name that the scope itself does not bind."""
    try:
        symbol = table.lookup(name)
    except KeyError:
        return any(looked_up_outside(child, name) for child in table.get_children())
    return symbol.is_global() or symbol.is_free()


class Normaliser:
    """Writes the normalised trees of one module's definitions."""

    def __init__(self, tree, source):
        self.tree = tree
        self.kept = deciding_declarations(tree, source)
        self.module = Bindings(tree)

    def text(self, node, around):
        """The normalised tree of one definition; `around`: the definitions it stands in, outermost first."""
        self.out = []
        self.around = list(around)
        self.definition(node, isinstance(node, FUNCTIONS))
        return " ".join(self.out)

    def write(self, value):
        self.out.append(value)

    def definition(self, node, nameless):
        self.write("(" + type(node).__name__)
        if not nameless:
            self.write(node.name)
        self.list(node.decorator_list)
        self.list(getattr(node, "type_params", []))
        if isinstance(node, ast.ClassDef):
            self.list(node.bases)
            self.list(node.keywords)
        else:
            annotated = not all(self.leaves_annotations(decorator) for decorator in node.decorator_list)
            self.arguments(node.args, annotated)
            if annotated and node.returns is not None:
                self.write("->")
                self.value(node.returns)
        self.around.append(node)
        body = node.body[1:] if is_docstring(node.body[0]) else node.body
        self.statements(body)
        self.around.pop()
        self.write(")")

    def arguments(self, args, annotated):
        self.write("(arguments")
        for field in ("posonlyargs", "args", "vararg", "kwonlyargs", "kwarg"):
            value = getattr(args, field)
            items = value if isinstance(value, list) else [value]
            self.write("[")
            for item in items:
                if item is None:
                    self.write("~")
                    continue
                self.write(item.arg)
                if annotated and item.annotation is not None:
                    self.write(":")
                    self.value(item.annotation)
            self.write("]")
        self.list(args.defaults)
        self.list(args.kw_defaults)
        self.write(")")

    def statements(self, items):
        """A list of statements without dropped declarations; an emptied one equals `pass`."""
        in_class = bool(self.around) and isinstance(self.around[-1], ast.ClassDef)
        kept = []
        for item in items:
            if isinstance(item, ast.AnnAssign) and not in_class and item.value is None and item.simple:
                if item not in self.kept:
                    continue
            kept.append(item)
        self.write("[")
        if not kept:
            self.write("(Pass")
            self.write(")")
        for item in kept:
            if isinstance(item, DEFINITIONS):
                self.definition(item, False)
            elif isinstance(item, ast.AnnAssign) and not in_class:
                if item.value is not None:
                    self.write("(Assign")
                    self.list([item.target])
                    self.value(item.value)
                else:
                    self.write("(Declared")
                    self.value(item.target)
                self.write(")")
            else:
                self.node(item)
        self.write("]")

    def list(self, items):
        self.write("[")
        for item in items:
            self.value(item)
        self.write("]")

    def value(self, value):
        if value is None:
            self.write("~")
        elif isinstance(value, ast.Constant):
            # Not `kind`: a prefix `u` makes no difference. repr tells 1, 1.0, True, -0.0 and lone surrogates apart.
            self.write("<" + type(value.value).__name__ + " " + repr(value.value) + ">")
        elif isinstance(value, ast.arguments):
            self.arguments(value, False)
        elif isinstance(value, ast.AST):
            self.node(value)
        elif isinstance(value, list):
            if value and isinstance(value[0], ast.stmt):
                self.statements(value)
            else:
                self.list(value)
        else:
            self.write(repr(value))

    def node(self, node):
        self.write("(" + type(node).__name__)
        for field in node._fields:
            if field != "type_comment":
                value = getattr(node, field, None)
                if value == [] or value is None:
                    self.write("~" if value is None else "[]")
                else:
                    self.value(value)
        self.write(")")

    # ------------------------------------------------------------------ M3.4

    def leaves_annotations(self, decorator):
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(target, ast.Attribute) and target.attr in ("setter", "getter", "deleter"):
            return isinstance(target.value, ast.Name)
        parts = []
        while isinstance(target, ast.Attribute):
            parts.append(target.attr)
            target = target.value
        if not isinstance(target, ast.Name):
            return False
        head = self.meaning(target.id)
        if head is None:
            return False
        dotted = ".".join([head, *reversed(parts)])
        return dotted in SILENT or dotted.startswith(SILENT_MODULES)

    def meaning(self, name):
        """The dotted name that `name` stands for where a decorator is read, or None when only running could tell."""
        for depth in range(len(self.around) - 1, -1, -1):
            scope = self.around[depth]
            if isinstance(scope, ast.ClassDef) and depth < len(self.around) - 1:
                continue
            bindings = Bindings.of(scope)
            if name in bindings.declared_global:
                break
            if name in bindings.other:
                return None
            if name in bindings.imported:
                return bindings.imported[name]
        if name in self.module.other:
            return None
        if name in self.module.imported:
            return self.module.imported[name]
        return None if self.module.star else "builtins." + name


class Bindings:
    """What binds the names of one scope: imports apart from all else."""

    known = {}

    def __init__(self, scope):
        self.imported = {}
        self.other = set()
        self.declared_global = set()
        self.star = False
        if isinstance(scope, FUNCTIONS):
            args = scope.args
            for arg in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg]:
                if arg is not None:
                    self.other.add(arg.arg)
        queue = [item for item in scope.body if not is_main_block(item)]
        while queue:
            self.collect(queue.pop(0), queue)
        self.other -= self.declared_global

    @classmethod
    def of(cls, scope):
        if scope not in cls.known:
            cls.known[scope] = cls(scope)
        return cls.known[scope]

    def collect(self, node, queue):
        if isinstance(node, ast.Import):
            for alias in node.names:
                self.imported[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == "*":
                    self.star = True
                elif node.level:
                    self.other.add(alias.asname or alias.name)
                else:
                    self.imported[alias.asname or alias.name] = node.module + "." + alias.name
        elif isinstance(node, ast.Global):
            self.declared_global.update(node.names)
        elif isinstance(node, DEFINITIONS):
            self.other.add(node.name)
        elif not isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                self.other.add(node.id)
            elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
                self.other.add(node.name)
            queue.extend(ast.iter_child_nodes(node))


def is_main_block(item):
    """`if __name__ == "__main__":` binds nothing for whoever imports the module (M4.2)."""
    return (
        isinstance(item, ast.If)
        and isinstance(item.test, ast.Compare)
        and {getattr(side, "id", getattr(side, "value", None)) for side in [item.test.left, *item.test.comparators]}
        == {"__name__", "__main__"}
    )


def main():
    with_text = "--text" in sys.argv
    for line in sys.stdin:
        path = line.rstrip("\n")
        if path.startswith("{"):
            source = base64.b64decode(json.loads(path)["source"])
            path = "?"
        else:
            with open(path, "rb") as stream:
                source = stream.read()
        tree = parse(path, source)
        if tree is None:
            print(json.dumps({"file": path, "error": "refused by CPython"}), flush=True)
            continue
        normaliser = Normaliser(tree, source)
        out = []
        for node, qualname, around in definitions(tree):
            text = normaliser.text(node, around)
            kind = "class" if isinstance(node, ast.ClassDef) else "function"
            digest = hashlib.md5(text.encode("utf-8", "surrogatepass")).hexdigest()
            out.append([qualname, node.lineno, kind, digest] + ([text] if with_text else []))
        Bindings.known.clear()
        print(json.dumps({"file": path, "definitions": out}), flush=True)


if __name__ == "__main__":
    main()
