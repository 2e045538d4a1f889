"""CPython's side of the tree comparison: source files in, canonical dumps (or their digests) out.

Works with Python 3.8 to 3.14; fields that an older version lacks are written as 3.14 writes them when empty.
Form: see engine/src/syntax/dump.ts.

Protocol: one JSON request per line on stdin, one JSON answer per line on stdout.
  {"file": PATH} or {"source": TEXT}, optional "dump": true, "positions": true
  -> {"ok": true, "hash": HEX, "dump": TEXT?} or {"ok": false, "line": N, "message": TEXT}
"""

import ast
import hashlib
import json
import re
import struct
import sys
import warnings

warnings.simplefilter("ignore")
sys.setrecursionlimit(100_000)

# Fields in the order of the ASDL of 3.14, type comments left out.
FIELDS = {}
for _line in """
BoolOp op values
NamedExpr target value
BinOp left op right
UnaryOp op operand
Lambda args body
IfExp test body orelse
Dict keys values
Set elts
ListComp elt generators
SetComp elt generators
DictComp key value generators
GeneratorExp elt generators
Await value
Yield value
YieldFrom value
Compare left ops comparators
Call func args keywords
FormattedValue value conversion format_spec
Interpolation value str conversion format_spec
JoinedStr values
TemplateStr values
Attribute value attr ctx
Subscript value slice ctx
Starred value ctx
Name id ctx
List elts ctx
Tuple elts ctx
Slice lower upper step
FunctionDef name args body decorator_list returns type_params
AsyncFunctionDef name args body decorator_list returns type_params
ClassDef name bases keywords body decorator_list type_params
Return value
Delete targets
Assign targets value
TypeAlias name type_params value
AugAssign target op value
AnnAssign target annotation value simple
For target iter body orelse
AsyncFor target iter body orelse
While test body orelse
If test body orelse
With items body
AsyncWith items body
Match subject cases
Raise exc cause
Try body handlers orelse finalbody
TryStar body handlers orelse finalbody
Assert test msg
Import names
ImportFrom module names level
Global names
Nonlocal names
Expr value
Pass
Break
Continue
Module body
comprehension target iter ifs is_async
ExceptHandler type name body
arguments posonlyargs args vararg kwonlyargs kw_defaults kwarg defaults
arg arg annotation
keyword arg value
alias name asname
withitem context_expr optional_vars
match_case pattern guard body
MatchValue value
MatchSequence patterns
MatchMapping keys patterns rest
MatchClass cls patterns kwd_attrs kwd_patterns
MatchStar name
MatchAs pattern name
MatchOr patterns
TypeVar name bound default_value
ParamSpec name default_value
TypeVarTuple name default_value
""".strip().splitlines():
    _name, *_fields = _line.split()
    FIELDS[_name] = _fields

LISTS = {"type_params"}
# Python 3.12 leaves empty text behind the last field of a format specification; 3.13 and others don't.
QUIRKS = sys.version_info[:2] == (3, 12)
PLAIN = re.compile(r"[ !#-\[\]-~]*\Z")


def quoted(text):
    if PLAIN.match(text):
        return '"' + text + '"'
    out = []
    for ch in text:
        c = ord(ch)
        out.append(ch if 32 <= c < 127 and c != 34 and c != 92 else "\\u{%x}" % c)
    return '"' + "".join(out) + '"'


def double(value):
    return struct.pack(">d", value).hex()


def constant(value):
    if value is None or value is True or value is False:
        return str(value)
    if value is Ellipsis:
        return "Ellipsis"
    if isinstance(value, int):
        return "int:" + (str(value) if value < 2**53 else hex(value))
    if isinstance(value, float):
        return "float:" + double(value)
    if isinstance(value, complex):
        return "complex:" + double(value.imag)
    if isinstance(value, str):
        return "str:" + quoted(value)
    return "bytes:" + quoted(value.decode("latin-1"))


class Places:
    """(line, UTF-8 column) -> UTF-16 offset into the text as it stands in the file."""

    def __init__(self, text):
        self.lines = []
        self.starts = []
        self.ascii = []
        offset = 0
        for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text):
            self.lines.append(line)
            self.starts.append(offset)
            self.ascii.append(line.isascii())
            offset += len(line) if line.isascii() else len(line.encode("utf-16-le")) // 2

    def offset(self, line, column):
        if line > len(self.lines):
            return -1
        start = self.starts[line - 1]
        if self.ascii[line - 1]:
            return start + column
        head = self.lines[line - 1].encode("utf-8")[:column].decode("utf-8", "ignore")
        return start + len(head.encode("utf-16-le")) // 2


def dump(tree, places=None):
    out = []
    write = out.append

    def field(value):
        if isinstance(value, list):
            write(" [")
            for item in value:
                field(item)
            write("]")
        elif value is None:
            write(" ~")
        elif isinstance(value, ast.AST):
            node(value)
        elif isinstance(value, str):
            write(" " + quoted(value))
        else:
            write(" " + str(int(value)))

    def node(value):
        name = type(value).__name__
        if name == "Index":  # until 3.8
            node(value.value)
            return
        if name == "ExtSlice":
            write(" (Tuple")
            field(value.dims)
            write(" Load)")
            return
        write(" (" + name)
        if places is not None and hasattr(value, "lineno"):
            start = places.offset(value.lineno, value.col_offset)
            end = places.offset(value.end_lineno, value.end_col_offset)
            write("@%d-%d" % (start, end))
        if name == "Constant":
            write(" " + constant(value.value) + " " + (value.kind or "~"))
        elif name == "MatchSingleton":
            write(" " + str(value.value))
        else:
            for key in FIELDS[name]:
                if key == "op":
                    write(" " + type(value.op).__name__)
                elif key == "ops":
                    write(" [" + " ".join([type(op).__name__ for op in value.ops]) + "]")
                elif key == "ctx":
                    write(" " + type(value.ctx).__name__)
                else:
                    found = getattr(value, key, None)
                    if QUIRKS and name == "JoinedStr":
                        found = [item for item in found if getattr(item, "value", None) != ""]
                    field([] if found is None and key in LISTS else found)
        write(")")

    node(tree)
    return "".join(out)[1:]


def answer(request):
    try:
        if "file" in request:
            with open(request["file"], "rb") as stream:
                source = stream.read()
        else:
            source = request["source"]
        tree = ast.parse(source)
        places = None
        if request.get("positions"):
            places = Places(source if isinstance(source, str) else decode(source))
        text = dump(tree, places)
    except SyntaxError as error:
        return {"ok": False, "line": error.lineno, "message": str(error.msg), "kind": type(error).__name__}
    except (ValueError, RecursionError, MemoryError, UnicodeError) as error:
        return {"ok": False, "line": None, "message": str(error), "kind": type(error).__name__}
    reply = {"ok": True, "hash": hashlib.sha256(text.encode()).hexdigest()}
    if request.get("dump"):
        reply["dump"] = text
    return reply


def decode(source):
    import io
    import tokenize

    encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    return source.decode(encoding)


def main():
    import threading

    def serve():
        for line in sys.stdin:
            print(json.dumps(answer(json.loads(line))), flush=True)

    # Deep trees (elif chains) need a deep stack.
    threading.stack_size(512 * 1024 * 1024)
    worker = threading.Thread(target=serve)
    worker.start()
    worker.join()


if __name__ == "__main__":
    main()
