"""A second, independent reading of M3.2: whether two definitions are one at level semantic, told by CPython.

Both are rewritten by the contract's rules, written here from the contract and not from the engine, until nothing changes;
then CPython compiles them and the compiled code is compared (constant folding and unreached code are its own work).
Used to tell a mutant that a rule leaves equal from one that slipped through: a rule missing here shows as a failure.
"""

import ast
import builtins
import string
import symtable

import code
from definitions import DEFINITIONS

BUILTINS = frozenset(dir(builtins))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
ALIASES = {"IOError": "OSError", "EnvironmentError": "OSError"}
SEEING = {"locals", "eval", "exec"}
BARE = {"vars", "dir"}


def is_literal(node):
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.UnaryOp)
        and isinstance(node.op, (ast.USub, ast.UAdd))
        and isinstance(node.operand, ast.Constant)
        and isinstance(node.operand.value, (int, float, complex))
    )


def is_hashable_literal(node):
    return is_literal(node) or isinstance(node, ast.Tuple) and all(is_hashable_literal(item) for item in node.elts)


def is_inert(node):
    """A literal or a display of literals: evaluating it can't have an effect."""
    if is_literal(node):
        return True
    if isinstance(node, (ast.List, ast.Tuple)):
        return all(is_inert(item) for item in node.elts)
    if isinstance(node, ast.Set):
        return all(is_hashable_literal(item) for item in node.elts)
    if isinstance(node, ast.Dict):
        return all(key is not None and is_hashable_literal(key) for key in node.keys) and all(map(is_inert, node.values))
    return False


def leaves(items):
    if not items:
        return False
    last = items[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
        return True
    return isinstance(last, ast.If) and leaves(last.body) and leaves(last.orelse)


def named(node, name, bound):
    return isinstance(node, ast.Name) and node.id == name and name not in bound


class Rules(ast.NodeTransformer):
    """One pass of all rules over a definition. `bound`: every name that the file binds anywhere."""

    def __init__(self, bound, aliases):
        self.bound = bound
        self.aliases = aliases
        self.functions = []
        self.stack = []
        # Variables of the `for` loops around.
        self.loops = []

    def builtin(self, node, name):
        return named(node, name, self.bound)

    # -------------------------------------------------------------- statements

    def visit_FunctionDef(self, node):
        facts = Facts(node)
        self.stack.append(facts)
        self.generic_visit(node)
        self.stack.pop()
        self.decorators(node)
        body = node.body
        if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str):
            body = body[1:]
        node.body = self.tail(self.statements(body, facts)) or [ast.Pass()]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def decorators(self, node):
        """`lru_cache()` is `lru_cache`, `lru_cache(maxsize=None)` is `cache`."""
        for i, decorator in enumerate(node.decorator_list):
            if not isinstance(decorator, ast.Call):
                continue
            func = decorator.func
            name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", None)
            given = decorator.args + [keyword.value for keyword in decorator.keywords if keyword.arg == "maxsize"]
            if name == "lru_cache" and not decorator.args and not decorator.keywords:
                node.decorator_list[i] = func
            elif name == "lru_cache" and len(given) == len(decorator.args) + len(decorator.keywords) == 1:
                if isinstance(given[0], ast.Constant) and given[0].value is None:
                    decorator.args, decorator.keywords = given, []

    def visit_Lambda(self, node):
        self.stack.append(None)
        self.generic_visit(node)
        self.stack.pop()
        return node

    def visit_ClassDef(self, node):
        self.stack.append(None)
        self.generic_visit(node)
        self.stack.pop()
        while node.bases and self.builtin(node.bases[-1], "object") and len(node.bases) == 1 and not node.keywords:
            node.bases.pop()
        body = [item for item in node.body if not self.idle(item)]
        node.body = body or [ast.Pass()]
        return node

    def idle(self, item):
        return isinstance(item, ast.Pass) or isinstance(item, ast.Expr) and is_inert(item.value)

    def tail(self, items):
        """Without what a function's end says anyway."""
        items = list(items)
        while items and isinstance(items[-1], ast.Return) and items[-1].value is None:
            items.pop()
        if items and isinstance(items[-1], ast.If):
            last = items[-1]
            last.body = self.tail(last.body) or [ast.Pass()]
            last.orelse = self.tail(last.orelse)
        elif items and isinstance(items[-1], (ast.With, ast.AsyncWith)):
            pass
        return items

    def statements(self, items, facts):
        out = []
        items = self.floated(items) if facts is not None else items
        for item in items:
            if self.idle(item):
                continue
            if facts is not None and self.dead(item, facts):
                continue
            if facts is not None and isinstance(item, (ast.Import, ast.ImportFrom)) and facts.unused_import(item):
                continue
            out.append(item)
            if isinstance(item, ast.If) and item.orelse and leaves(item.body):
                rest = item.orelse
                item.orelse = []
                out.extend(rest)
        # r = e; return r
        i = 0
        while facts is not None and i + 1 < len(out):
            first, second = out[i], out[i + 1]
            if (
                isinstance(first, ast.Assign)
                and len(first.targets) == 1
                and isinstance(first.targets[0], ast.Name)
                and isinstance(second, ast.Return)
                and isinstance(second.value, ast.Name)
                and second.value.id == first.targets[0].id
                and facts.is_plain(second.value.id)
                and second.value.id not in facts.read_in_finally
            ):
                out[i : i + 2] = [ast.Return(value=first.value)]
            i += 1
        return out

    def floated(self, items):
        """Plain imports of a list first, as far as nothing before them says their names: importing has no effect."""
        imports, rest, said = [], [], set()
        for item in items:
            if isinstance(item, (ast.Import, ast.ImportFrom)) and any(ast.dump(item) == ast.dump(other) for other in imports):
                continue
            if isinstance(item, (ast.Import, ast.ImportFrom)):
                names = {alias.asname or alias.name.split(".")[0] for alias in item.names}
                if not names & said:
                    imports.append(item)
                    continue
            said |= {node.id for node in ast.walk(item) if isinstance(node, ast.Name)}
            said |= {alias.asname or alias.name.split(".")[0] for node in ast.walk(item) if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names}
            rest.append(item)
        return sorted(imports, key=ast.dump) + rest

    def dead(self, item, facts):
        if not isinstance(item, ast.Assign) or facts.sees:
            return False
        for target in item.targets:
            if not isinstance(target, ast.Name) or not facts.is_plain(target.id) or target.id in facts.read:
                return False
        if not isinstance(item.value, ast.Name):
            return is_inert(item.value)
        return facts.is_bound_parameter(item.value.id) or item.value.id in self.loops and item.value.id not in facts.deleted

    def visit_For(self, node):
        self.loops += [node.target.id] if isinstance(node.target, ast.Name) else [None]
        node = self.generic_visit(node)
        self.loops.pop()
        return node

    def generic_visit(self, node):
        super().generic_visit(node)
        facts = self.stack[-1] if self.stack else None
        if isinstance(node, ast.AnnAssign) and facts is not None:
            if node.value is not None:
                return ast.Assign(targets=[node.target], value=node.value)
        for field in ("body", "orelse", "finalbody"):
            items = getattr(node, field, None)
            if isinstance(items, list) and not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Module)) and items and isinstance(items[0], ast.stmt):
                kept = self.statements(items, facts)
                setattr(node, field, kept if kept or field != "body" else [ast.Pass()])
        if isinstance(node, ast.Try) and not node.handlers and not node.finalbody:
            return node.body
        return node

    def visit_Return(self, node):
        self.generic_visit(node)
        if isinstance(node.value, ast.Constant) and node.value.value is None:
            node.value = None
        return node

    def visit_ExceptHandler(self, node):
        self.generic_visit(node)
        facts = self.stack[-1] if self.stack else None
        if node.name is not None and facts is not None and facts.is_plain(node.name) and node.name not in facts.read:
            node.name = None
        return node

    def visit_Delete(self, node):
        self.generic_visit(node)
        targets = []
        queue = list(node.targets)
        while queue:
            target = queue.pop(0)
            if isinstance(target, (ast.Tuple, ast.List)):
                queue[:0] = target.elts
            else:
                targets.append(target)
        node.targets = targets or node.targets
        return node

    def visit_With(self, node):
        self.generic_visit(node)
        while len(node.body) == 1 and type(node.body[0]) is type(node):
            inner = node.body[0]
            node.items = node.items + inner.items
            node.body = inner.body
        return node

    visit_AsyncWith = visit_With

    def visit_If(self, node):
        self.generic_visit(node)
        # if c: x = a / else: x = b
        arms = [node.body, node.orelse]
        if all(len(arm) == 1 and isinstance(arm[0], ast.Assign) and len(arm[0].targets) == 1 and isinstance(arm[0].targets[0], ast.Name) for arm in arms):
            if arms[0][0].targets[0].id == arms[1][0].targets[0].id:
                value = ast.IfExp(test=node.test, body=arms[0][0].value, orelse=arms[1][0].value)
                return ast.Assign(targets=arms[0][0].targets, value=value)
        return node

    # ------------------------------------------------------------- expressions

    def visit_Name(self, node):
        if node.id in ALIASES and node.id not in self.bound and isinstance(node.ctx, ast.Load):
            return ast.Name(id=ALIASES[node.id], ctx=node.ctx)
        return node

    def visit_UnaryOp(self, node):
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Compare) and len(node.operand.ops) == 1:
            opposite = {ast.In: ast.NotIn, ast.Is: ast.IsNot, ast.NotIn: ast.In, ast.IsNot: ast.Is}.get(type(node.operand.ops[0]))
            if opposite is not None:
                return ast.Compare(left=node.operand.left, ops=[opposite()], comparators=node.operand.comparators)
        return node

    def visit_Set(self, node):
        self.generic_visit(node)
        seen = set()
        kept = []
        for item in node.elts:
            key = (type(item.value), repr(item.value)) if isinstance(item, ast.Constant) else None
            if key is not None and key in seen:
                continue
            seen.add(key)
            kept.append(item)
        node.elts = kept
        return node

    def visit_Dict(self, node):
        self.generic_visit(node)
        if all(isinstance(key, ast.Constant) for key in node.keys):
            keys = [(type(key.value), repr(key.value)) for key in node.keys]
            if len({kind for kind, _ in keys}) == 1 and all(map(is_inert, node.values)):
                last = {}
                for key, value in zip(keys, node.values):
                    last[key] = value
                first = {}
                for key, item in zip(keys, node.keys):
                    first.setdefault(key, item)
                node.keys = [first[key] for key in last]
                node.values = [last[key] for key in last]
        return node

    def visit_JoinedStr(self, node):
        self.generic_visit(node)
        if not node.values:
            return ast.Constant(value="")
        if len(node.values) == 1 and isinstance(node.values[0], ast.Constant):
            return node.values[0]
        return node

    def visit_Call(self, node):
        self.generic_visit(node)
        func, args = node.func, node.args
        plain = not node.keywords and not any(isinstance(arg, ast.Starred) for arg in args)
        one = args[0] if plain and len(args) == 1 else None
        if isinstance(func, ast.Name) and func.id in BUILTINS and func.id not in self.bound:
            made = self.constructor(func.id, node, one, plain)
            if made is not None:
                return made
        name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", None)
        if name == "import_module" and plain and len(args) == 2 and isinstance(args[0], ast.Constant):
            # A package matters to relative names only.
            if isinstance(args[0].value, str) and not args[0].value.startswith("."):
                return ast.Call(func=func, args=args[:1], keywords=[])
        if name == "import_module" and one is not None and isinstance(one, ast.Constant) and self.is_importlib(func):
            # A literal counts as the import written out, whichever import `importlib` itself comes from.
            return ast.Call(func=ast.Name(id="import_module", ctx=ast.Load()), args=args, keywords=[])
        if isinstance(func, ast.Attribute) and func.attr == "encode":
            made = self.encoded(node, func, args)
            if made is not None:
                return made
        if isinstance(func, ast.Attribute) and func.attr == "format" and isinstance(func.value, ast.Constant) and isinstance(func.value.value, str):
            made = formatted(func.value.value, node)
            if made is not None:
                return made
        return node

    def is_importlib(self, func):
        """Whether `importlib.import_module` is read from a name that only `import importlib` binds, here or in the module."""
        if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
            return False
        facts = self.stack[-1] if self.stack else None
        home = facts.imports if facts is not None and facts.is_plain(func.value.id) else self.aliases
        return home.get(func.value.id) == {"importlib"}

    def constructor(self, name, node, one, plain):
        if name in ("set", "list", "tuple", "dict") and one is not None:
            if isinstance(one, ast.GeneratorExp) or (isinstance(one, ast.ListComp) and name in ("set", "list", "dict")):
                if name == "set":
                    return ast.SetComp(elt=one.elt, generators=one.generators)
                if name == "list":
                    return ast.ListComp(elt=one.elt, generators=one.generators)
                if name == "dict" and isinstance(one.elt, (ast.Tuple, ast.List)) and len(one.elt.elts) == 2:
                    return ast.DictComp(key=one.elt.elts[0], value=one.elt.elts[1], generators=one.generators)
            if name == "tuple" and isinstance(one, ast.ListComp):
                return ast.Call(func=node.func, args=[ast.GeneratorExp(elt=one.elt, generators=one.generators)], keywords=[])
            if isinstance(one, (ast.List, ast.Tuple)):
                if name == "set" and one.elts:
                    return self.visit_Set(ast.Set(elts=one.elts))
                if name == "list":
                    return ast.List(elts=one.elts, ctx=ast.Load())
                if name == "tuple":
                    return ast.Tuple(elts=one.elts, ctx=ast.Load())
                if name == "dict" and all(isinstance(item, (ast.Tuple, ast.List)) and len(item.elts) == 2 for item in one.elts):
                    return ast.Dict(keys=[item.elts[0] for item in one.elts], values=[item.elts[1] for item in one.elts])
            if name == "dict" and isinstance(one, (ast.Dict, ast.DictComp)):
                return one
            if name in ("set", "list", "tuple") and isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in ("list", "tuple") and one.func.id not in self.bound and len(one.args) == 1 and not one.keywords:
                return ast.Call(func=node.func, args=one.args, keywords=[])
            if name == "list" and isinstance(one, ast.Call) and self.builtin(one.func, "sorted"):
                return one
        if name == "sorted" and node.args and isinstance(node.args[0], ast.ListComp):
            made = ast.GeneratorExp(elt=node.args[0].elt, generators=node.args[0].generators)
            return ast.Call(func=node.func, args=[made, *node.args[1:]], keywords=node.keywords)
        if name == "sorted" and node.args and isinstance(node.args[0], ast.Call):
            inner = node.args[0]
            if isinstance(inner.func, ast.Name) and inner.func.id in ("list", "tuple") and inner.func.id not in self.bound and len(inner.args) == 1 and not inner.keywords:
                return ast.Call(func=node.func, args=[inner.args[0], *node.args[1:]], keywords=node.keywords)
        if name == "dict" and not node.args and all(keyword.arg is not None for keyword in node.keywords):
            return ast.Dict(keys=[ast.Constant(value=keyword.arg) for keyword in node.keywords], values=[keyword.value for keyword in node.keywords])
        if plain and not node.args:
            empty = {"list": ast.List(elts=[], ctx=ast.Load()), "tuple": ast.Tuple(elts=[], ctx=ast.Load()), "str": ast.Constant(value=""), "int": ast.Constant(value=0), "float": ast.Constant(value=0.0), "bool": ast.Constant(value=False), "bytes": ast.Constant(value=b"")}
            return empty.get(name)
        if name in ("str", "int", "float", "bool") and isinstance(one, ast.Constant) and type(one.value).__name__ == name:
            return one
        if name == "type" and isinstance(one, ast.Constant) and type(one.value) in (str, int, float, bool, bytes) and type(one.value).__name__ not in self.bound:
            return ast.Name(id=type(one.value).__name__, ctx=ast.Load())
        if name == "open" and len(node.args) == 2 and isinstance(node.args[1], ast.Constant) and node.args[1].value in ("r", "rt"):
            return ast.Call(func=node.func, args=node.args[:1], keywords=node.keywords)
        if name == "open":
            kept = [k for k in node.keywords if not (k.arg == "mode" and isinstance(k.value, ast.Constant) and k.value.value in ("r", "rt"))]
            if len(kept) != len(node.keywords):
                return ast.Call(func=node.func, args=node.args, keywords=kept)
        return None

    def encoded(self, node, func, args):
        given = args + [keyword.value for keyword in node.keywords if keyword.arg == "encoding"]
        if len(given) != len(args) + len(node.keywords) or len(given) > 1:
            return None
        encoding = "utf-8"
        if given:
            if not isinstance(given[0], ast.Constant) or not isinstance(given[0].value, str):
                return None
            encoding = given[0].value.lower().replace("_", "-")
        if encoding not in ("utf-8", "utf8", "ascii", "us-ascii"):
            return None
        if isinstance(func.value, ast.Constant) and isinstance(func.value.value, str):
            try:
                return ast.Constant(value=func.value.value.encode(encoding))
            except UnicodeError:
                return None
        if encoding in ("utf-8", "utf8") and self.is_text(func.value):
            return ast.Call(func=func, args=[], keywords=[])
        return None


    def is_text(self, node):
        """Whether an expression is certainly a `str`."""
        if isinstance(node, ast.JoinedStr) or isinstance(node, ast.Constant) and isinstance(node.value, str):
            return True
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name):
                return node.func.id in ("str", "repr") and node.func.id not in self.bound
            if isinstance(node.func, ast.Attribute):
                return node.func.attr in ("format", "join", "replace", "strip", "lower", "upper") and self.is_text(node.func.value)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            return self.is_text(node.left)
        facts = self.stack[-1] if self.stack else None
        if isinstance(node, ast.Name) and facts is not None and facts.is_plain(node.id):
            values = facts.values.get(node.id)
            return bool(values) and all(value is not None and self.is_text(value) for value in values)
        return False


def formatted(template, node):
    """A literal's `format` as an f-string, for plain fields used once and in order; unused inert arguments go."""
    if any(isinstance(arg, ast.Starred) for arg in node.args) or any(keyword.arg is None for keyword in node.keywords):
        return None
    values = {str(i): arg for i, arg in enumerate(node.args)}
    values.update({keyword.arg: keyword.value for keyword in node.keywords})
    parts = []
    used = []
    automatic = 0
    try:
        for text, field, spec, conversion in string.Formatter().parse(template):
            if text:
                parts.append(ast.Constant(value=text))
            if field is None:
                continue
            if "{" in spec:
                return None
            if field == "":
                field = str(automatic)
                automatic += 1
            if field not in values or field in used:
                return None
            used.append(field)
            parts.append(
                ast.FormattedValue(
                    value=values[field],
                    conversion=ord(conversion) if conversion else -1,
                    format_spec=ast.JoinedStr(values=[ast.Constant(value=spec)]) if spec else None,
                )
            )
    except ValueError:
        return None
    unused = [value for name, value in values.items() if name not in used]
    if not all(is_inert(value) or isinstance(value, ast.Name) for value in unused):
        return None
    order = [name for name in values if name in used]
    if order != used:
        return None
    return ast.JoinedStr(values=parts)


class Facts:
    """What of one function's own names: bound plainly, read, captured, seen by name."""

    def __init__(self, function):
        self.read = set()
        self.read_in_finally = set()
        self.sees = False
        self.table = None
        self.parameters = set()
        self.values = {}
        self.captured = set()
        self.deleted = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
        self.deleted |= {node.name for node in ast.walk(function) if isinstance(node, ast.ExceptHandler) and node.name}
        self.imports = imports_of(function)
        wrapped = ast.Module(body=[function], type_ignores=[])
        try:
            table = symtable.symtable(ast.unparse(ast.fix_missing_locations(wrapped)), "?", "exec")
        except (SyntaxError, ValueError):
            return
        queue = list(table.get_children())
        while queue:
            child = queue.pop(0)
            if child.get_type() == "function" and child.get_name() == function.name:
                self.table = child
                break
            queue.extend(child.get_children())
        if self.table is None:
            return
        self.parameters = set(self.table.get_parameters())
        self.values = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                self.values.setdefault(node.targets[0].id, []).append(node.value)
        stores = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                stores[node.id] = stores.get(node.id, 0) + 1
        for name in list(self.values):
            if stores[name] != len(self.values[name]) or name in self.parameters:
                del self.values[name]
        for node in ast.walk(function):
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
                self.read.add(node.id)
                if node.id in SEEING:
                    self.sees = True
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BARE and not node.args and not node.keywords:
                self.sees = True
            elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
                self.read.add(node.target.id)
            elif isinstance(node, ast.Attribute) and node.attr == "f_locals":
                self.sees = True
            elif isinstance(node, (ast.Global, ast.Nonlocal)):
                self.read.update(node.names)
            elif isinstance(node, ast.Try):
                for item in node.finalbody:
                    for inner in ast.walk(item):
                        if isinstance(inner, ast.Name):
                            self.read_in_finally.add(inner.id)
        self.captured = {
            symbol.get_name() for child in self.table.get_children() for symbol in child.get_symbols() if symbol.is_free()
        }

    def is_plain(self, name):
        if self.table is None or self.sees or name in self.captured:
            return False
        try:
            symbol = self.table.lookup(name)
        except KeyError:
            return False
        return symbol.is_local() and not symbol.is_global() and not symbol.is_free()

    def is_bound_parameter(self, name):
        return name in self.parameters

    def unused_import(self, item):
        names = [alias.asname or alias.name.split(".")[0] for alias in item.names]
        return all(name != "*" and self.is_plain(name) and name not in self.read for name in names)


def imports_of(tree):
    """Modules that plain imports of a tree bind to each name; any other binding of a name is None among them."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                target = alias.name if alias.asname or "." not in alias.name else None
                found.setdefault(alias.asname or alias.name.split(".")[0], set()).add(target)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.setdefault(node.id, set()).add(None)
    return found


def bound_names(tree):
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found.add(node.id)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.split(".")[0])
            if node.name == "*":
                found |= BUILTINS
    return found


def level_names(item):
    """Names that a module-level statement binds in the module."""
    if isinstance(item, (*FUNCTIONS, ast.ClassDef)):
        return {item.name}
    return bound_names(item)


def canonical_code(tree, node, around, mode, flags):
    import copy

    bound = {name for item in tree.body for name in level_names(item)} | bound_names(node)
    for outer in around:
        if isinstance(outer, FUNCTIONS):
            bound |= bound_names(outer)
    made = copy.deepcopy(node)
    aliases = imports_of(ast.Module(body=[item for item in tree.body if not isinstance(item, DEFINITIONS)], type_ignores=[]))
    for inner in ast.walk(made):
        # Annotations of functions do not count (M3.1) where no decorator may read them.
        if isinstance(inner, FUNCTIONS) and (mode == "parameters" or not inner.decorator_list):
            inner.returns = None
            for arg in ast.walk(inner.args):
                if isinstance(arg, ast.arg):
                    arg.annotation = None
    for _ in range(6):
        before = ast.dump(made)
        made = Rules(bound, aliases).visit(made)
        ast.fix_missing_locations(made)
        if ast.dump(made) == before:
            break
    compiled = code.unit_code(made, around, flags)
    return None if compiled is None else code.text(compiled, mode)
