"""Rewrites that change nothing: a file in other spellings, each checked here to be the same program.

Spellings of one tree are checked by comparing trees; rewrites of names by symtable-driven renaming that keeps every
resolution. What a variant may leave unchanged is said with it: from which level on, and whether own hashes, fingerprints
or both.

Protocol, lines of JSON: ``{"file", "seed"}`` → ``{"variants": [{"name", "bytes": base64, "level", "same": ["hash",
"fingerprint"], "places": [[qualname, line before, qualname after, line after], ...]}], "skipped": n}`` or ``{"error"}``.
"""

import ast
import base64
import copy
import io
import json
import keyword
import random
import re
import symtable
import sys
import tokenize

from definitions import DEFINITIONS, FUNCTIONS, definitions, is_docstring, parse
from normal_trees import Normaliser

HASH, BOTH, FINGERPRINT = ["hash"], ["hash", "fingerprint"], ["fingerprint"]
# Functions whose code can see its locals by name keep them (M3.2).
SEEING = {"locals", "eval", "exec", "vars", "dir"}


def dump(tree):
    return ast.dump(tree)


class File:
    def __init__(self, path, source, tree):
        self.path = path
        self.source = source
        self.tree = tree
        self.text = decoded(source)
        self.list = list(definitions(tree))


def decoded(source):
    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    text = source.decode(encoding)
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")


# ------------------------------------------------------------------ one tree


def printed(file, chance):
    return ast.unparse(file.tree)


def respaced(file, chance):
    """Other blanks, quotes, number spellings and indentation; comments and blank lines added."""
    out = []
    indents = [""]
    unit = chance.choice(["\t", "  ", "      "])
    row, column = 1, 0
    fresh = True
    depth = 0
    previous = None
    in_format = 0
    for token in tokenize.generate_tokens(io.StringIO(file.text).readline):
        kind, string, start, end, _ = token
        name = tokenize.tok_name[kind]
        if name in ("INDENT",):
            indents.append(indents[-1] + unit)
            continue
        if name == "DEDENT":
            indents.pop()
            continue
        if name in ("COMMENT",):
            row, column = end
            if "fastpipe" in string or "coding" in string:
                return None
            continue
        if name == "NL":
            row, column = end[0] + (end[1] == 0), 0
            if depth:
                out.append(chance.choice([" # added", ""]) + "\n" + chance.choice(["", "  ", "\t"]))
            continue
        if name == "NEWLINE":
            out.append(chance.choice(["", " ", "  # added"]) + "\n" + chance.choice(["", "\n", "   # alone\n", "\f\n"]))
            fresh = True
            continue
        if name == "ENDMARKER":
            break
        if name.startswith("FSTRING") or name.startswith("TSTRING"):
            in_format += name.endswith("START")
            in_format -= name.endswith("END")
        if name == "OP":
            depth += string in "([{"
            depth -= string in ")]}"
        if fresh:
            out.append(indents[-1])
            fresh = False
        elif name.startswith(("FSTRING", "TSTRING")) or in_format:
            if previous is not None and previous[3] != start:
                out.append(" ")
        else:
            needed = previous is not None and previous[3] != start
            if needed or (name == "OP" and string not in ".") and previous is not None and previous[1] != ".":
                # A number before a dot or a name must keep what stands between.
                out.append(chance.choice([" ", "  "]) if needed else chance.choice(["", " "]))
            if depth - (string in "([{") > 0 and chance.random() < 0.05 and previous is not None:
                out.append("\n" + chance.choice(["", "        "]))
            elif not depth and needed and chance.random() < 0.03:
                out.append("\\\n  ")
        if name == "STRING" and not in_format:
            string = requoted(string, chance)
        elif name == "NUMBER":
            string = renumbered(string, chance)
        out.append(string)
        previous = token
    return "".join(out)


def requoted(string, chance):
    """The same value with other quotes or in two parts, where that is plainly so."""
    quote = string.lstrip("rRbBuUfFtT")[:1]
    prefix = string[: string.index(quote)]
    if "f" in prefix.lower() or "t" in prefix.lower() or string.count(quote * 3) >= 2:
        return string
    body = string[len(prefix) + 1 : -1]
    other = "'" if quote == '"' else '"'
    if other in body or quote in body or "\\" in body:
        return string
    pick = chance.randrange(4)
    if pick == 0:
        return prefix + other + body + other
    if pick == 1:
        return prefix + quote * 3 + body + quote * 3 if "\n" not in body and body else string
    if pick == 2 and len(body) > 1 and body.isascii():
        return prefix + quote + body[:1] + quote + " " + prefix + other + body[1:] + other
    if pick == 3 and prefix == "" and body.isascii() and body.isprintable():
        return quote + "".join("\\x%02x" % ord(char) for char in body[:2]) + body[2:] + quote
    return string


def renumbered(string, chance):
    try:
        value = ast.literal_eval(string)
    except (SyntaxError, ValueError):
        return string
    if isinstance(value, int) and not isinstance(value, bool):
        return chance.choice([hex(value), oct(value), bin(value), format(value, "_"), format(value, "#X").replace("0X", "0x")])
    return string


def parenthesised(file, chance):
    """Redundant parentheses and commas, `elif` as `else: if`, `x[:]` as `x[::]`, keywords written before `*args`."""
    text = ast.unparse(file.tree)
    tree = ast.parse(text)
    lines = text.split("\n")
    starts = [0]
    encoded = text.encode()
    for line in encoded.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    spots = []
    inside = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.JoinedStr, ast.pattern)):
            inside.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, (ast.BinOp, ast.Call, ast.Compare, ast.BoolOp)) and node not in inside:
            if chance.random() < 0.3:
                spots.append((starts[node.lineno - 1] + node.col_offset, 1, b"("))
                spots.append((starts[node.end_lineno - 1] + node.end_col_offset, 0, b")"))
    # At one place closing ones first; of several opening there, and of several closing, order makes no difference.
    for at, _, what in sorted(spots, key=lambda spot: (spot[0], spot[1]), reverse=True):
        encoded = encoded[:at] + what + encoded[at:]
    return encoded.decode()


# ---------------------------------------------------------------- raw bytes


def carriage(file, chance):
    return file.text.replace("\n", "\r\n").encode("utf-8")


def lone_carriage(file, chance):
    return file.text.replace("\n", "\r").encode("utf-8")


def marked(file, chance):
    if b"coding" in b"\n".join(file.source.split(b"\n")[:2]):
        return None
    return b"\xef\xbb\xbf" + file.text.encode("utf-8")


def other_encoding(file, chance):
    if b"coding" in b"\n".join(file.source.split(b"\n")[:2]) or not file.text.isprintable and False:
        return None
    try:
        return b"# -*- coding: latin-1 -*-\n" + file.text.encode("latin-1")
    except UnicodeEncodeError:
        return None


def trailing(file, chance):
    text = file.text
    if "\\\n" in text or '"""' in text or "'''" in text:
        return text.rstrip("\n").encode("utf-8")
    return text.replace("\n", "  \n").rstrip("\n").encode("utf-8")


# --------------------------------------------------- docstrings, annotations


def without_docstrings(file, chance):
    tree = ast.parse(file.source)
    for node in ast.walk(tree):
        if isinstance(node, DEFINITIONS) and is_docstring(node.body[0]):
            if chance.random() < 0.5:
                node.body[0].value = ast.Constant(value="Other text.")
            else:
                del node.body[0]
                if not node.body:
                    node.body.append(ast.Pass())
                elif is_docstring(node.body[0]):
                    return None
    return ast.unparse(ast.fix_missing_locations(tree))


def without_annotations(file, chance):
    tree = ast.parse(file.source)
    normaliser = Normaliser(tree, file.source)
    for node, _, around in definitions(tree):
        if isinstance(node, FUNCTIONS):
            normaliser.around = list(around)
            if all(normaliser.leaves_annotations(decorator) for decorator in node.decorator_list):
                node.returns = None
                args = node.args
                for arg in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg]:
                    if arg is not None:
                        arg.annotation = None
    return ast.unparse(ast.fix_missing_locations(PlainAssignments(normaliser.kept).visit(tree)))


class PlainAssignments(ast.NodeTransformer):
    """`x: T = v` as `x = v`, and no `x: T`, outside of classes."""

    def __init__(self, kept):
        self.kept = kept
        self.in_class = False

    def scope(self, node):
        before = self.in_class
        self.in_class = isinstance(node, ast.ClassDef)
        self.generic_visit(node)
        self.in_class = before
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = scope

    def generic_visit(self, node):
        had = {field for field in ("body", "orelse", "finalbody") if isinstance(getattr(node, field, None), list) and getattr(node, field)}
        super().generic_visit(node)
        for field in had:
            if not getattr(node, field):
                getattr(node, field).append(ast.Pass())
        return node

    def visit_AnnAssign(self, node):
        if self.in_class or node in self.kept or not (node.simple or node.value):
            return node
        if node.value is None:
            return None
        return ast.Assign(targets=[node.target], value=node.value)


# -------------------------------------------------------------------- moving


def moved(file, chance):
    """Plain functions that nothing at module level runs or reads, put at the end in another order."""
    tree = ast.parse(file.source)
    at_level = set()
    bound = {}
    for item in tree.body:
        names = {node.id for node in ast.walk(Outside().visit(copy.deepcopy(item))) if isinstance(node, ast.Name)}
        at_level |= names
        for name in binds(item):
            bound[name] = bound.get(name, 0) + 1
    movable = [
        item
        for item in tree.body
        if isinstance(item, FUNCTIONS)
        and not item.decorator_list
        and not item.args.defaults
        and not any(item.args.kw_defaults)
        and item.name not in at_level
        and bound[item.name] == 1
        and not any(node.annotation for node in ast.walk(item.args) if isinstance(node, ast.arg))
        and item.returns is None
    ]
    if len(movable) < 2 or any(isinstance(item, ast.ImportFrom) and item.names[0].name == "*" for item in tree.body):
        return None
    rest = [item for item in tree.body if item not in movable]
    chance.shuffle(movable)
    tree.body = rest + movable
    return ast.unparse(tree)


class Outside(ast.NodeTransformer):
    """What of a statement runs when the module does: not the bodies of functions."""

    def visit_FunctionDef(self, node):
        self.generic_visit(node.args)
        node.decorator_list = [self.visit(item) for item in node.decorator_list]
        node.body = [ast.Pass()]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        # A lambda that is run at module level names what it reads.
        return self.generic_visit(node)


def binds(item):
    if isinstance(item, DEFINITIONS):
        yield item.name
    for node in ast.walk(item):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.alias):
            yield node.asname or node.name.split(".")[0]
        elif isinstance(node, DEFINITIONS) and node is not item:
            yield node.name
        elif isinstance(node, ast.Global):
            yield from node.names


# ------------------------------------------------------------------ renaming


class Scopes:
    """Which table of symtable each scope of a tree has, and in which one each name lives."""

    def __init__(self, text):
        self.tree = ast.parse(text)
        self.top = symtable.symtable(text, "?", "exec")
        self.names = {name for node in ast.walk(self.tree) for name in identifiers(node)}
        self.tables = {}
        self.parents = {self.top: None}
        by_place = {}
        queue = [self.top]
        while queue:
            table = queue.pop()
            for child in table.get_children():
                self.parents[child] = table
                by_place.setdefault((table, child.get_type(), child.get_name(), child.get_lineno()), []).append(child)
                queue.append(child)
        self.by_place = by_place

    def home(self, table, name):
        """The table of the scope that a name used in `table` lives in; the top for globals."""
        at = table
        while at is not None:
            try:
                symbol = at.lookup(name)
            except KeyError:
                at = self.parents[at]
                continue
            if symbol.is_global():
                return self.top
            if symbol.is_local() or symbol.is_parameter():
                return at
            at = self.parents[at]
            while at is not None and at.get_type() == "class":
                at = self.parents[at]
        return self.top


def identifiers(node):
    for field in ("id", "name", "arg", "asname", "attr", "rest"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            yield value


class Renamer(ast.NodeTransformer):
    """Renames names that live in some scopes, everywhere where they mean that scope's name."""

    def __init__(self, scopes, wanted, suffix):
        self.scopes = scopes
        self.wanted = wanted
        self.suffix = suffix
        self.table = scopes.top
        self.class_names = []
        self.used = {}
        self.new = {}
        self.failed = False

    def table_of(self, kind, name, node):
        found = self.scopes.by_place.get((self.table, kind, name, node.lineno), [])
        key = (self.table, kind, name, node.lineno)
        index = self.used.get(key, 0)
        self.used[key] = index + 1
        if index >= len(found):
            self.failed = True
            return self.table
        return found[index]

    def mangled(self, name):
        if name.startswith("__") and not name.endswith("__") and self.class_names:
            stripped = self.class_names[-1].lstrip("_")
            if stripped:
                return "_" + stripped + name
        return name

    def renamed(self, name):
        if name is None:
            return None
        if self.mangled(name) != name:
            return name
        home = self.scopes.home(self.table, name)
        key = (home, name)
        if key not in self.new:
            self.new[key] = self.fresh(name) if self.wanted(home, name) else name
        return self.new[key]

    def fresh(self, name):
        # `_` with two underscores would be a private name in a class.
        made = name.rstrip("_") + self.suffix if name.startswith("_") else name + self.suffix
        while made in self.scopes.names or keyword.iskeyword(made):
            made += "_"
        return made

    def list(self, items):
        items[:] = [self.visit(item) for item in items]

    def visit_Name(self, node):
        node.id = self.renamed(node.id)
        return node

    def signature(self, node):
        args = node.args
        self.list(args.defaults)
        args.kw_defaults[:] = [item and self.visit(item) for item in args.kw_defaults]

    def annotations(self, node):
        args = node.args
        for arg in args.posonlyargs + args.args + [args.vararg] + args.kwonlyargs + [args.kwarg]:
            if arg is not None and arg.annotation is not None:
                arg.annotation = self.visit(arg.annotation)
        if getattr(node, "returns", None) is not None:
            node.returns = self.visit(node.returns)

    def parameters(self, node):
        args = node.args
        for arg in args.posonlyargs + args.args + args.kwonlyargs + [args.vararg, args.kwarg]:
            if arg is not None:
                arg.arg = self.renamed(arg.arg)

    def visit_FunctionDef(self, node):
        self.signature(node)
        self.annotations(node)
        self.list(node.decorator_list)
        name = node.name
        node.name = self.renamed(name)
        before = self.table
        self.table = self.table_of("function", name, node)
        classes, self.class_names = self.class_names, self.class_names[-1:]
        self.parameters(node)
        self.list(node.body)
        self.table = before
        self.class_names = classes
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node):
        self.signature(node)
        before = self.table
        self.table = self.table_of("function", "lambda", node)
        self.parameters(node)
        node.body = self.visit(node.body)
        self.table = before
        return node

    def comprehension(self, node):
        name = {"ListComp": "listcomp", "SetComp": "setcomp", "DictComp": "dictcomp", "GeneratorExp": "genexpr"}[
            type(node).__name__
        ]
        node.generators[0].iter = self.visit(node.generators[0].iter)
        before = self.table
        self.table = self.table_of("function", name, node)
        for i, generator in enumerate(node.generators):
            if i > 0:
                generator.iter = self.visit(generator.iter)
            generator.target = self.visit(generator.target)
            self.list(generator.ifs)
        if isinstance(node, ast.DictComp):
            node.key = self.visit(node.key)
            node.value = self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        self.table = before
        return node

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = comprehension

    def visit_ClassDef(self, node):
        self.list(node.bases)
        for keyword_ in node.keywords:
            keyword_.value = self.visit(keyword_.value)
        self.list(node.decorator_list)
        name = node.name
        node.name = self.renamed(name)
        before = self.table
        self.table = self.table_of("class", name, node)
        self.class_names.append(name)
        self.list(node.body)
        self.class_names.pop()
        self.table = before
        return node

    def visit_ExceptHandler(self, node):
        if node.type is not None:
            node.type = self.visit(node.type)
        node.name = self.renamed(node.name)
        self.list(node.body)
        return node

    def visit_MatchAs(self, node):
        if node.pattern is not None:
            node.pattern = self.visit(node.pattern)
        node.name = self.renamed(node.name)
        return node

    def visit_MatchStar(self, node):
        node.name = self.renamed(node.name)
        return node

    def visit_MatchMapping(self, node):
        self.generic_visit(node)
        node.rest = self.renamed(node.rest)
        return node

    def visit_Global(self, node):
        node.names = [self.renamed(name) for name in node.names]
        return node

    visit_Nonlocal = visit_Global

    def visit_Import(self, node):
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            made = self.renamed(bound)
            if made != bound:
                if alias.asname is None and "." in alias.name:
                    self.failed = True
                alias.asname = made
        return node

    def visit_ImportFrom(self, node):
        for alias in node.names:
            bound = alias.asname or alias.name
            if bound != "*" and self.renamed(bound) != bound:
                alias.asname = self.renamed(bound)
        return node


def sees_names(table):
    """Whether code of a scope, or inside it, can see its names (M3.2)."""
    for symbol in table.get_symbols():
        if symbol.get_name() in SEEING and symbol.is_global():
            return True
    return any(sees_names(child) for child in table.get_children())


def dotted_imports(tree):
    """Names bound by `import a.b`: to rename those another statement is needed."""
    return {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names if alias.asname is None and "." in alias.name}


def f_string_names(tree):
    """Names that `f"{x = }"` prints stand in the text before them."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            for text, value in zip(node.values, node.values[1:]):
                if isinstance(text, ast.Constant) and isinstance(value, ast.FormattedValue) and text.value.rstrip().endswith("="):
                    found |= {inner.id for inner in ast.walk(value) if isinstance(inner, ast.Name)}
    return found


def rename(file, wanted, suffix):
    try:
        text = ast.unparse(file.tree)
        scopes = Scopes(text)
    except (SyntaxError, ValueError, RecursionError):
        return None
    renamer = Renamer(scopes, wanted(scopes), suffix)
    tree = renamer.visit(scopes.tree)
    if renamer.failed:
        return None
    out = ast.unparse(ast.fix_missing_locations(tree))
    # As a check of the renamer itself: the same scopes with as many names of each kind.
    if shape(symtable.symtable(text, "?", "exec")) != shape(symtable.symtable(out, "?", "exec")):
        return None
    return out


def shape(table):
    kinds = sorted(
        (s.is_local(), s.is_global(), s.is_free(), s.is_parameter(), s.is_imported(), s.is_referenced())
        for s in table.get_symbols()
    )
    return (table.get_type(), kinds, sorted((shape(child) for child in table.get_children()), key=repr))


def is_scope_of_function(table):
    return table.get_type() == "function"


def locals_renamed(file, chance):
    kept = dotted_imports(file.tree) | f_string_names(file.tree)
    said = {word for text in exported(file.tree) for word in re.findall(r"\w+", text)}

    def wanted(scopes):
        seeing = {}
        framed = of_frames(scopes.tree)

        def answer(home, name):
            if not is_scope_of_function(home) or name in kept or name.startswith("__"):
                return False
            if home not in seeing:
                seeing[home] = sees_names(home)
            # A class' own name shows in its repr, a function's where its `__name__` is read.
            shows = ("class", "function") if "__name__" in file.text or "__qualname__" in file.text else ("class",)
            is_class = any(child.get_type() in shows and child.get_name() == name for child in home.get_children())
            # A library may read a local by the name that a string says, were it read by nobody else.
            if name in said and not home.lookup(name).is_referenced():
                return False
            if (home.get_name(), home.get_lineno()) in framed:
                return False
            return not seeing[home] and not is_class and not home.lookup(name).is_parameter()

        return answer

    return rename(file, wanted, chance.choice(["_renamed", "_0"]))


def parameters_renamed(file, chance):
    kept = dotted_imports(file.tree) | f_string_names(file.tree)

    def wanted(scopes):
        annotated = read_annotations(scopes.tree, file.source) | of_frames(scopes.tree)

        def answer(home, name):
            if not is_scope_of_function(home) or name in kept or name.startswith("__"):
                return False
            if (home.get_name(), home.get_lineno()) in annotated:
                return False
            return home.lookup(name).is_parameter() and not name.startswith(".") and not sees_names(home)

        return answer

    return rename(file, wanted, "_parameter")


def of_frames(tree):
    """Functions that read the locals of a frame, and those around them: (name, line)."""
    return {
        (node.name, node.lineno)
        for node, _, _ in definitions(tree)
        if any(isinstance(inner, ast.Attribute) and inner.attr == "f_locals" for inner in ast.walk(node))
    }


def read_annotations(tree, source):
    """Functions below a decorator that may read their annotations, which name the parameters: (name, line)."""
    normaliser = Normaliser(tree, source)
    found = set()
    for node, _, around in definitions(tree):
        if not isinstance(node, FUNCTIONS):
            continue
        normaliser.around = list(around)
        if not all(normaliser.leaves_annotations(decorator) for decorator in node.decorator_list):
            found.add((node.name, node.lineno))
    return found


def imports_renamed(file, chance):
    """Module-level names that imports alone bind, under other names."""
    tree = file.tree
    kept = dotted_imports(tree) | f_string_names(tree) | exported(tree)
    if "globals" in file.text or "__all__" in file.text or star(tree):
        return None

    def wanted(scopes):
        def answer(home, name):
            if home is not scopes.top or name in kept or name.startswith("__"):
                return False
            try:
                symbol = home.lookup(name)
            except KeyError:
                return False
            return symbol.is_imported() and not symbol.is_assigned() and name not in others

        return answer

    others = {name for item in tree.body for name in binds(item) if not isinstance(item, (ast.Import, ast.ImportFrom))}
    return rename(file, wanted, "_import")


def helpers_renamed(file, chance):
    """Module-level functions and constants under other names, in all places of the file."""
    tree = file.tree
    kept = f_string_names(tree) | exported(tree) | {"__getattr__", "__dir__"}
    if any(word in file.text for word in ("globals", "__name__", "__qualname__", "__module__", "__all__", "getattr", "global ")) or star(tree):
        return None
    plain = {item.name for item in tree.body if isinstance(item, FUNCTIONS)}
    plain |= {
        target.id
        for item in tree.body
        if isinstance(item, ast.Assign) and isinstance(item.value, ast.Constant)
        for target in item.targets
        if isinstance(target, ast.Name)
    }
    bound = {}
    for item in tree.body:
        for name in set(binds(item)):
            bound[name] = bound.get(name, 0) + 1
    quoted = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}

    def wanted(scopes):
        def answer(home, name):
            return home is scopes.top and name in plain and bound[name] == 1 and name not in kept and not any(name in text for text in quoted) and not name.startswith("__")

        return answer

    return rename(file, wanted, "_helper")


def exported(tree):
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def star(tree):
    return any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree))


# --------------------------------------------------------------------- lists

SAME_TREE = [
    ("printed by ast.unparse", printed),
    ("other blanks, quotes, numbers, comments", respaced),
    ("parentheses", parenthesised),
    ("CRLF", carriage),
    ("lone CR", lone_carriage),
    ("byte order mark", marked),
    ("latin-1", other_encoding),
    ("blanks at the ends of lines", trailing),
]
OTHER = [
    ("docstrings changed", "strict", HASH, without_docstrings),
    ("annotations removed", "strict", HASH, without_annotations),
    ("functions moved", "strict", BOTH, moved),
    ("locals renamed", "semantic", BOTH, locals_renamed),
    ("imports renamed", "semantic", BOTH, imports_renamed),
    ("helpers renamed", "semantic", FINGERPRINT, helpers_renamed),
    ("parameters renamed", "behavioral", HASH, parameters_renamed),
]


def places(file, text, by_name=False):
    """Where each definition of the file is in the variant: by order, or by name where order changed."""
    after = list(definitions(ast.parse(text)))
    if len(after) != len(file.list):
        return None
    if by_name:
        named = {}
        for node, qualname, around in after:
            named.setdefault(qualname, []).append((node, around))
        pairs = [(before, named[before[1]].pop(0)) for before in file.list if named.get(before[1])]
        rows = [(b[0], b[1], b[1], node) for b, (node, _) in pairs]
    else:
        rows = [(b[0], b[1], a[1], a[0]) for b, a in zip(file.list, after)]
    depth = {node: sum(isinstance(outer, FUNCTIONS) for outer in around) for node, _, around in file.list}
    return [[q, node.lineno, q2, other.lineno, depth[node]] for node, q, q2, other in rows]


def answer(request):
    path = request["file"]
    tree = parse(path)
    if tree is None:
        return {"error": "refused by CPython"}
    with open(path, "rb") as stream:
        source = stream.read()
    file = File(path, source, tree)
    variants = []
    skipped = 0

    def add(name, level, same, made):
        nonlocal skipped
        if made is None:
            skipped += 1
            return
        data = made.encode("utf-8", "surrogatepass") if isinstance(made, str) else made
        try:
            now = ast.parse(data)
            if (level, same) == ("strict", BOTH) and name != "functions moved" and dump(now) != dump(tree):
                skipped += 1
                return
            found = places(file, data, name == "functions moved")
        except (SyntaxError, ValueError, RecursionError):
            found = None
        if found is None:
            skipped += 1
            return
        variants.append({"name": name, "bytes": base64.b64encode(data).decode(), "level": level, "same": same, "places": found})

    chance = random.Random(request["seed"])
    for name, make in SAME_TREE:
        try:
            add(name, "strict", BOTH, make(file, chance))
        except (ValueError, SyntaxError, RecursionError, tokenize.TokenError, IndexError):
            skipped += 1
    reads = any(word in file.text for word in ("signature", "__annotations__", "get_type_hints", "getfullargspec"))
    for name, level, same, make in OTHER:
        if name in ("locals renamed", "imports renamed") and reads:
            # Where code reads annotations, they count as written, names of locals and imports in them too.
            same = HASH
        try:
            add(name, level, same, make(file, chance))
        except (ValueError, SyntaxError, RecursionError):
            skipped += 1
    return {"variants": variants, "skipped": skipped}


def main():
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
