"""Mutants: a file printed anew, and variants of it in each of which many definitions have one small change of meaning.

A mutant counts only where CPython's compiled code of it differs from that of the file as printed. Which definitions it
is in is said by their place in the base and in the variant, so that hashes can be compared.

Protocol, lines of JSON: ``{"file", "seed", "rounds"}`` →
``{"base": text, "variants": [{"text", "mutants": [{"kind", "what", "codes": how many of MODES tell it apart,
"places": [[qualname, line in base, line in variant], ...]}]}]}``; or ``{"error"}``.
Asked ``{"base": text, "variant": text, "before": line, "after": line, "level"}`` it says whether the rules of a level leave
the outermost definitions at those lines equal: ``{"equal": bool}``.
"""

import __future__

import ast
import json
import random
import sys

import code
import equivalent
from definitions import DEFINITIONS, FUNCTIONS, definitions, is_docstring, parse

# The levels' views of code, the most exact first.
MODES = ("names", "locals", "parameters")


# ------------------------------------------------------------------- changes


def set_field(node, field, value):
    before = getattr(node, field)
    setattr(node, field, value)
    return lambda: setattr(node, field, before)


def set_list(items, new):
    before = list(items)
    items[:] = new
    return lambda: items.__setitem__(slice(None), before)


def with_item(items, index, value):
    return set_list(items, [*items[:index], value, *items[index + 1 :]])


def without(items, index):
    return set_list(items, [*items[:index], *items[index + 1 :]])


def swapped(items, index):
    new = list(items)
    new[index], new[index + 1] = new[index + 1], new[index]
    return set_list(items, new)


def both(*undos):
    def undo():
        for item in reversed(undos):
            item()

    return undo


BINARY = [ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.LShift, ast.BitOr, ast.BitAnd, ast.BitXor]
COMPARISONS = [ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.In, ast.NotIn]


class Mutations:
    """Collects (kind, what, apply) for one definition; `apply()` changes the tree in place and gives its undo."""

    def __init__(self, chance, globals_, inside_functions):
        self.chance = chance
        self.globals = globals_
        self.found = []
        self.descend = inside_functions
        self.chain = []
        self.locals = []

    def add(self, kind, what, apply):
        self.found.append((kind, what, apply, list(self.chain)))

    # --------------------------------------------------------------- walking

    def definition(self, node):
        self.chain.append(node)
        names = self.names_of(node)
        self.locals.append(names)
        for i, decorator in enumerate(node.decorator_list):
            self.add("decorator removed", ast.unparse(decorator), lambda i=i: without(node.decorator_list, i))
            self.expression(decorator, node.decorator_list, i)
        if len(node.decorator_list) > 1:
            self.add("decorators swapped", "", lambda: swapped(node.decorator_list, 0))
        if isinstance(node, ast.ClassDef):
            for i, base in enumerate(node.bases):
                self.add("base removed", ast.unparse(base), lambda i=i: without(node.bases, i))
                self.expression(base, node.bases, i)
            if len(node.bases) > 1:
                self.add("bases swapped", "", lambda: swapped(node.bases, 0))
            for keyword in node.keywords:
                self.expression(keyword.value, keyword, "value")
        else:
            self.signature(node.args)
            if isinstance(node, ast.FunctionDef):
                self.add("made async", "", lambda: set_field(node, "__class__", ast.AsyncFunctionDef))
            else:
                self.add("made plain", "", lambda: set_field(node, "__class__", ast.FunctionDef))
        self.body(node.body, is_docstring(node.body[0]))
        self.locals.pop()
        self.chain.pop()

    def names_of(self, node):
        if isinstance(node, ast.ClassDef):
            return []
        found = [arg.arg for arg in node.args.posonlyargs + node.args.args + node.args.kwonlyargs]
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store) and inner.id not in found:
                found.append(inner.id)
        return found

    def signature(self, args):
        for field in ("defaults", "kw_defaults"):
            items = getattr(args, field)
            for i, default in enumerate(items):
                if default is None:
                    continue
                self.expression(default, items, i)
                if field == "kw_defaults":
                    self.add("keyword default removed", "", lambda i=i: with_item(args.kw_defaults, i, None))
        if args.defaults:
            self.add("first default removed", "", lambda: without(args.defaults, 0))
            if len(args.defaults) > 1:
                self.add("defaults swapped", "", lambda: swapped(args.defaults, 0))
        if len(args.args) > 1:
            self.add("parameters swapped", "", lambda: swapped(args.args, len(args.args) - 2))
        for arg in args.args[1:] + args.kwonlyargs:
            if arg.annotation is not None:
                # The name would also change in what keeps annotations.
                continue
            self.add("parameter renamed", arg.arg, lambda arg=arg: set_field(arg, "arg", arg.arg + "_renamed"))
        if args.vararg:
            self.add("*args removed", "", lambda: set_field(args, "vararg", None))
        if args.kwarg:
            self.add("**kwargs removed", "", lambda: set_field(args, "kwarg", None))
        if args.vararg is None and not args.kwonlyargs:
            self.add("*args added", "", lambda: set_field(args, "vararg", ast.arg(arg="added_args")))
        if args.args and not args.posonlyargs:
            self.add(
                "made positional only",
                args.args[0].arg,
                lambda: both(set_list(args.posonlyargs, args.args[:1]), without(args.args, 0)),
            )
        if len(args.args) > 1 and len(args.defaults) == 0 and args.vararg is None:
            self.add(
                "made keyword only",
                args.args[-1].arg,
                lambda: both(
                    set_list(args.kwonlyargs, [args.args[-1], *args.kwonlyargs]),
                    set_list(args.kw_defaults, [None, *args.kw_defaults]),
                    set_list(args.args, args.args[:-1]),
                ),
            )

    def body(self, items, has_docstring=False):
        first = 1 if has_docstring else 0
        for i in range(first, len(items)):
            item = items[i]
            if len(items) - first > 1:
                self.add("statement removed", type(item).__name__, lambda i=i: without(items, i))
            elif not isinstance(item, ast.Pass):
                self.add("only statement removed", type(item).__name__, lambda i=i: with_item(items, i, ast.Pass()))
            if i + 1 < len(items):
                what = type(item).__name__ + " " + type(items[i + 1]).__name__
                self.add("statements swapped", what, lambda i=i: swapped(items, i))
            if not isinstance(item, (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal)):
                self.add("statement doubled", type(item).__name__, lambda i=i: set_list(items, items[:i] + [items[i]] + items[i:]))
            self.statement(item, items, i)

    def statement(self, node, items, index):
        if isinstance(node, DEFINITIONS):
            if self.descend:
                self.definition(node)
            return
        add = self.add
        if isinstance(node, ast.Return):
            if node.value is not None:
                add("return value dropped", "", lambda: set_field(node, "value", None))
                add("return made expression", "", lambda: with_item(items, index, ast.Expr(value=node.value)))
        elif isinstance(node, ast.Expr):
            if not isinstance(node.value, ast.Constant):
                add("expression returned", "", lambda: with_item(items, index, ast.Return(value=node.value)))
        elif isinstance(node, ast.Break):
            add("break made continue", "", lambda: with_item(items, index, ast.Continue()))
        elif isinstance(node, ast.Continue):
            add("continue made break", "", lambda: with_item(items, index, ast.Break()))
        elif isinstance(node, ast.Raise):
            if node.cause is not None:
                add("cause dropped", "", lambda: set_field(node, "cause", None))
            elif node.exc is not None:
                add("cause added", "", lambda: set_field(node, "cause", ast.Constant(value=None)))
            if node.exc is not None:
                add("exception dropped", "", lambda: both(set_field(node, "exc", None), set_field(node, "cause", None)))
        elif isinstance(node, ast.Assert):
            add("assertion negated", "", lambda: set_field(node, "test", negated(node.test)))
            if node.msg is not None:
                add("message dropped", "", lambda: set_field(node, "msg", None))
        elif isinstance(node, ast.AugAssign):
            op = self.other(BINARY, node.op)
            add("augmented operator", "", lambda: set_field(node, "op", op()))
            if isinstance(node.target, ast.Name):
                plain = ast.Assign(
                    targets=[node.target],
                    value=ast.BinOp(left=ast.Name(id=node.target.id, ctx=ast.Load()), op=node.op, right=node.value),
                )
                add("augmented made plain", "", lambda: with_item(items, index, plain))
        elif isinstance(node, ast.Assign):
            if len(node.targets) > 1:
                add("targets swapped", "", lambda: swapped(node.targets, 0))
            add("assignment made expression", "", lambda: with_item(items, index, ast.Expr(value=node.value)))
            if isinstance(node.targets[0], ast.Tuple) and len(node.targets[0].elts) > 1:
                add("unpacking swapped", "", lambda: swapped(node.targets[0].elts, 0))
        elif isinstance(node, ast.If):
            add("condition negated", "", lambda: set_field(node, "test", negated(node.test)))
            add("condition dropped", "", lambda: set_list(items, items[:index] + node.body + items[index + 1 :]))
            if node.orelse:
                add("else dropped", "", lambda: set_list(node.orelse, []))
                add("branches swapped", "", lambda: both(set_list(node.body, node.orelse), set_list(node.orelse, list(node.body))))
            else:
                add("if made while", "", lambda: with_item(items, index, ast.While(test=node.test, body=node.body, orelse=[])))
        elif isinstance(node, ast.While):
            add("condition negated", "", lambda: set_field(node, "test", negated(node.test)))
            add("while made if", "", lambda: with_item(items, index, ast.If(test=node.test, body=node.body, orelse=node.orelse)))
            if node.orelse:
                add("loop else dropped", "", lambda: set_list(node.orelse, []))
                add("loop else after", "", lambda: both(set_list(items, items[: index + 1] + node.orelse + items[index + 1 :]), set_list(node.orelse, [])))
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            if node.orelse:
                add("loop else dropped", "", lambda: set_list(node.orelse, []))
                add("loop else after", "", lambda: both(set_list(items, items[: index + 1] + node.orelse + items[index + 1 :]), set_list(node.orelse, [])))
            elif index + 1 < len(items):
                rest = items[index + 1 :]
                add("rest made loop else", "", lambda: both(set_list(node.orelse, rest), set_list(items, items[: index + 1])))
            if isinstance(node, ast.AsyncFor):
                add("async for made plain", "", lambda: set_field(node, "__class__", ast.For))
            if isinstance(node.target, ast.Tuple) and len(node.target.elts) > 1:
                add("loop targets swapped", "", lambda: swapped(node.target.elts, 0))
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            add("with dropped", "", lambda: set_list(items, items[:index] + node.body + items[index + 1 :]))
            if len(node.items) > 1:
                add("with items swapped", "", lambda: swapped(node.items, 0))
                add("with item removed", "", lambda: without(node.items, 0))
            if node.items[0].optional_vars is not None:
                add("as dropped", "", lambda: set_field(node.items[0], "optional_vars", None))
            if isinstance(node, ast.AsyncWith):
                add("async with made plain", "", lambda: set_field(node, "__class__", ast.With))
        elif isinstance(node, (ast.Try, getattr(ast, "TryStar", ast.Try))):
            self.try_statement(node, items, index)
        elif isinstance(node, ast.Delete):
            if len(node.targets) > 1:
                add("deletions swapped", "", lambda: swapped(node.targets, 0))
        elif isinstance(node, ast.Import):
            add("import renamed", node.names[0].name, lambda: set_field(node.names[0], "name", node.names[0].name + "_renamed"))
        elif isinstance(node, ast.ImportFrom):
            add("imported name", node.names[0].name, lambda: set_field(node.names[0], "name", "renamed_" + node.names[0].name.replace("*", "star")))
            if node.module:
                add("imported module", node.module, lambda: set_field(node, "module", node.module + "_renamed"))
            add("import level", "", lambda: set_field(node, "level", node.level + 1))
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            if len(node.names) > 1:
                add("declared name dropped", node.names[0], lambda: without(node.names, 0))
        elif isinstance(node, ast.Match):
            if len(node.cases) > 1:
                add("cases swapped", "", lambda: swapped(node.cases, 0))
                add("case removed", "", lambda: without(node.cases, 0))
            for case in node.cases:
                if case.guard is not None:
                    add("guard dropped", "", lambda case=case: set_field(case, "guard", None))
                    self.expression(case.guard, case, "guard")
                self.pattern(case.pattern, case, "pattern")
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "type_comment", "pattern", "guard"):
                continue
            if isinstance(value, ast.expr):
                self.expression(value, node, field)
            elif isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    self.body(value)
                else:
                    for i, item in enumerate(value):
                        if isinstance(item, ast.expr):
                            self.expression(item, value, i)
                        elif isinstance(item, ast.withitem):
                            self.expression(item.context_expr, item, "context_expr")
                        elif isinstance(item, ast.ExceptHandler):
                            if item.type is not None:
                                self.expression(item.type, item, "type")
                            self.body(item.body)
                        elif isinstance(item, ast.match_case):
                            self.body(item.body)

    def try_statement(self, node, items, index):
        add = self.add
        if len(node.handlers) > 1:
            add("handlers swapped", "", lambda: swapped(node.handlers, 0))
            add("handler removed", "", lambda: without(node.handlers, 0))
        for handler in node.handlers:
            if handler.type is not None:
                other = ast.Name(id="BaseException" if getattr(handler.type, "id", "") != "BaseException" else "ValueError", ctx=ast.Load())
                add("handler type", "", lambda handler=handler, other=other: set_field(handler, "type", other))
            if handler.name is not None:
                add("handler name dropped", handler.name, lambda handler=handler: set_field(handler, "name", None))
        if node.orelse:
            add("try else into body", "", lambda: both(set_list(node.body, node.body + node.orelse), set_list(node.orelse, [])))
            add("try else dropped", "", lambda: set_list(node.orelse, []))
        if node.finalbody:
            add("finally after", "", lambda: both(set_list(items, items[: index + 1] + node.finalbody + items[index + 1 :]), set_list(node.finalbody, [])))
            if node.handlers:
                add("finally dropped", "", lambda: set_list(node.finalbody, []))
        if len(node.body) > 1 and node.handlers:
            add("last of try made else", "", lambda: both(set_list(node.orelse, [node.body[-1], *node.orelse]), set_list(node.body, node.body[:-1])))

    def pattern(self, node, owner, place):
        add = self.add

        def put(value):
            return with_item(owner, place, value) if isinstance(place, int) else set_field(owner, place, value)

        if isinstance(node, ast.MatchValue):
            self.expression(node.value, node, "value")
        elif isinstance(node, ast.MatchSingleton):
            add("singleton", "", lambda: set_field(node, "value", None if node.value is not None else True))
        elif isinstance(node, ast.MatchAs):
            if node.name is not None and node.pattern is None:
                add("capture made wildcard", node.name, lambda: set_field(node, "name", None))
            if node.pattern is not None:
                self.pattern(node.pattern, node, "pattern")
        elif isinstance(node, ast.MatchClass):
            if node.kwd_attrs:
                add("class pattern attribute", node.kwd_attrs[0], lambda: with_item(node.kwd_attrs, 0, node.kwd_attrs[0] + "_renamed"))
            for i, item in enumerate(node.kwd_patterns):
                self.pattern(item, node.kwd_patterns, i)
        for i, item in enumerate(getattr(node, "patterns", [])):
            self.pattern(item, node.patterns, i)
        if len(getattr(node, "patterns", [])) > 1:
            add("patterns swapped", "", lambda: swapped(node.patterns, 0))
            if isinstance(node, ast.MatchSequence):
                add("pattern removed", "", lambda: without(node.patterns, 0))

    def other(self, kinds, present):
        return self.chance.choice([kind for kind in kinds if not isinstance(present, kind)])

    def expression(self, node, owner, place):
        add = self.add

        def put(value):
            return with_item(owner, place, value) if isinstance(place, int) else set_field(owner, place, value)

        loads = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
        if isinstance(node, ast.Constant):
            for kind, value in self.constants(node.value):
                add(kind, repr(node.value)[:40], lambda value=value: both(set_field(node, "value", value), set_field(node, "kind", None)))
        elif isinstance(node, ast.Name):
            if loads:
                names = self.locals[-1] if self.locals else []
                if node.id in names:
                    others = [name for name in names if name != node.id]
                    if others:
                        other = self.chance.choice(others)
                        add("other local", node.id + " " + other, lambda: set_field(node, "id", other))
                else:
                    others = [name for name in self.globals if name != node.id and name not in names]
                    if others:
                        other = self.chance.choice(others)
                        add("other global", node.id + " " + other, lambda: set_field(node, "id", other))
                add("name made attribute", node.id, lambda: put(ast.Attribute(value=node, attr="added", ctx=ast.Load())))
        elif isinstance(node, ast.Attribute):
            add("attribute renamed", node.attr, lambda: set_field(node, "attr", node.attr + "_renamed"))
            if loads:
                add("attribute dropped", node.attr, lambda: put(node.value))
        elif isinstance(node, ast.BinOp):
            op = self.other(BINARY, node.op)
            add("operator", type(node.op).__name__, lambda: set_field(node, "op", op()))
            add("operands swapped", "", lambda: both(set_field(node, "left", node.right), set_field(node, "right", node.left)))
            add("left operand alone", "", lambda: put(node.left))
            if isinstance(node.left, ast.BinOp):
                inner = node.left
                add("regrouped", "", lambda: put(ast.BinOp(left=inner.left, op=inner.op, right=ast.BinOp(left=inner.right, op=node.op, right=node.right))))
        elif isinstance(node, ast.BoolOp):
            add("and or or", "", lambda: set_field(node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And()))
            add("terms swapped", "", lambda: swapped(node.values, 0))
            if len(node.values) > 2:
                add("term removed", "", lambda: without(node.values, 0))
            else:
                add("term alone", "", lambda: put(node.values[1]))
        elif isinstance(node, ast.UnaryOp):
            add("unary dropped", type(node.op).__name__, lambda: put(node.operand))
            op = self.other([ast.Not, ast.USub, ast.UAdd, ast.Invert], node.op)
            add("unary operator", "", lambda: set_field(node, "op", op()))
        elif isinstance(node, ast.Compare):
            op = self.other(COMPARISONS, node.ops[0])
            add("comparison", type(node.ops[0]).__name__, lambda: with_item(node.ops, 0, op()))
            if len(node.ops) == 1:
                add("sides swapped", "", lambda: both(set_field(node, "left", node.comparators[0]), with_item(node.comparators, 0, node.left)))
                add("comparison negated", "", lambda: put(negated(node)))
            else:
                add("chain cut", "", lambda: both(set_list(node.ops, node.ops[:1]), set_list(node.comparators, node.comparators[:1])))
                add("chain grouped", "", lambda: put(ast.Compare(left=ast.Compare(left=node.left, ops=node.ops[:1], comparators=node.comparators[:1]), ops=node.ops[1:], comparators=node.comparators[1:])))
        elif isinstance(node, ast.Call):
            self.call(node, put)
        elif isinstance(node, ast.IfExp):
            add("condition negated", "", lambda: set_field(node, "test", negated(node.test)))
            add("arms swapped", "", lambda: both(set_field(node, "body", node.orelse), set_field(node, "orelse", node.body)))
        elif isinstance(node, ast.Subscript):
            if loads:
                add("subscript dropped", "", lambda: put(node.value))
                if isinstance(node.slice, ast.Slice):
                    self.slice(node.slice)
                else:
                    add("index made slice", "", lambda: set_field(node, "slice", ast.Slice(lower=node.slice, upper=None, step=None)))
        elif isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            if loads and node.elts:
                if len(node.elts) > 1:
                    add("elements swapped", "", lambda: swapped(node.elts, 0))
                    add("element removed", "", lambda: without(node.elts, len(node.elts) - 1))
                other = ast.Tuple if isinstance(node, ast.List) else ast.List
                add("other display", type(node).__name__, lambda: put(other(elts=node.elts, ctx=ast.Load())))
        elif isinstance(node, ast.Dict):
            if len(node.keys) > 1:
                add("items swapped", "", lambda: both(swapped(node.keys, 0), swapped(node.values, 0)))
                add("values swapped", "", lambda: swapped(node.values, 0))
            if node.keys:
                add("item removed", "", lambda: both(without(node.keys, 0), without(node.values, 0)))
        elif isinstance(node, ast.Lambda):
            self.signature(node.args)
        elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            if not isinstance(node, ast.DictComp):
                other = ast.SetComp if isinstance(node, ast.ListComp) else ast.ListComp
                add("other comprehension", type(node).__name__, lambda: put(other(elt=node.elt, generators=node.generators)))
            else:
                add("key and value swapped", "", lambda: both(set_field(node, "key", node.value), set_field(node, "value", node.key)))
            for generator in node.generators:
                if generator.ifs:
                    add("filter dropped", "", lambda g=generator: without(g.ifs, 0))
                    add("filter negated", "", lambda g=generator: with_item(g.ifs, 0, negated(g.ifs[0])))
                if generator.is_async:
                    add("async comprehension made plain", "", lambda g=generator: set_field(g, "is_async", 0))
                if isinstance(generator.target, ast.Tuple) and len(generator.target.elts) > 1:
                    add("comprehension targets swapped", "", lambda g=generator: swapped(g.target.elts, 0))
            if len(node.generators) > 1:
                add("generators swapped", "", lambda: swapped(node.generators, 0))
        elif isinstance(node, ast.Await):
            add("await dropped", "", lambda: put(node.value))
        elif isinstance(node, ast.Yield):
            if node.value is not None:
                add("yielded value dropped", "", lambda: set_field(node, "value", None))
                add("yield made yield from", "", lambda: put(ast.YieldFrom(value=node.value)))
        elif isinstance(node, ast.YieldFrom):
            add("yield from made yield", "", lambda: put(ast.Yield(value=node.value)))
        elif isinstance(node, ast.JoinedStr):
            self.format_string(node)
            return
        elif isinstance(node, ast.NamedExpr):
            add("walrus dropped", "", lambda: put(node.value))
        elif isinstance(node, ast.Starred):
            add("star dropped", "", lambda: put(node.value))
        self.parts(node)

    def parts(self, node):
        for field, value in ast.iter_fields(node):
            if field == "args" and isinstance(node, ast.Lambda):
                continue
            if isinstance(value, ast.expr):
                self.expression(value, node, field)
            elif isinstance(value, list):
                for i, item in enumerate(value):
                    if isinstance(item, ast.expr):
                        self.expression(item, value, i)
                    elif isinstance(item, ast.keyword):
                        self.expression(item.value, item, "value")
                    elif isinstance(item, ast.comprehension):
                        self.expression(item.iter, item, "iter")
                        for j, test in enumerate(item.ifs):
                            self.expression(test, item.ifs, j)

    def format_string(self, node):
        add = self.add
        for value in node.values:
            if isinstance(value, ast.Constant):
                add("text of an f-string", "", lambda value=value: set_field(value, "value", value.value + "x"))
            elif isinstance(value, ast.FormattedValue):
                other = -1 if value.conversion != -1 else ord("r")
                add("conversion", "", lambda value=value, other=other: set_field(value, "conversion", other))
                if value.format_spec is None:
                    spec = ast.JoinedStr(values=[ast.Constant(value=">9")])
                    add("format spec added", "", lambda value=value, spec=spec: set_field(value, "format_spec", spec))
                else:
                    add("format spec dropped", "", lambda value=value: set_field(value, "format_spec", None))
        if len(node.values) > 1:
            add("f-string parts swapped", "", lambda: swapped(node.values, 0))

    def call(self, node, put):
        add = self.add
        if len(node.args) > 1:
            add("arguments swapped", "", lambda: swapped(node.args, 0))
        if node.args:
            add("argument removed", "", lambda: without(node.args, len(node.args) - 1))
        add("call dropped", "", lambda: put(node.func))
        add("argument added", "", lambda: set_list(node.args, [*node.args, ast.Constant(value=None)]))
        for i, keyword in enumerate(node.keywords):
            if keyword.arg is None:
                add("** made *", "", lambda i=i, keyword=keyword: both(without(node.keywords, i), set_list(node.args, [*node.args, ast.Starred(value=keyword.value, ctx=ast.Load())])))
                continue
            add("keyword renamed", keyword.arg, lambda keyword=keyword: set_field(keyword, "arg", keyword.arg + "_renamed"))
            add("keyword removed", keyword.arg, lambda i=i: without(node.keywords, i))
            add("keyword made positional", keyword.arg, lambda i=i, keyword=keyword: both(without(node.keywords, i), set_list(node.args, [*node.args, keyword.value])))
        if len(node.keywords) > 1:
            add("keywords swapped", "", lambda: swapped(node.keywords, 0))

    def slice(self, node):
        one = ast.Constant(value=1)
        for field in ("lower", "upper", "step"):
            if getattr(node, field) is None:
                self.add("slice bound added", field, lambda field=field: set_field(node, field, one))
            else:
                self.add("slice bound dropped", field, lambda field=field: set_field(node, field, None))
        self.add("slice bounds swapped", "", lambda: both(set_field(node, "lower", node.upper), set_field(node, "upper", node.lower)))

    def constants(self, value):
        if value is True or value is False:
            yield "boolean flipped", not value
            yield "boolean made number", int(value)
        elif value is None:
            yield "None made False", False
        elif isinstance(value, int):
            yield "number plus one", value + 1
            yield "number made float", float(value) if value < 2**53 else value + 1
            if value in (0, 1):
                yield "number made boolean", bool(value)
        elif isinstance(value, float):
            yield "float changed", value * 1.0000001 + 1e-300
            if value.is_integer() and abs(value) < 2**53:
                yield "float made int", int(value)
        elif isinstance(value, str):
            yield "text longer", value + "x"
            if value:
                yield "text shorter", value[1:]
                yield "text's case", value.swapcase()
            if value.isascii():
                yield "text made bytes", value.encode()
        elif isinstance(value, bytes):
            yield "bytes longer", value + b"x"
            yield "bytes made text", value.decode("latin-1")
        elif value is Ellipsis:
            yield "... made None", None


def negated(node):
    return ast.UnaryOp(op=ast.Not(), operand=node)


# -------------------------------------------------------------------- rounds


class File:
    """One printed file: its definitions, which of them are units to mutate, and their compiled code."""

    def __init__(self, text):
        self.text = text
        self.tree = ast.parse(text)
        self.all = list(definitions(self.tree))
        self.texts = {}
        self.flags = 0
        for item in self.tree.body:
            if isinstance(item, ast.ImportFrom) and item.module == "__future__":
                for alias in item.names:
                    self.flags |= getattr(__future__, alias.name).compiler_flag

    def units(self):
        """Outermost functions (methods too), and classes at module level for their own statements."""
        for index, (node, _, around) in enumerate(self.all):
            if isinstance(node, FUNCTIONS):
                if not any(isinstance(outer, FUNCTIONS) for outer in around):
                    yield index, node, around
            elif not around:
                yield index, node, around

    def text_in(self, index, mode):
        """Code text of a unit in one mode, kept; None where CPython refuses it alone."""
        if (index, mode) not in self.texts:
            node, _, around = self.all[index]
            compiled = code.unit_code(node, around, self.flags)
            self.texts[index, mode] = None if compiled is None else code.text(compiled, mode)
        return self.texts[index, mode]


def answer(request):
    tree = parse(request["file"])
    if tree is None:
        return {"error": "refused by CPython"}
    try:
        base = File(ast.unparse(tree))
    except (RecursionError, ValueError, SyntaxError) as error:
        return {"error": str(error)}
    chance = random.Random(request["seed"])
    module_names = sorted(
        {node.name for node, _, around in base.all if not around}
        | {node.id for item in base.tree.body for node in ast.walk(item) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        | {"len", "print", "sorted", "int"}
    )
    units = []
    for index, node, around in base.units():
        mutations = Mutations(chance, module_names, isinstance(node, FUNCTIONS))
        mutations.definition(node)
        by_kind = {}
        for found in mutations.found:
            by_kind.setdefault(found[0], []).append(found)
        if by_kind:
            units.append((index, around, by_kind))
    variants = []
    for _ in range(request["rounds"]):
        variant = one_round(base, units, chance)
        if variant is not None:
            variants.append(variant)
    return {"base": base.text, "variants": variants}


def one_round(base, units, chance):
    undos = []
    chosen = []
    for index, around, by_kind in units:
        if base.text_in(index, MODES[0]) is None:
            continue
        kinds = sorted(by_kind)
        for _ in range(4):
            kind, what, apply, chain = chance.choice(by_kind[chance.choice(kinds)])
            try:
                undo = apply()
            except (ValueError, TypeError, AttributeError):
                continue
            if code.compiles(base.all[index][0], around, base.flags):
                undos.append(undo)
                chosen.append((index, kind, what, chain))
                break
            undo()
    try:
        text = ast.unparse(ast.fix_missing_locations(base.tree))
    except (RecursionError, ValueError, TypeError, AttributeError):
        text = None
    changed = [node for node, _, _ in definitions(base.tree)]
    for undo in reversed(undos):
        undo()
    if text is None:
        return None
    try:
        variant = File(text)
        compile(text, "?", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError):
        return None
    # Definitions of the changed tree and of its print correspond in order.
    if len(changed) != len(variant.all):
        return None
    now = {node: place for node, place in zip(changed, range(len(changed)))}
    before = {node: place for place, (node, _, _) in enumerate(base.all)}
    mutants = []
    for index, kind, what, chain in chosen:
        unit = base.all[index][0]
        if unit not in now:
            continue
        # A mode that numbers more names tells less apart: what differs in it differs in those before it.
        codes = len(MODES)
        while codes > 0 and base.text_in(index, MODES[codes - 1]) == variant.text_in(now[unit], MODES[codes - 1]):
            codes -= 1
        places = []
        for node in [*base.all[index][2], *chain]:
            if node in now and node in before:
                qualname = base.all[before[node]][1]
                places.append([qualname, base.all[before[node]][0].lineno, variant.all[now[node]][0].lineno])
        mutants.append({"kind": kind, "what": what, "codes": codes, "places": places})
    return {"text": text, "mutants": mutants}


def equal(request):
    """Whether the level's rules, read by `equivalent`, make one definition of two."""
    mode = "locals" if request["level"] == "semantic" else "parameters"
    found = []
    for text, line in ((request["base"], request["before"]), (request["variant"], request["after"])):
        file = File(text)
        node, around = next((node, around) for node, _, around in file.all if node.lineno == line)
        found.append(equivalent.canonical_code(file.tree, node, around, mode, file.flags))
    return {"equal": found[0] is not None and found[0] == found[1]}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(equal(request) if "variant" in request else answer(request)), flush=True)


if __name__ == "__main__":
    main()
