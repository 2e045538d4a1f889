"""Pairs that CPython compiles to one code: a file printed anew, and variants in each of which many definitions are written
otherwise and yet come to the same instructions once local variables are numbered.

What is tried knows the compiler (folding, jumps, unreached code, names of locals), not the engine's rules; the random
mutations of `mutants` that come to nothing are pairs too. CPython alone decides what is a pair.

Protocol, lines of JSON: ``{"file", "seed", "rounds"}`` → ``{"base": text, "variants": [{"text", "pairs": [{"kind",
"places": [[qualname, line in base, line in variant], ...]}]}]}``; or ``{"error"}``. Standard library only.
"""

import ast
import json
import random
import sys

import mutants
from definitions import FUNCTIONS, parse
from mutants import File, both, set_field, set_list, with_item

# Code of these sees the names of its locals: renamed ones are another program (M3.2), whatever is compiled.
SEEING = {"locals", "vars", "dir", "eval", "exec"}


def call(name):
    return ast.Expr(value=ast.Call(func=ast.Name(id=name, ctx=ast.Load()), args=[], keywords=[]))


class Spellings(mutants.Mutations):
    """Collects changes like its base class, but such as a compiler may see through."""

    def definition(self, node):
        self.chain.append(node)
        if isinstance(node, FUNCTIONS):
            self.of_function(node)
        self.lists(node)
        for inner in self.statements_of(node):
            if isinstance(inner, mutants.DEFINITIONS) and self.descend:
                self.definition(inner)
        self.chain.pop()

    @staticmethod
    def statements_of(node):
        queue = list(node.body)
        while queue:
            item = queue.pop(0)
            yield item
            if not isinstance(item, mutants.DEFINITIONS):
                queue.extend(inner for field in ("body", "orelse", "finalbody") for inner in getattr(item, field, []))
                for handler in getattr(item, "handlers", []) + getattr(item, "cases", []):
                    queue.extend(handler.body)

    def of_function(self, node):
        add = self.add
        parameters = {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}
        names = [inner for inner in ast.walk(node) if isinstance(inner, ast.Name)]
        stored = sorted({name.id for name in names if not isinstance(name.ctx, ast.Load)} - parameters)
        if not any(name.id in SEEING for name in names):
            for name in stored[:6]:
                add("local renamed", name, lambda name=name: self.renamed(node, name))
        for item in ast.walk(node):
            if isinstance(item, (ast.Import, ast.ImportFrom)) and item.names[0].asname is None:
                alias = item.names[0]
                if "." not in alias.name and alias.name != "*":
                    add("local import renamed", alias.name, lambda alias=alias: both(set_field(alias, "asname", alias.name + "_as"), self.renamed(node, alias.name, "_as")))
        read = sorted({name.id for name in names if isinstance(name.ctx, ast.Load)} - set(stored) - parameters)
        if read:
            add("global declared", "", lambda: set_list(node.body, [*node.body[: self.first(node)], ast.Global(names=[self.chance.choice(read)]), *node.body[self.first(node) :]]))
        for arg in node.args.args + node.args.kwonlyargs:
            if arg.annotation is not None and not node.decorator_list:
                add("annotation removed", "", lambda arg=arg: set_field(arg, "annotation", None))
        add("docstring put in", "", lambda: set_list(node.body, [ast.Expr(value=ast.Constant(value="Said.")), *node.body[self.first(node) :]]))
        add("return at the end", "", lambda: set_list(node.body, [*node.body, ast.Return(value=None)]))
        add("return None at the end", "", lambda: set_list(node.body, [*node.body, ast.Return(value=ast.Constant(value=None))]))

    @staticmethod
    def first(node):
        return 1 if mutants.is_docstring(node.body[0]) else 0

    @staticmethod
    def renamed(node, name, suffix="_other"):
        undos = [set_field(inner, "id", name + suffix) for inner in ast.walk(node) if isinstance(inner, ast.Name) and inner.id == name]
        undos += [set_field(inner, "name", name + suffix) for inner in ast.walk(node) if isinstance(inner, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and inner.name == name]
        return both(*undos)

    def lists(self, node):
        """Every statement list of a definition's own, and the expressions in it."""
        owners = [node]
        while owners:
            owner = owners.pop()
            for field in ("body", "orelse", "finalbody"):
                items = getattr(owner, field, None)
                if isinstance(items, list) and items and isinstance(items[0], ast.stmt):
                    self.list(items, owner, field)
            for item in [*getattr(owner, "body", []), *getattr(owner, "orelse", []), *getattr(owner, "finalbody", []), *getattr(owner, "handlers", []), *getattr(owner, "cases", [])]:
                if isinstance(item, mutants.DEFINITIONS):
                    continue
                owners.append(item)

    def list(self, items, owner, field):
        add = self.add
        put = lambda at, *made: lambda: set_list(items, [*items[:at], *made, *items[at:]])
        if isinstance(owner, ast.ClassDef):
            return
        start = self.first(owner) if isinstance(owner, FUNCTIONS) else 0
        at = self.chance.randrange(start, len(items) + 1)
        add("pass put in", "", put(at, ast.Pass()))
        add("constant put in", "", put(at, ast.Expr(value=ast.Constant(value=self.chance.choice([1, "text", None, ...])))))
        add("if 0 put in", "", put(at, ast.If(test=ast.Constant(value=0), body=[call("print")], orelse=[])))
        add("while False put in", "", put(at, ast.While(test=ast.Constant(value=False), body=[call("print")], orelse=[])))
        for i, item in enumerate(items):
            if isinstance(item, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                add("unreached code put in", type(item).__name__, put(i + 1, call("print")))
            if isinstance(item, ast.If) and i >= start:
                self.choice(items, i, item)
            if isinstance(item, ast.While) and isinstance(item.test, ast.Constant):
                other = 1 if item.test.value is True else True
                add("while 1", "", lambda item=item, other=other: set_field(item.test, "value", other))
            if isinstance(item, ast.With) and len(item.items) > 1:
                inner = ast.With(items=item.items[1:], body=item.body)
                add("with in with", "", lambda i=i, item=item, inner=inner: with_item(items, i, ast.With(items=item.items[:1], body=[inner])))
            if isinstance(item, ast.With) and len(item.body) == 1 and isinstance(item.body[0], ast.With):
                one = ast.With(items=item.items + item.body[0].items, body=item.body[0].body)
                add("one with", "", lambda i=i, one=one: with_item(items, i, one))
            if isinstance(item, ast.Return) and item.value is None:
                add("return None", "", lambda item=item: set_field(item, "value", ast.Constant(value=None)))
            if isinstance(item, ast.Return) and isinstance(item.value, ast.Constant) and item.value.value is None:
                add("return", "", lambda item=item: set_field(item, "value", None))
            if isinstance(item, ast.Return) and isinstance(item.value, ast.IfExp):
                made = ast.If(test=item.value.test, body=[ast.Return(value=item.value.body)], orelse=[ast.Return(value=item.value.orelse)])
                add("conditional return as if", "", lambda i=i, made=made: with_item(items, i, made))
            if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.targets[0], ast.Name):
                made = ast.AnnAssign(target=item.targets[0], annotation=ast.Name(id="object", ctx=ast.Load()), value=item.value, simple=1)
                add("local annotated", "", lambda i=i, made=made: with_item(items, i, made))
                if isinstance(item.value, ast.IfExp):
                    arms = [[ast.Assign(targets=item.targets, value=value)] for value in (item.value.body, item.value.orelse)]
                    made = ast.If(test=item.value.test, body=arms[0], orelse=arms[1])
                    add("conditional value as if", "", lambda i=i, made=made: with_item(items, i, made))
            if isinstance(item, ast.AnnAssign) and item.value is not None and item.simple:
                made = ast.Assign(targets=[item.target], value=item.value)
                add("local annotation removed", "", lambda i=i, made=made: with_item(items, i, made))
            if isinstance(item, ast.Delete) and len(item.targets) > 1:
                made = ast.Delete(targets=[ast.Tuple(elts=item.targets, ctx=ast.Del())])
                add("del of a tuple", "", lambda i=i, made=made: with_item(items, i, made))
            if isinstance(item, ast.Import) and len(item.names) > 1:
                parts = [ast.Import(names=[alias]) for alias in item.names]
                add("import in parts", "", lambda i=i, parts=parts: set_list(items, [*items[:i], *parts, *items[i + 1 :]]))
            if isinstance(item, (ast.For, ast.While)) and not item.orelse and not any(isinstance(inner, ast.Break) for inner in ast.walk(item)) and i + 1 < len(items):
                add("rest as else of a loop", "", lambda i=i, item=item: both(set_field(item, "orelse", items[i + 1 :]), set_list(items, items[: i + 1])))
            if isinstance(item, (ast.For, ast.While, ast.If)) and not item.orelse:
                add("else: pass", "", lambda item=item: set_field(item, "orelse", [ast.Pass()]))
            if not isinstance(item, mutants.DEFINITIONS):
                self.constants_of(item)

    def choice(self, items, i, item):
        add = self.add
        if item.orelse and len(items) > i:
            flat = lambda: both(set_list(items, [*items[: i + 1], *item.orelse, *items[i + 1 :]]), set_field(item, "orelse", []))
            add("else dropped", "", flat)
        elif i + 1 < len(items):
            add("rest as else", "", lambda: both(set_field(item, "orelse", items[i + 1 :]), set_list(items, items[: i + 1])))
        if len(item.body) == 1 and isinstance(item.body[0], ast.If) and not item.orelse and not item.body[0].orelse:
            inner = item.body[0]
            made = ast.If(test=ast.BoolOp(op=ast.And(), values=[item.test, inner.test]), body=inner.body, orelse=[])
            add("nested conditions merged", "", lambda: with_item(items, i, made))
        if isinstance(item.test, ast.BoolOp) and isinstance(item.test.op, ast.And) and not item.orelse:
            inner = ast.If(test=ast.BoolOp(op=ast.And(), values=item.test.values[1:]) if len(item.test.values) > 2 else item.test.values[1], body=item.body, orelse=[])
            made = ast.If(test=item.test.values[0], body=[inner], orelse=[])
            add("conditions nested", "", lambda: with_item(items, i, made))
        add("if True around", "", lambda: with_item(items, i, ast.If(test=ast.Constant(value=True), body=[item], orelse=[])))

    def constants_of(self, item):
        """Expressions of one statement that the compiler folds or turns round."""
        own = [value for field, value in ast.iter_fields(item) if field not in ("body", "orelse", "finalbody", "handlers", "cases")]
        queue = [value for value in own if isinstance(value, ast.AST)] + [inner for value in own if isinstance(value, list) for inner in value if isinstance(inner, ast.expr)]
        for root in queue:
            for node in ast.walk(root):
                for field, value in ast.iter_fields(node):
                    place = [(node, field, value)] if isinstance(value, ast.expr) else []
                    if isinstance(value, list):
                        place = [(value, k, inner) for k, inner in enumerate(value) if isinstance(inner, ast.expr)]
                    for owner, key, found in place:
                        self.folded(owner, key, found)

    def folded(self, owner, key, node):
        put = (lambda made: lambda: with_item(owner, key, made)) if isinstance(owner, list) else (lambda made: lambda: set_field(owner, key, made))
        value = getattr(node, "value", None)
        if isinstance(node, ast.Constant) and type(value) is int and 1 < value < 1000:
            self.add("arithmetic on constants", "", put(ast.BinOp(left=ast.Constant(value=value - 1), op=ast.Add(), right=ast.Constant(value=1))))
        if isinstance(node, ast.Constant) and isinstance(value, str) and 2 < len(value) < 60 and not isinstance(owner, ast.JoinedStr) and not (isinstance(owner, list) and any(isinstance(x, ast.FormattedValue) for x in owner)):
            self.add("constant strings added", "", put(ast.BinOp(left=ast.Constant(value=value[:1]), op=ast.Add(), right=ast.Constant(value=value[1:]))))
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            opposite = {ast.NotIn: ast.In, ast.IsNot: ast.Is}.get(type(node.ops[0]))
            if opposite is not None:
                self.add("not in as not .. in", "", put(ast.UnaryOp(op=ast.Not(), operand=ast.Compare(left=node.left, ops=[opposite()], comparators=node.comparators))))
            right = node.comparators[0]
            if isinstance(node.ops[0], (ast.In, ast.NotIn)) and isinstance(right, (ast.Tuple, ast.List)):
                other = ast.List if isinstance(right, ast.Tuple) else ast.Tuple
                self.add("in a list or tuple of constants", "", put(ast.Compare(left=node.left, ops=node.ops, comparators=[other(elts=right.elts, ctx=ast.Load())])))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str) and isinstance(node.right, ast.Tuple):
            pieces = node.left.value.split("%s")
            if len(pieces) == len(node.right.elts) + 1 and "%" not in "".join(pieces):
                values = []
                for text, field in zip(pieces, [*node.right.elts, None]):
                    values += [ast.Constant(value=text)] if text else []
                    values += [ast.FormattedValue(value=field, conversion=ord("s"))] if field is not None else []
                self.add("%-formatting as an f-string", "", put(ast.JoinedStr(values=values)))


def answer(request):
    tree = parse(request["file"])
    if tree is None:
        return {"error": "refused by CPython"}
    try:
        base = File(ast.unparse(tree))
    except (RecursionError, ValueError, SyntaxError) as error:
        return {"error": str(error)}
    chance = random.Random(request["seed"])
    variants = []
    for walker, rounds in ((Spellings, request["rounds"]), (mutants.Mutations, 1)):
        units = []
        for index, node, around in base.units():
            if not isinstance(node, FUNCTIONS):
                continue
            found = walker(chance, ["len", "print", "sorted", "int"], True)
            found.definition(node)
            by_kind = {}
            for item in found.found:
                by_kind.setdefault(item[0], []).append(item)
            if by_kind:
                units.append((index, around, by_kind))
        for _ in range(rounds):
            made = mutants.one_round(base, units, chance)
            if made is None:
                continue
            label = "" if walker is Spellings else "mutation: "
            pairs = []
            for mutant in made["mutants"]:
                # Other definitions of a class around are changed as well: only the function itself is compared.
                places = list(mutant["places"])
                while isinstance(by_line(base.text)[places[0][1]], ast.ClassDef):
                    places.pop(0)
                if mutant["codes"] <= 1 and differ(base, made["text"], places):
                    pairs.append({"kind": label + mutant["kind"], "places": places})
            if pairs:
                variants.append({"text": made["text"], "pairs": pairs})
    return {"base": base.text, "variants": variants}


_parsed = {}


def by_line(text):
    if text not in _parsed:
        if len(_parsed) > 2:
            _parsed.clear()
        _parsed[text] = {node.lineno: node for node in ast.walk(ast.parse(text)) if isinstance(node, mutants.DEFINITIONS)}
    return _parsed[text]


def differ(base, text, places):
    """Whether the trees of a pair differ at all."""
    return any(ast.dump(by_line(base.text)[before]) != ast.dump(by_line(text)[after]) for _, before, after in places)


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
