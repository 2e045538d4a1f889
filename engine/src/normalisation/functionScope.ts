/**
 * Two questions about one function's scope: which of its locals only imports bind, and whether its code can see its
 * locals by name. Answers are kept per scope, which lives as long as its file's tree.
 */
import { mangle } from "../binding/mangling.ts";
import { Resolution, type Scope, ScopeKind, SymbolFlag } from "../binding/scope.ts";
import { type AnyNode, NodeKind, type Stmt } from "../syntax/ast.ts";
import { walk } from "../syntax/walk.ts";
import type { FileContext, ImportTarget } from "./file.ts";
import type { LocalFacts } from "./rules/localFacts.ts";

/** What normalisation keeps with a scope. */
export class ScopeNotes {
  imports: Map<string, ImportTarget[]> | null | undefined = undefined;
  seesNames: boolean | undefined = undefined;
  facts: LocalFacts | null = null;
  mayHaveUnread: boolean | undefined = undefined;
  /** The names of the scope in the walk that was here last. */
  frame: object | null = null;
}

export function notesOf(scope: Scope): ScopeNotes {
  if (scope.notes === null) scope.notes = new ScopeNotes();
  return scope.notes as ScopeNotes;
}

/** Import-only locals of a function (mangled) and where each comes from; null when there are none. */
export function importsOf(scope: Scope): Map<string, ImportTarget[]> | null {
  if (!scope.hasImports) return null;
  const notes = notesOf(scope);
  if (notes.imports === undefined) notes.imports = collectImports(scope);
  return notes.imports;
}

function collectImports(scope: Scope): Map<string, ImportTarget[]> | null {
  if (scope.kind !== ScopeKind.Function) return null;
  const { node } = scope;
  if (node.kind !== NodeKind.FunctionDef && node.kind !== NodeKind.AsyncFunctionDef) return null;
  let any = false;
  for (const symbol of scope.symbols.values()) {
    if (isImportOnly(symbol.flags)) {
      any = true;
      break;
    }
  }
  if (!any) return null;
  const out = new Map<string, ImportTarget[]>();
  for (const [name, targets] of importBindings(node.body)) {
    const mangled = mangle(name, scope.mangleWith);
    const symbol = scope.symbols.get(mangled);
    if (!symbol || !isImportOnly(symbol.flags)) continue;
    if (symbol.resolution !== Resolution.Local && symbol.resolution !== Resolution.Cell) continue;
    out.set(mangled, targets);
  }
  return out.size > 0 ? out : null;
}

function isImportOnly(flags: number): boolean {
  return (flags & SymbolFlag.Import) !== 0 && (flags & (SymbolFlag.NonImportBinding | SymbolFlag.Global)) === 0;
}

/** The names that `import` statements of a body bind, at any depth short of inner functions and classes. */
export function importBindings(body: readonly Stmt[]): Map<string, ImportTarget[]> {
  const out = new Map<string, ImportTarget[]>();
  const add = (name: string, target: ImportTarget) => {
    const targets = out.get(name);
    if (targets) targets.push(target);
    else out.set(name, [target]);
  };
  const visit = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      if (statement.kind === NodeKind.Import) {
        for (const alias of statement.names) {
          if (alias.asname) add(alias.asname, { level: 0, module: alias.name, name: null });
          else {
            const head = alias.name.split(".")[0];
            const full = head === alias.name ? {} : { full: alias.name };
            add(head, { level: 0, module: head, name: null, ...full });
          }
        }
      } else if (statement.kind === NodeKind.ImportFrom) {
        for (const alias of statement.names) {
          add(alias.asname ?? alias.name, { level: statement.level, module: statement.module ?? "", name: alias.name });
        }
      } else for (const inner of innerBodies(statement)) visit(inner);
    }
  };
  visit(body);
  return out;
}

/** The statement lists inside a compound statement that run in the same scope. */
export function innerBodies(statement: Stmt): readonly (readonly Stmt[])[] {
  switch (statement.kind) {
    case NodeKind.If:
    case NodeKind.While:
    case NodeKind.For:
    case NodeKind.AsyncFor:
      return [statement.body, statement.orelse];
    case NodeKind.With:
    case NodeKind.AsyncWith:
      return [statement.body];
    case NodeKind.Try:
    case NodeKind.TryStar:
      return [
        statement.body,
        ...statement.handlers.map((handler) => handler.body),
        statement.orelse,
        statement.finalbody,
      ];
    case NodeKind.Match:
      return statement.cases.map((matchCase) => matchCase.body);
    default:
      return NO_BODIES;
  }
}

const NO_BODIES: readonly (readonly Stmt[])[] = [];

/**
 * Whether code in a scope, or in one inside it, can see its locals by name: `locals`, `eval`, `exec`, bare `vars()` or
 * `dir()`, a frame's `f_locals` (M3.2). A mention of the first three counts, called or not, also by another name.
 */
export function seesNames(scope: Scope, file: FileContext): boolean {
  const notes = notesOf(scope);
  if (notes.seesNames === undefined) {
    notes.seesNames = file.words.moduleReflection && (mentionsNames(scope, file) || childSeesNames(scope, file));
  }
  return notes.seesNames;
}

/** Builtins that see their caller's locals, whatever they are called in the module. */
const SEEING = new Set(["locals", "eval", "exec"]);

/** Whether a module-level name is such a builtin: `seen = locals`, `from builtins import locals as seen`. */
function isSeeing(name: string, { facts }: FileContext): boolean {
  const alias = facts.aliases.get(name);
  if (alias !== undefined) return SEEING.has(alias) && !facts.moduleNames.has(alias);
  const target = facts.imports.get(name);
  return target?.module === "builtins" && target.name !== null && SEEING.has(target.name);
}

/** Builtins that see them where they are handed nothing. */
const SEEING_BARE = new Set(["vars", "dir"]);

/** Whether code says `vars` or `dir` otherwise than in a call that is certainly handed something. */
function speaksOfBare(root: AnyNode): boolean {
  let said = 0;
  let handed = 0;
  walk(root, (node) => {
    if (node.kind === NodeKind.Name && SEEING_BARE.has(node.id)) said++;
    if (node.kind !== NodeKind.Call || node.func.kind !== NodeKind.Name || !SEEING_BARE.has(node.func.id)) return;
    if (node.args.length > 0 && node.args[0].kind !== NodeKind.Starred) handed++;
  });
  return said > handed;
}

/** Whether code reads such a builtin from the module of builtins, by the name that this has there. */
function readsFromBuiltins(root: AnyNode, module: string): boolean {
  let reads = false;
  walk(root, (node) => {
    if (node.kind !== NodeKind.Attribute || node.value.kind !== NodeKind.Name || node.value.id !== module) return;
    reads ||= SEEING.has(node.attr) || SEEING_BARE.has(node.attr);
  });
  return reads;
}

function readsFrame(scope: Scope, file: FileContext): boolean {
  return file.words.frames && speaksOf(scope.node, "f_locals");
}

function speaksOf(root: AnyNode, attr: string): boolean {
  let reads = false;
  walk(root, (node) => {
    if (node.kind === NodeKind.Attribute) reads ||= node.attr === attr;
  });
  return reads;
}

function mentionsNames(scope: Scope, file: FileContext): boolean {
  if (readsFrame(scope, file)) return true;
  let bare = false;
  for (const symbol of scope.symbols.values()) {
    if (symbol.resolution !== Resolution.GlobalImplicit) continue;
    const { name } = symbol;
    if (isSeeing(name, file)) return true;
    if (isBuiltinsModule(name, file) && readsFromBuiltins(scope.node, name)) return true;
    if (name.length > 6) continue;
    if (SEEING.has(name) && !file.facts.moduleNames.has(name)) return true;
    if (SEEING_BARE.has(name) && !file.facts.moduleNames.has(name)) bare = true;
  }
  return bare && speaksOfBare(scope.node);
}

function isBuiltinsModule(name: string, { facts }: FileContext): boolean {
  if (name === "__builtins__") return true;
  const target = facts.imports.get(name);
  return target?.module === "builtins" && target.name === null;
}

function childSeesNames(scope: Scope, file: FileContext): boolean {
  const { children } = scope;
  for (let i = 0; i < children.length; i++) if (seesNames(children[i], file)) return true;
  return false;
}
