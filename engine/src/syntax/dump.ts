/**
 * A module as one canonical text, the same that `engine/test/oracle/dump.py` makes of CPython's `ast` tree.
 *
 * Form: `(Kind field …)` with all fields of the ASDL but type comments, in its order; lists `[a b]`, nothing `~`, strings
 * `"…"` by code point (`\u{…}` for what is not printable ASCII), floats as the hex of their bits. For tests: what it
 * leaves out is no difference. Above 400 lines because the grammar is one table.
 */

import { type AnyNode, type Constant, ConstantType, type If, type Module, NodeKind } from "./ast.ts";

const NAMES =
  "BoolOp NamedExpr BinOp UnaryOp Lambda IfExp Dict Set ListComp SetComp DictComp GeneratorExp Await Yield YieldFrom Compare Call FormattedValue Interpolation JoinedStr TemplateStr Constant Attribute Subscript Starred Name List Tuple Slice FunctionDef AsyncFunctionDef ClassDef Return Delete Assign TypeAlias AugAssign AnnAssign For AsyncFor While If With AsyncWith Match Raise Try TryStar Assert Import ImportFrom Global Nonlocal Expr Pass Break Continue Module comprehension ExceptHandler arguments arg keyword alias withitem match_case MatchValue MatchSingleton MatchSequence MatchMapping MatchClass MatchStar MatchAs MatchOr TypeVar ParamSpec TypeVarTuple".split(
    " ",
  );
const BINARY = "Add Sub Mult MatMult Div Mod Pow LShift RShift BitOr BitXor BitAnd FloorDiv".split(" ");
const COMPARE = "Eq NotEq Lt LtE Gt GtE Is IsNot In NotIn".split(" ");
const UNARY = ["Invert", "Not", "UAdd", "USub"];
const CONTEXT = ["Load", "Store", "Del"];
const SINGLETON = ["None", "True", "False", "Ellipsis"];
const bits = new DataView(new ArrayBuffer(8));

function double(text: string): string {
  bits.setFloat64(0, Number(text));
  return bits.getBigUint64(0).toString(16).padStart(16, "0");
}

function quoted(text: string, surrogates: readonly number[] | null): string {
  if (surrogates === null && /^[ !#-[\]-~]*$/.test(text)) return `"${text}"`;
  let out = '"';
  const alone = new Set(surrogates ?? []);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 32 && c < 127 && c !== 34 && c !== 92) {
      out += text[i];
      continue;
    }
    const point = alone.has(i) ? c : (text.codePointAt(i) as number);
    out += `\\u{${point.toString(16)}}`;
    if (point > 0xffff) i++;
  }
  return `${out}"`;
}

class Dump {
  readonly parts: string[] = [];

  constructor(private readonly positions: boolean) {}

  node(node: AnyNode): void {
    this.open(node);
    this.fields(node);
    this.parts.push(")");
  }

  private open(node: AnyNode): void {
    const parts = this.parts;
    parts.push("(", NAMES[node.kind]);
    if (!this.positions) return;
    switch (node.kind) {
      case NodeKind.Module:
      case NodeKind.Comprehension:
      case NodeKind.Arguments:
      case NodeKind.WithItem:
      case NodeKind.MatchCase:
        return;
    }
    parts.push("@", String(node.start), "-", String(node.end));
  }

  private one(node: AnyNode | null): void {
    this.parts.push(" ");
    if (node === null) this.parts.push("~");
    else this.node(node);
  }

  private many(nodes: readonly (AnyNode | null)[]): void {
    this.parts.push(" [");
    for (const node of nodes) this.one(node);
    this.parts.push("]");
  }

  private text(text: string | null): void {
    this.parts.push(" ", text === null ? "~" : quoted(text, null));
  }

  private texts(texts: readonly string[]): void {
    this.parts.push(" [");
    for (const text of texts) this.text(text);
    this.parts.push("]");
  }

  private word(word: string): void {
    this.parts.push(" ", word);
  }

  /** An `elif` chain, flat, because it may be longer than any recursion. */
  private chain(first: If): void {
    let node = first;
    let depth = 0;
    for (;;) {
      this.one(node.test);
      this.many(node.body);
      const next = node.orelse.length === 1 ? node.orelse[0] : null;
      if (next === null || next.kind !== NodeKind.If) break;
      this.parts.push(" [ ");
      this.open(next);
      depth++;
      node = next;
    }
    this.many(node.orelse);
    this.parts.push(")]".repeat(depth));
  }

  private constant(node: Constant): void {
    switch (node.type) {
      case ConstantType.Int:
        this.word(`int:${node.value}`);
        break;
      case ConstantType.Float:
        this.word(`float:${double(node.value)}`);
        break;
      case ConstantType.Complex:
        this.word(`complex:${double(node.value)}`);
        break;
      case ConstantType.Str:
        this.word(`str:${quoted(node.value, node.surrogates)}`);
        break;
      case ConstantType.Bytes:
        this.word(`bytes:${quoted(node.value, null)}`);
        break;
      default:
        this.word(SINGLETON[node.type]);
    }
    this.word(node.unicodePrefix ? "u" : "~");
  }

  private fields(node: AnyNode): void {
    switch (node.kind) {
      case NodeKind.BoolOp:
        this.word(node.op === 0 ? "And" : "Or");
        this.many(node.values);
        return;
      case NodeKind.NamedExpr:
        this.one(node.target);
        this.one(node.value);
        return;
      case NodeKind.BinOp:
        this.one(node.left);
        this.word(BINARY[node.op]);
        this.one(node.right);
        return;
      case NodeKind.UnaryOp:
        this.word(UNARY[node.op]);
        this.one(node.operand);
        return;
      case NodeKind.Lambda:
        this.one(node.args);
        this.one(node.body);
        return;
      case NodeKind.IfExp:
        this.one(node.test);
        this.one(node.body);
        this.one(node.orelse);
        return;
      case NodeKind.Dict:
        this.many(node.keys);
        this.many(node.values);
        return;
      case NodeKind.Set:
        this.many(node.elts);
        return;
      case NodeKind.ListComp:
      case NodeKind.SetComp:
      case NodeKind.GeneratorExp:
        this.one(node.elt);
        this.many(node.generators);
        return;
      case NodeKind.DictComp:
        this.one(node.key);
        this.one(node.value);
        this.many(node.generators);
        return;
      case NodeKind.Await:
      case NodeKind.Yield:
      case NodeKind.YieldFrom:
      case NodeKind.Return:
      case NodeKind.Expr:
      case NodeKind.MatchValue:
        this.one(node.value);
        return;
      case NodeKind.Compare:
        this.one(node.left);
        this.word(`[${node.ops.map((op) => COMPARE[op]).join(" ")}]`);
        this.many(node.comparators);
        return;
      case NodeKind.Call:
        this.one(node.func);
        this.many(node.args);
        this.many(node.keywords);
        return;
      case NodeKind.FormattedValue:
        this.one(node.value);
        this.word(String(node.conversion));
        this.one(node.format_spec);
        return;
      case NodeKind.Interpolation:
        this.one(node.value);
        this.text(node.str);
        this.word(String(node.conversion));
        this.one(node.format_spec);
        return;
      case NodeKind.JoinedStr:
      case NodeKind.TemplateStr:
        this.many(node.values);
        return;
      case NodeKind.Constant:
        this.constant(node);
        return;
      case NodeKind.Attribute:
        this.one(node.value);
        this.text(node.attr);
        this.word(CONTEXT[node.ctx]);
        return;
      case NodeKind.Subscript:
        this.one(node.value);
        this.one(node.slice);
        this.word(CONTEXT[node.ctx]);
        return;
      case NodeKind.Starred:
        this.one(node.value);
        this.word(CONTEXT[node.ctx]);
        return;
      case NodeKind.Name:
        this.text(node.id);
        this.word(CONTEXT[node.ctx]);
        return;
      case NodeKind.List:
      case NodeKind.Tuple:
        this.many(node.elts);
        this.word(CONTEXT[node.ctx]);
        return;
      case NodeKind.Slice:
        this.one(node.lower);
        this.one(node.upper);
        this.one(node.step);
        return;
      case NodeKind.FunctionDef:
      case NodeKind.AsyncFunctionDef:
        this.text(node.name);
        this.one(node.args);
        this.many(node.body);
        this.many(node.decorator_list);
        this.one(node.returns);
        this.many(node.type_params);
        return;
      case NodeKind.ClassDef:
        this.text(node.name);
        this.many(node.bases);
        this.many(node.keywords);
        this.many(node.body);
        this.many(node.decorator_list);
        this.many(node.type_params);
        return;
      case NodeKind.Delete:
        this.many(node.targets);
        return;
      case NodeKind.Assign:
        this.many(node.targets);
        this.one(node.value);
        return;
      case NodeKind.TypeAlias:
        this.one(node.name);
        this.many(node.type_params);
        this.one(node.value);
        return;
      case NodeKind.AugAssign:
        this.one(node.target);
        this.word(BINARY[node.op]);
        this.one(node.value);
        return;
      case NodeKind.AnnAssign:
        this.one(node.target);
        this.one(node.annotation);
        this.one(node.value);
        this.word(String(node.simple));
        return;
      case NodeKind.For:
      case NodeKind.AsyncFor:
        this.one(node.target);
        this.one(node.iter);
        this.many(node.body);
        this.many(node.orelse);
        return;
      case NodeKind.While:
        this.one(node.test);
        this.many(node.body);
        this.many(node.orelse);
        return;
      case NodeKind.If:
        this.chain(node);
        return;
      case NodeKind.With:
      case NodeKind.AsyncWith:
        this.many(node.items);
        this.many(node.body);
        return;
      case NodeKind.Match:
        this.one(node.subject);
        this.many(node.cases);
        return;
      case NodeKind.Raise:
        this.one(node.exc);
        this.one(node.cause);
        return;
      case NodeKind.Try:
      case NodeKind.TryStar:
        this.many(node.body);
        this.many(node.handlers);
        this.many(node.orelse);
        this.many(node.finalbody);
        return;
      case NodeKind.Assert:
        this.one(node.test);
        this.one(node.msg);
        return;
      case NodeKind.Import:
        this.many(node.names);
        return;
      case NodeKind.ImportFrom:
        this.text(node.module);
        this.many(node.names);
        this.word(String(node.level));
        return;
      case NodeKind.Global:
      case NodeKind.Nonlocal:
        this.texts(node.names);
        return;
      case NodeKind.Pass:
      case NodeKind.Break:
      case NodeKind.Continue:
        return;
      case NodeKind.Module:
        this.many(node.body);
        return;
      case NodeKind.Comprehension:
        this.one(node.target);
        this.one(node.iter);
        this.many(node.ifs);
        this.word(String(node.is_async));
        return;
      case NodeKind.ExceptHandler:
        this.one(node.type);
        this.text(node.name);
        this.many(node.body);
        return;
      case NodeKind.Arguments:
        this.many(node.posonlyargs);
        this.many(node.args);
        this.one(node.vararg);
        this.many(node.kwonlyargs);
        this.many(node.kw_defaults);
        this.one(node.kwarg);
        this.many(node.defaults);
        return;
      case NodeKind.Arg:
        this.text(node.arg);
        this.one(node.annotation);
        return;
      case NodeKind.Keyword:
        this.text(node.arg);
        this.one(node.value);
        return;
      case NodeKind.Alias:
        this.text(node.name);
        this.text(node.asname);
        return;
      case NodeKind.WithItem:
        this.one(node.context_expr);
        this.one(node.optional_vars);
        return;
      case NodeKind.MatchCase:
        this.one(node.pattern);
        this.one(node.guard);
        this.many(node.body);
        return;
      case NodeKind.MatchSingleton:
        this.word(SINGLETON[node.value]);
        return;
      case NodeKind.MatchSequence:
      case NodeKind.MatchOr:
        this.many(node.patterns);
        return;
      case NodeKind.MatchMapping:
        this.many(node.keys);
        this.many(node.patterns);
        this.text(node.rest);
        return;
      case NodeKind.MatchClass:
        this.one(node.cls);
        this.many(node.patterns);
        this.texts(node.kwd_attrs);
        this.many(node.kwd_patterns);
        return;
      case NodeKind.MatchStar:
        this.text(node.name);
        return;
      case NodeKind.MatchAs:
        this.one(node.pattern);
        this.text(node.name);
        return;
      case NodeKind.TypeVar:
        this.text(node.name);
        this.one(node.bound);
        this.one(node.default_value);
        return;
      case NodeKind.ParamSpec:
      case NodeKind.TypeVarTuple:
        this.text(node.name);
        this.one(node.default_value);
        return;
    }
  }
}

/** The canonical text of a module; with `positions`, each node that has a place in CPython carries `@start-end`. */
export function dumpModule(module: Module, positions = false): string {
  const dump = new Dump(positions);
  dump.node(module);
  return dump.parts.join("");
}
