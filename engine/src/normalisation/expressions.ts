/**
 * Expressions and patterns of a definition as canonical tokens. One function per family; the order of tokens is the order
 * of evaluation or of the ASDL, whichever makes first appearances right. Rewriting rules run first (`rules/`).
 * Above 400 lines because one switch over the grammar of expressions reads best whole.
 */
import { mangle } from "../binding/mangling.ts";
import { ScopeKind } from "../binding/scope.ts";
import {
  type Arg,
  type Arguments,
  type Call,
  type Comprehension,
  type Constant,
  ConstantType,
  Context,
  type Expr,
  type Keyword,
  NodeKind,
  type Pattern,
  type Subscript,
} from "../syntax/ast.ts";
import { type Canonical, Reads, Tag } from "./canonical.ts";
import type { Chain } from "./chains.ts";
import { attributesOf, dottedName, dottedParts, type ImportTarget, rootOfDotted } from "./file.ts";
import { noteHanded, noteLocalChange } from "./handing.ts";
import { rewriteDecorator, rewriteExpression } from "./rules/index.ts";

/** Methods that change nothing in any type that has them by convention. */
export const READERS: ReadonlySet<string> = new Set(
  (
    "as_posix copy count critical debug endswith error exception exists find format get getChild index info is_dir " +
    "is_file isEnabledFor isdigit items join joinpath keys log lower lstrip relative_to replace rstrip split startswith " +
    "strip upper values warning with_name with_suffix"
  ).split(" "),
);

const NO_NAMES: readonly string[] = [];
const NAME_ATTRIBUTES = new Set(["__name__", "__qualname__", "__module__"]);
const ANNOTATION_READERS = new Set([
  "__annotations__",
  "get_type_hints",
  "signature",
  "get_annotations",
  "__signature__",
  "getfullargspec",
]);

export function optional(c: Canonical, node: Expr | null): void {
  if (node === null) c.tag(Tag.None);
  else expression(c, node);
}

export function expressions(c: Canonical, nodes: readonly Expr[]): void {
  c.out.int(nodes.length);
  for (let i = 0; i < nodes.length; i++) expression(c, nodes[i]);
}

/** The decorators of a definition inside another one. */
export function decorators(c: Canonical, nodes: readonly Expr[]): void {
  c.out.int(nodes.length);
  for (const node of nodes) decorator(c, node);
}

/** An expression that stands as a decorator: some spellings are equal only there. */
export function decorator(c: Canonical, node: Expr): void {
  const form = c.rewrites ? rewriteDecorator(c, node) : node;
  if (typeof form.kind === "string") {
    c.unwritten.push(c.refs.length);
    c.reference(form);
  } else expression(c, form);
}

/** One expression in load, store or delete position. */
export function expression(c: Canonical, original: Expr): void {
  const out = c.out;
  if (original.kind === NodeKind.Constant) {
    constant(c, original);
    return;
  }
  const node = c.rewrites ? rewriteExpression(c, original) : original;
  switch (node.kind) {
    case NodeKind.Name:
      if (node.id.length > 8 && ANNOTATION_READERS.has(node.id)) c.reads |= Reads.Annotations;
      if (node.ctx === Context.Load) c.nameLoad(node);
      else {
        if (node.ctx === Context.Del) c.tag(NodeKind.Delete);
        c.store(node.id, node);
      }
      return;
    case NodeKind.Constant:
      constant(c, node);
      return;
    case NodeKind.Attribute: {
      if (node.ctx === Context.Load) {
        readsOf(c, node.attr);
        if (!c.asWritten) {
          const root = rootOfDotted(node);
          if (root !== null) {
            const attrs = attributesOf(node);
            for (let i = 0; i < attrs.length; i++) readsOf(c, attrs[i]);
            c.load(root.id, attrs, root);
            return;
          }
          if (dynamicReference(c, node)) return;
        }
      } else mutation(c, node, true);
      out.int(NodeKind.Attribute);
      out.int(node.ctx);
      out.text(node.attr);
      expression(c, node.value);
      return;
    }
    case NodeKind.Call:
      call(c, node);
      return;
    case NodeKind.BinOp:
      out.int(NodeKind.BinOp);
      out.int(node.op);
      expression(c, node.left);
      expression(c, node.right);
      return;
    case NodeKind.BoolOp:
      out.int(NodeKind.BoolOp);
      out.int(node.op);
      expressions(c, node.values);
      return;
    case NodeKind.UnaryOp:
      out.int(NodeKind.UnaryOp);
      out.int(node.op);
      expression(c, node.operand);
      return;
    case NodeKind.Compare:
      out.int(NodeKind.Compare);
      expression(c, node.left);
      out.int(node.ops.length);
      for (let i = 0; i < node.ops.length; i++) {
        out.int(node.ops[i]);
        expression(c, node.comparators[i]);
      }
      return;
    case NodeKind.Subscript: {
      if (node.ctx !== Context.Load) mutation(c, node.value, true);
      else if (!c.asWritten) {
        if (dynamicReference(c, node)) return;
        loadedModule(c, node);
      }
      out.int(NodeKind.Subscript);
      out.int(node.ctx);
      expression(c, node.value);
      expression(c, node.slice);
      return;
    }
    case NodeKind.Slice:
      out.int(NodeKind.Slice);
      optional(c, node.lower);
      optional(c, node.upper);
      optional(c, node.step);
      return;
    case NodeKind.List:
    case NodeKind.Tuple:
      out.int(node.kind);
      out.int(node.ctx);
      expressions(c, node.elts);
      return;
    case NodeKind.Set:
      out.int(NodeKind.Set);
      expressions(c, node.elts);
      return;
    case NodeKind.Dict:
      out.int(NodeKind.Dict);
      out.int(node.keys.length);
      for (let i = 0; i < node.keys.length; i++) {
        optional(c, node.keys[i]);
        expression(c, node.values[i]);
      }
      return;
    case NodeKind.IfExp:
      out.int(NodeKind.IfExp);
      expression(c, node.test);
      expression(c, node.body);
      expression(c, node.orelse);
      return;
    case NodeKind.NamedExpr:
      out.int(NodeKind.NamedExpr);
      expression(c, node.target);
      expression(c, node.value);
      return;
    case NodeKind.Starred:
      out.int(NodeKind.Starred);
      expression(c, node.value);
      return;
    case NodeKind.Lambda: {
      out.int(NodeKind.Lambda);
      defaults(c, node.args);
      const before = c.enter(node);
      parameters(c, node.args);
      expression(c, node.body);
      c.leave(before);
      return;
    }
    case NodeKind.ListComp:
    case NodeKind.SetComp:
    case NodeKind.GeneratorExp:
    case NodeKind.DictComp: {
      out.int(node.kind);
      expression(c, node.generators[0].iter);
      const before = c.enter(node);
      generators(c, node.generators);
      if (node.kind === NodeKind.DictComp) {
        expression(c, node.key);
        expression(c, node.value);
      } else expression(c, node.elt);
      c.leave(before);
      return;
    }
    case NodeKind.Await:
    case NodeKind.YieldFrom:
      out.int(node.kind);
      expression(c, node.value);
      return;
    case NodeKind.Yield:
      out.int(NodeKind.Yield);
      optional(c, node.value);
      return;
    case NodeKind.JoinedStr:
    case NodeKind.TemplateStr:
      out.int(node.kind);
      expressions(c, node.values);
      return;
    case NodeKind.FormattedValue:
      out.int(NodeKind.FormattedValue);
      out.int(node.conversion);
      optional(c, node.format_spec);
      expression(c, node.value);
      return;
    case NodeKind.Interpolation:
      out.int(NodeKind.Interpolation);
      out.text(node.str);
      out.int(node.conversion);
      optional(c, node.format_spec);
      expression(c, node.value);
      return;
  }
}

/** A literal: its type, its value, and where escaped surrogates are code points of their own (M3.1). */
export function constant(c: Canonical, node: Constant): void {
  const out = c.out;
  out.int(NodeKind.Constant);
  out.int(node.type);
  if (node.type < ConstantType.Int) return;
  out.text(node.value);
  if (node.type !== ConstantType.Str) return;
  out.int(node.surrogates?.length ?? 0);
  for (const index of node.surrogates ?? []) out.int(index);
}

function readsOf(c: Canonical, attr: string): void {
  if (attr.length < 6) return;
  const first = attr.charCodeAt(0);
  // "_", "g", "s": nothing else begins one of them.
  if (first !== 95 && first !== 103 && first !== 115) return;
  if (attr === "__subclasses__") c.reads |= Reads.Subclasses;
  else if (attr === "__doc__" || attr === "getdoc") c.reads |= Reads.Docs;
  else if (NAME_ATTRIBUTES.has(attr)) c.reads |= Reads.Names;
  else if (ANNOTATION_READERS.has(attr)) c.reads |= Reads.Annotations;
}

/**
 * Notes that something is written into the object that `target` starts with, if that is a module-level name; `isSet`: it
 * is set there, not just called a method of.
 */
export function mutation(c: Canonical, target: Expr, isSet: boolean): void {
  if (c.asWritten) return;
  let node = target;
  let nearest: string | null = null;
  let depth = 0;
  while (node.kind === NodeKind.Attribute || node.kind === NodeKind.Subscript || node.kind === NodeKind.Call) {
    if (node.kind === NodeKind.Call) node = instanceOf(c, node) ?? node.func;
    else {
      nearest = node.kind === NodeKind.Attribute ? node.attr : null;
      depth = node.kind === NodeKind.Attribute ? depth + 1 : 0;
      node = node.value;
    }
  }
  if (node.kind !== NodeKind.Name) return;
  const owner = c.ownerOf(node);
  if (owner === null) c.noteMutated(c.file.chains.global(node.id, nearestOf(target, depth)), isSet);
  else {
    if (owner !== c.scope) c.noteShared(owner);
    const isOwn = isSet && target.kind === NodeKind.Attribute && target.value.kind === NodeKind.Name;
    noteLocalChange(c, node.id, depth > 0 ? nearest : null, isOwn);
  }
}

/** The `x` of `type(x)`: what is set on it is set on the class. */
function instanceOf(c: Canonical, { func, args, keywords }: Call): Expr | null {
  const isType = func.kind === NodeKind.Name && func.id === "type" && args.length === 1 && keywords.length === 0;
  return isType && c.isBuiltin("type") ? args[0] : null;
}

/** The last `count` attributes on the way down to the name that an expression starts with, in the order of reading. */
function nearestOf(target: Expr, count: number): readonly string[] {
  if (count === 0) return NO_NAMES;
  const attrs: string[] = [];
  let node = target;
  while (node.kind === NodeKind.Attribute || node.kind === NodeKind.Subscript || node.kind === NodeKind.Call) {
    if (node.kind === NodeKind.Attribute) attrs.push(node.attr);
    node = node.kind === NodeKind.Call ? node.func : node.value;
  }
  return attrs.slice(attrs.length - count).reverse();
}

// ------------------------------------------------------------------- calls

function call(c: Canonical, node: Call): void {
  const out = c.out;
  if (!c.asWritten) {
    if (isSpokenOf(c, node.func)) {
      if (dynamicReference(c, node)) return;
      if (literalGetattr(c, node)) return;
      noticesOf(c, node);
    }
    noteHanded(c, node);
    if (node.func.kind === NodeKind.Name) {
      const { id } = node.func;
      if ((id === "setattr" || id === "delattr") && node.args.length > 1) mutation(c, node.args[0], true);
    } else if (node.func.kind === NodeKind.Attribute) {
      if (!READERS.has(node.func.attr)) mutation(c, node.func.value, false);
      methodCall(c, node.func.value, node.func.attr, node);
    }
  }
  out.int(NodeKind.Call);
  expression(c, node.func);
  callArguments(c, node.args, node.keywords);
}

/** Positional arguments (with `*`), then keywords (with `**`): the tree does not say how the two were interleaved. */
export function callArguments(c: Canonical, args: readonly Expr[], keywords: readonly Keyword[]): void {
  expressions(c, args);
  c.out.int(keywords.length);
  for (const keyword of keywords) {
    if (keyword.arg === null) c.tag(Tag.None);
    else c.out.text(keyword.arg);
    expression(c, keyword.value);
  }
}

/** `getattr(m, "f")` with a literal counts as `m.f` for tracking; its defaults stay. */
function literalGetattr(c: Canonical, node: Call): boolean {
  if (node.func.kind !== NodeKind.Name || node.func.id !== "getattr" || node.keywords.length > 0) return false;
  if (node.args.length < 2 || node.args.length > 3 || !c.isBuiltin("getattr")) return false;
  const name = node.args[1];
  if (name.kind !== NodeKind.Constant || name.type !== ConstantType.Str) return false;
  readsOf(c, name.value);
  const parts = dottedParts(node.args[0]);
  c.tag(Tag.GetattrLiteral);
  if (parts !== null) {
    const [head, ...attrs] = parts;
    c.load(head, [...attrs, name.value]);
  } else {
    expression(c, node.args[0]);
    c.text(name.value);
  }
  optional(c, node.args[2] ?? null);
  return true;
}

/**
 * `importlib.import_module("m")`, `__import__("m")` and `sys.modules["m"]` with a literal, with the attributes read from
 * them: as if the import were written out (manifest §4). Null for anything else.
 */
function dynamicModule(c: Canonical, node: Expr): Chain | null {
  let at = node;
  while (at.kind === NodeKind.Attribute) at = at.value;
  const target =
    at.kind === NodeKind.Call
      ? isSpokenOf(c, at.func) && importedModule(c, at)
      : at.kind === NodeKind.Subscript && isSpokenOf(c, at.value) && systemModule(c, at);
  return target ? { kind: "import", ...target, attrs: attributesOf(node) } : null;
}

/** Emits a reference for such an expression; true when that is all there is to it. At level strict its spelling counts too. */
function dynamicReference(c: Canonical, node: Expr): boolean {
  const dynamic = dynamicModule(c, node);
  if (dynamic === null) return false;
  let at = node;
  while (at.kind !== NodeKind.Name) {
    if (at.kind === NodeKind.Attribute || at.kind === NodeKind.Subscript) at = at.value;
    else if (at.kind === NodeKind.Call) at = at.func;
    else break;
  }
  if (at.kind === NodeKind.Name) c.whereUnbound(at.id);
  c.reference(dynamic);
  return c.renames;
}

function importedModule(c: Canonical, node: Call): ImportTarget | null {
  const name = calledName(c, node.func);
  if (name === "builtins.__import__") {
    const module = node.args.length === 1 && node.keywords.length === 0 ? knownText(c, node.args[0]) : null;
    return module === null ? null : { level: 0, module: module.split(".")[0], name: null };
  }
  if (name !== "importlib.import_module") return null;
  const module = node.args.length > 0 ? knownText(c, node.args[0]) : null;
  if (module === null) return null;
  const level = /^\.*/.exec(module)?.[0].length ?? 0;
  if (level === 0) return { level: 0, module, name: null };
  const anchor = node.args[1] ?? node.keywords.find((keyword) => keyword.arg === "package")?.value;
  const given = anchor === undefined ? null : literalText(anchor);
  if (given !== null) {
    const parts = given.split(".");
    const base = parts.slice(0, parts.length - (level - 1)).join(".");
    return { level: 0, module: `${base}.${module.slice(level)}`, name: null };
  }
  // `package=__package__` or `__name__`: relative to the file itself.
  return { level, module: module.slice(level), name: null };
}

function systemModule(c: Canonical, node: Subscript): ImportTarget | null {
  if (calledName(c, node.value) !== "sys.modules") return null;
  const module = literalText(node.slice);
  return module === null ? null : { level: 0, module, name: null };
}

/** `sys.modules[name]`: any module that is loaded; by `__name__` it is the present one. */
function loadedModule(c: Canonical, node: Subscript): void {
  const { value, slice } = node;
  if (value.kind !== NodeKind.Attribute || value.attr !== "modules" || calledName(c, value) !== "sys.modules") return;
  const isOwn = slice.kind === NodeKind.Name && slice.id === "__name__";
  const isOfClass = slice.kind === NodeKind.Attribute && slice.attr === "__module__";
  if (!isOwn && !isOfClass) c.notice("dynamic-import", node);
}

/** The text of a literal, or of a module-level name bound once to one. */
function knownText(c: Canonical, node: Expr): string | null {
  if (node.kind === NodeKind.Name && c.owner(node.id) === null) {
    const value = c.file.facts.assigned.get(node.id);
    return value === undefined ? null : literalText(value);
  }
  return literalText(node);
}

function literalText(node: Expr): string | null {
  return node.kind === NodeKind.Constant && node.type === ConstantType.Str ? node.value : null;
}

/** The chain that a dotted expression is, here: from a global name or a local import; null for anything else. */
export function chainOf(c: Canonical, node: Expr): Chain | null {
  const parts = dottedParts(node);
  if (parts === null) return null;
  const [name, ...attrs] = parts;
  if (c.owner(name) === null) return { kind: "global", name: mangle(name, c.scope.mangleWith), attrs };
  const targets = c.importTargets(name);
  return targets?.length === 1 ? { kind: "import", ...targets[0], attrs } : null;
}

/** Dotted name of a callee where the head is global; locals bound by `import` statements are looked through. */
export function calledName(c: Canonical, func: Expr): string | null {
  const parts = dottedParts(func);
  if (parts === null) return null;
  if (c.owner(parts[0]) !== null) {
    const targets = c.importTargets(parts[0]);
    if (targets?.length !== 1 || targets[0].level > 0) return null;
    const target = targets[0];
    return [target.module, ...(target.name === null ? [] : [target.name]), ...parts.slice(1)].join(".");
  }
  return dottedName(c.file, func);
}

const EVALUATORS = new Set(["builtins.eval", "builtins.exec", "builtins.compile"]);
const IMPORTERS = new Set([
  "importlib.import_module",
  "builtins.__import__",
  "runpy.run_path",
  "runpy.run_module",
  "importlib.util.spec_from_file_location",
  "importlib.machinery.SourceFileLoader",
  "importlib.reload",
  "importlib.metadata.entry_points",
  "imp.load_module",
  "imp.load_package",
  "imp.load_source",
  "pkgutil.iter_modules",
  "pkgutil.walk_packages",
  "pkg_resources.iter_entry_points",
  "pkg_resources.load_entry_point",
  "hydra.utils.call",
  "hydra.utils.instantiate",
]);
/** They give the object of the dotted name that they are given. */
const LOCATORS = new Set([
  "pkgutil.resolve_name",
  "pydoc.locate",
  "django.utils.module_loading.import_string",
  "hydra.utils.get_class",
  "hydra.utils.get_method",
  "hydra.utils.get_object",
  "werkzeug.utils.import_string",
]);
const ATTRIBUTE_READERS = new Set(["builtins.getattr", "operator.attrgetter"]);
const NAMESPACES = new Set(["builtins.globals", "sys.modules"]);
/** They show source text, comments included. */
const SOURCE_READERS = new Set(["inspect.getsource", "inspect.getsourcelines", "inspect.getcomments"]);

/** Last parts of the dotted names above, and of those that are as good as an import. */
const SPOKEN_OF = new Set(
  [
    ...EVALUATORS,
    ...IMPORTERS,
    ...LOCATORS,
    ...ATTRIBUTE_READERS,
    ...NAMESPACES,
    ...SOURCE_READERS,
    "__subclasses__",
  ].map((name) => name.slice(name.lastIndexOf(".") + 1)),
);

/** Whether an expression may have one of the dotted names that calls are looked at for: most calls are of none. */
function isSpokenOf(c: Canonical, func: Expr): boolean {
  if (func.kind === NodeKind.Attribute) return SPOKEN_OF.has(func.attr);
  if (func.kind !== NodeKind.Name) return false;
  if (SPOKEN_OF.has(func.id)) return true;
  // An import may have renamed it.
  return c.owner(func.id) === null ? c.file.facts.imports.has(func.id) : c.importTargets(func.id) !== null;
}

function noticesOf(c: Canonical, node: Call): void {
  const name = calledName(c, node.func);
  if (name === null) {
    if (node.func.kind === NodeKind.Attribute && node.func.attr === "__subclasses__")
      c.notice("dynamic-attribute", node);
    return;
  }
  if (EVALUATORS.has(name)) c.notice("eval", node);
  else if (IMPORTERS.has(name)) c.notice("dynamic-import", node);
  else if (LOCATORS.has(name)) located(c, node);
  else if (NAMESPACES.has(name) || SOURCE_READERS.has(name)) c.notice("dynamic-attribute", node);
  else if (name === "operator.attrgetter" && node.args.length > 0 && literalText(node.args[0]) !== null) return;
  else if (ATTRIBUTE_READERS.has(name) && node.args.length >= 1) {
    if (isOwnObject(c, node.args[0])) return;
    const parts = dottedParts(node.args[0]);
    const chain: Chain | null =
      parts !== null && c.owner(parts[0]) === null ? { kind: "global", name: parts[0], attrs: parts.slice(1) } : null;
    c.notice("dynamic-attribute", node, chain);
  }
}

/** An object by its dotted name: what a literal names is referred to, beside the call as it is written. */
function located(c: Canonical, node: Call): void {
  const name = node.args.length > 0 ? knownText(c, node.args[0]) : null;
  const [module, ...attrs] = (name ?? "").split(/[.:]/);
  if (module === "") c.notice("dynamic-import", node);
  else c.reference({ kind: "import", level: 0, module, name: null, attrs });
}

/** `self`, `cls`: a method's first parameter. What is read from it is in its class, which is tracked whole, as with `self.x`. */
function isOwnObject(c: Canonical, node: Expr): boolean {
  if (node.kind !== NodeKind.Name) return false;
  const owner = c.owner(node.id);
  if (owner?.parent?.kind !== ScopeKind.Class) return false;
  const method = owner.node;
  if (method.kind !== NodeKind.FunctionDef && method.kind !== NodeKind.AsyncFunctionDef) return false;
  const [first] = method.args.posonlyargs.length > 0 ? method.args.posonlyargs : method.args.args;
  return first !== undefined && first.arg === node.id;
}

function methodCall(c: Canonical, receiver: Expr, method: string, node: Call): void {
  if (receiver.kind !== NodeKind.Name || !c.isUnknownReceiver(receiver.id)) return;
  c.methodCalls ??= new Map();
  if (!c.methodCalls.has(method)) c.methodCalls.set(method, node.start);
}

// -------------------------------------------------- parameters, generators

/** Defaults are read outside the function's scope: call before entering it. */
export function defaults(c: Canonical, args: Arguments): void {
  expressions(c, args.defaults);
  c.out.int(args.kw_defaults.length);
  for (const value of args.kw_defaults) optional(c, value);
}

/** The parameter list without defaults and annotations: call after entering the function's scope. */
export function parameters(c: Canonical, args: Arguments): void {
  const out = c.out;
  out.int(args.posonlyargs.length);
  out.int(args.args.length);
  out.int(args.kwonlyargs.length);
  out.int((args.vararg === null ? 0 : 1) | (args.kwarg === null ? 0 : 2));
  const named = c.file.level !== "behavioral" || c.asWritten || c.keepsNames;
  let position = 0;
  for (let i = 0; i < args.posonlyargs.length; i++) parameter(c, args.posonlyargs[i], position++, false, named);
  for (let i = 0; i < args.args.length; i++) parameter(c, args.args[i], position++, false, named);
  if (args.vararg !== null) parameter(c, args.vararg, position++, true, named);
  for (let i = 0; i < args.kwonlyargs.length; i++) parameter(c, args.kwonlyargs[i], position++, false, named);
  if (args.kwarg !== null) parameter(c, args.kwarg, position++, true, named);
}

/** `isStar`: `*args` and `**kwargs`, whose types are known. */
function parameter(c: Canonical, arg: Arg, position: number, isStar: boolean, named: boolean): void {
  c.parameter(arg.arg, position, isStar || arg.annotation !== null);
  if (named) c.out.text(arg.arg);
}

function generators(c: Canonical, list: readonly Comprehension[]): void {
  const out = c.out;
  out.int(list.length);
  for (let i = 0; i < list.length; i++) {
    const generator = list[i];
    out.int(generator.is_async);
    if (i > 0) expression(c, generator.iter);
    expression(c, generator.target);
    expressions(c, generator.ifs);
  }
}

// ---------------------------------------------------------------- patterns

function captured(c: Canonical, name: string | null): void {
  if (name === null) c.tag(Tag.None);
  else c.store(name);
}

export function pattern(c: Canonical, node: Pattern): void {
  const out = c.out;
  out.int(node.kind);
  switch (node.kind) {
    case NodeKind.MatchValue:
      expression(c, node.value);
      return;
    case NodeKind.MatchSingleton:
      out.int(node.value);
      return;
    case NodeKind.MatchSequence:
    case NodeKind.MatchOr:
      patterns(c, node.patterns);
      return;
    case NodeKind.MatchMapping:
      expressions(c, node.keys);
      patterns(c, node.patterns);
      captured(c, node.rest);
      return;
    case NodeKind.MatchClass:
      expression(c, node.cls);
      patterns(c, node.patterns);
      out.int(node.kwd_attrs.length);
      for (let i = 0; i < node.kwd_attrs.length; i++) {
        out.text(node.kwd_attrs[i]);
        pattern(c, node.kwd_patterns[i]);
      }
      return;
    case NodeKind.MatchStar:
      captured(c, node.name);
      return;
    case NodeKind.MatchAs:
      if (node.pattern === null) c.tag(Tag.None);
      else pattern(c, node.pattern);
      captured(c, node.name);
      return;
  }
}

function patterns(c: Canonical, nodes: readonly Pattern[]): void {
  c.out.int(nodes.length);
  for (const node of nodes) pattern(c, node);
}
