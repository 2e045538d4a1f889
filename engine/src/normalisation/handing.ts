/**
 * Which module-level objects a function may change through something else: a local that holds one, a helper that it is
 * handed to, `self` where the class holds it. Only what a function does when it is *called at module level* is judged by
 * this (registries), so it may over-approximate.
 */
import { type Scope, ScopeKind, SymbolFlag } from "../binding/scope.ts";
import { type Call, type Expr, NodeKind } from "../syntax/ast.ts";
import { type Canonical, Reads } from "./canonical.ts";
import { attributesOf, rootOfDotted } from "./file.ts";

/** Notes what a local that is assigned may hold. */
export function noteFlow(c: Canonical, targets: readonly Expr[], value: Expr): void {
  if (c.asWritten) return;
  if (found.length > 0) found.length = 0;
  holders(c, value, found);
  if (found.length > 0) flowsInto(c, targets, found);
}

/** Room for what `holders` finds; what is kept of it is copied. */
const found: number[] = [];

function flowsInto(c: Canonical, targets: readonly Expr[], chains: readonly number[]): void {
  for (const target of targets) {
    if (target.kind === NodeKind.Tuple || target.kind === NodeKind.List) flowsInto(c, target.elts, chains);
    else if (target.kind === NodeKind.Name && c.ownerOf(target) !== null) {
      const here = sourcesIn(c, target.id, true) as Map<string, Set<number>>;
      const known = here.get(target.id);
      if (known) for (const chain of chains) known.add(chain);
      else here.set(target.id, new Set(chains));
    }
  }
}

/** What the locals of a name's own scope may hold: another function's local of that name is another one. */
function sourcesIn(c: Canonical, name: string, made: boolean): Map<string, Set<number>> | undefined {
  const owner = c.owner(name);
  if (owner === null) return undefined;
  let here = c.sources?.get(owner);
  if (here === undefined && made) {
    here = new Map();
    c.sources ??= new Map();
    c.sources.set(owner, here);
  }
  return here;
}

/** Notes that a call hands objects to a function that may change them. */
export function noteHanded(c: Canonical, node: Call): void {
  if (node.args.length + node.keywords.length === 0) return;
  const root = rootOfDotted(node.func);
  if (root === null || c.ownerOf(root) !== null || c.isOfBuiltins(root.id)) return;
  if (found.length > 0) found.length = 0;
  for (let i = 0; i < node.args.length; i++) holders(c, node.args[i], found);
  for (let i = 0; i < node.keywords.length; i++) holders(c, node.keywords[i].value, found);
  for (let i = 0; i < found.length; i++) c.noteHanded(found[i]);
}

/**
 * Notes that what a local name holds is changed; `attr` is read from it on the way, null where nothing is. `isOwn`:
 * `name.attr = ..`, which gives an instance an attribute of its own and leaves its class alone.
 */
export function noteLocalChange(c: Canonical, name: string, attr: string | null, isOwn: boolean): void {
  const held = c.sources === null ? undefined : sourcesIn(c, name, false)?.get(name);
  if (held !== undefined) for (const chain of held) c.noteHanded(chain);
  if (isCalledInstance(c.scope, name)) c.reads |= Reads.SharedState;
  if (attr === null || (isOwn && !isClassMethod(c.scope))) return;
  const holder = classHolding(c.scope, name, attr);
  if (holder === null) return;
  const chain = c.file.chains.global(holder);
  c.noteHanded(chain);
  c.sets ??= new Set();
  c.sets.add(chain);
}

/** Whether a name is the instance that is called: the first parameter of a class' `__call__`. */
function isCalledInstance({ node, parent }: Scope, name: string): boolean {
  if (node.kind !== NodeKind.FunctionDef || node.name !== "__call__" || parent?.kind !== ScopeKind.Class) return false;
  const [self] = [...node.args.posonlyargs, ...node.args.args];
  return self?.arg === name;
}

/** Whether a method's first parameter is the class: by its decorator, or because Python calls it so. */
function isClassMethod(scope: Scope): boolean {
  const { node } = scope;
  if (node.kind !== NodeKind.FunctionDef && node.kind !== NodeKind.AsyncFunctionDef) return true;
  if (["__new__", "__init_subclass__", "__class_getitem__"].includes(node.name)) return true;
  return node.decorator_list.some((item) => item.kind !== NodeKind.Name || item.id !== "property");
}

/** The module-level class whose own attribute `self.attr` is, where `name` is a method's first parameter. */
function classHolding(scope: Scope, name: string, attr: string): string | null {
  const around = scope.parent;
  if (around?.kind !== ScopeKind.Class || around.parent?.kind !== ScopeKind.Module) return null;
  const symbol = around.symbols.get(attr);
  if (!symbol || symbol.flags & SymbolFlag.Definition || !(symbol.flags & SymbolFlag.NonImportBinding)) return null;
  const own = scope.symbols.get(name);
  return own && own.flags & SymbolFlag.Parameter ? around.name : null;
}

function holders(c: Canonical, node: Expr, out: number[]): void {
  switch (node.kind) {
    case NodeKind.Name:
      if (c.ownerOf(node) !== null) {
        const held = c.sources === null ? undefined : sourcesIn(c, node.id, false)?.get(node.id);
        if (held !== undefined) for (const chain of held) out.push(chain);
      } else if (!c.isOfBuiltins(node.id)) out.push(c.file.chains.global(node.id));
      return;
    case NodeKind.Attribute: {
      const root = rootOfDotted(node);
      if (root !== null && c.ownerOf(root) === null) out.push(c.file.chains.global(root.id, attributesOf(node)));
      else holders(c, node.value, out);
      return;
    }
    case NodeKind.Subscript:
    case NodeKind.Starred:
    case NodeKind.NamedExpr:
      holders(c, node.value, out);
      return;
    case NodeKind.Call:
      // What an element of a table gives when it is called is not the table.
      if (node.func.kind !== NodeKind.Subscript) holders(c, node.func, out);
      return;
    case NodeKind.List:
    case NodeKind.Tuple:
    case NodeKind.Set:
      for (const item of node.elts) holders(c, item, out);
      return;
    case NodeKind.IfExp:
      holders(c, node.body, out);
      holders(c, node.orelse, out);
      return;
    case NodeKind.BoolOp:
      for (const item of node.values) holders(c, item, out);
      return;
  }
}
