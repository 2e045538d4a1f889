/**
 * Folders that a file puts on `sys.path` (M4.4), as far as its text says which: `sys.path.insert(0, ..)`, `append`, `extend`,
 * `+=`, `= [..] + sys.path`, `site.addsitedir(..)`, with literals, `__file__`, `os.path`, `pathlib` and names bound to those.
 * Looks at the statements that say so and at the assignments they name, not at the rest of the text, which need not parse.
 * Over-approximates: strings and comments count, and a relative path counts from the root and from the file's own folder.
 */
import type { SearchFolder } from "../resolve/modules.ts";
import { BinaryOperator, ConstantType, type Expr, NodeKind, parseModule, type Stmt } from "../syntax/index.ts";
import { normalRoot } from "./sourceRoots.ts";

const MENTION = /\bsys\s*\.\s*path\b|\baddsitedir\b/g;

/** A text that speaks of the path more often is made by a program, or about it. */
const MOST_MENTIONS = 200;

/** Whether a text may put something on `sys.path`. */
export function mentionsSearchPath(text: string): boolean {
  return text.includes("sys.path") || text.includes("addsitedir");
}

/** The folders that a text adds, each once, in the order of the text; whether they exist is not known here. */
export function searchFolders(file: string, text: string): readonly SearchFolder[] {
  if (!mentionsSearchPath(text)) return [];
  const found = new Map<string | null, SearchFolder>();
  const reader = new PathReader(file, text);
  let mentions = 0;
  for (const match of text.matchAll(MENTION)) {
    if (++mentions > MOST_MENTIONS) break;
    const statement = statementAt(text, match.index);
    const added = statement === null ? null : addedBy(statement);
    if (added === null) continue;
    for (const node of added.nodes) {
      for (const path of reader.pathsOf(node)) {
        if (!found.has(path)) found.set(path, { path, isFirst: added.isFirst });
      }
    }
  }
  return [...found.values()];
}

/** The one statement that begins at an offset, where that parses by itself. */
function statementAt(text: string, from: number): Stmt | null {
  const parsed = parseModule(text.slice(from, logicalEnd(text, from)));
  return parsed.ok && parsed.value.body.length > 0 ? parsed.value.body[0] : null;
}

/** Code units that one statement about a path may have, however many brackets are open behind it. */
const LONGEST = 2_000;

/** Behind the line, or behind the lines that open brackets and backslashes join to it. Strings with brackets in them aside. */
function logicalEnd(text: string, from: number): number {
  let depth = 0;
  const most = Math.min(text.length, from + LONGEST);
  for (let at = from; at < most; at++) {
    const unit = text[at];
    if (unit === "(" || unit === "[" || unit === "{") depth++;
    else if (unit === ")" || unit === "]" || unit === "}") depth--;
    else if ((unit === "\n" || unit === "\r") && depth <= 0 && text[at - 1] !== "\\") return at;
  }
  return most;
}

/** What a statement puts on the path. */
function addedBy(statement: Stmt): { readonly nodes: readonly Expr[]; readonly isFirst: boolean } | null {
  if (statement.kind === NodeKind.Expr && statement.value.kind === NodeKind.Call) {
    const { func, args } = statement.value;
    if (func.kind === NodeKind.Name && func.id === "addsitedir") return { nodes: args.slice(0, 1), isFirst: false };
    if (func.kind !== NodeKind.Attribute) return null;
    if (func.attr === "addsitedir") return { nodes: args.slice(0, 1), isFirst: false };
    if (!isSearchPath(func.value)) return null;
    if (func.attr === "append") return { nodes: args.slice(0, 1), isFirst: false };
    if (func.attr === "insert") return { nodes: args.slice(1, 2), isFirst: true };
    return func.attr === "extend" ? { nodes: args.flatMap(itemsOf), isFirst: false } : null;
  }
  if (statement.kind === NodeKind.AugAssign && isSearchPath(statement.target))
    return { nodes: itemsOf(statement.value), isFirst: false };
  if (statement.kind !== NodeKind.Assign || statement.targets.length !== 1) return null;
  const [target] = statement.targets;
  const isPart = target.kind === NodeKind.Subscript && isSearchPath(target.value);
  return isPart || isSearchPath(target) ? { nodes: itemsOf(statement.value), isFirst: true } : null;
}

function isSearchPath(node: Expr): boolean {
  return (
    node.kind === NodeKind.Attribute &&
    node.attr === "path" &&
    node.value.kind === NodeKind.Name &&
    node.value.id === "sys"
  );
}

/** The items of displays that are added up. */
function itemsOf(node: Expr): readonly Expr[] {
  if (node.kind === NodeKind.List || node.kind === NodeKind.Tuple) return node.elts;
  if (node.kind === NodeKind.BinOp && node.op === BinaryOperator.Add)
    return [...itemsOf(node.left), ...itemsOf(node.right)];
  return [];
}

/** A path as code works it out: from the file's place, or relative to wherever the process was started. */
interface Known {
  readonly text: string;
  readonly isFixed: boolean;
}

const HERE: Known = { text: ".", isFixed: false };
/** What gives the path that it is given: `str(p)`, `os.path.abspath(p)`, `Path(p).resolve()`. */
const SAME = new Set(
  "str fspath abspath realpath normpath normcase expanduser expandvars Path PurePath PosixPath resolve absolute as_posix".split(
    " ",
  ),
);
/** Names of one text that are looked up. */
const MOST_NAMES = 50;

class PathReader {
  readonly #file: string;
  readonly #text: string;
  /** What names stand for; empty while that is looked for, so that none is followed to itself. */
  readonly #known = new Map<string, readonly Known[]>();

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /** Paths below the root that an expression may mean; null among them where the text does not say which. */
  pathsOf(node: Expr): readonly (string | null)[] {
    const found = this.#read(node);
    if (found.length === 0) return [null];
    const out = new Set<string>();
    for (const { text, isFixed } of found) {
      const folder = this.#file.slice(0, Math.max(0, this.#file.lastIndexOf("/")));
      for (const path of isFixed ? [normalRoot(text)] : [normalRoot(text), normalRoot(join(folder, text))])
        if (path !== null) out.add(path);
    }
    return [...out];
  }

  #read(node: Expr): readonly Known[] {
    switch (node.kind) {
      case NodeKind.Constant:
        return node.type === ConstantType.Str ? [{ text: node.value, isFixed: false }] : [];
      case NodeKind.Name:
        return node.id === "__file__" ? [{ text: this.#file, isFixed: true }] : this.#named(node.id);
      case NodeKind.Attribute:
        if (node.attr === "parent") return this.#read(node.value).map(parent);
        if (node.attr === "pardir") return [{ text: "..", isFixed: false }];
        return node.attr === "curdir" ? [{ text: ".", isFixed: false }] : [];
      case NodeKind.Subscript: {
        const up = node.slice.kind === NodeKind.Constant ? Number(node.slice.value) : Number.NaN;
        if (node.value.kind !== NodeKind.Attribute || node.value.attr !== "parents" || !(up >= 0 && up < 50)) return [];
        let found = this.#read(node.value.value);
        for (let i = 0; i <= up; i++) found = found.map(parent);
        return found;
      }
      case NodeKind.BinOp: {
        const [left, right] = [this.#read(node.left), this.#read(node.right)];
        if (node.op === BinaryOperator.Div) return pairs(left, right, joined);
        return node.op === BinaryOperator.Add ? pairs(left, right, glued) : [];
      }
      case NodeKind.JoinedStr: {
        let found: readonly Known[] = [{ text: "", isFixed: false }];
        for (const part of node.values)
          found = pairs(found, this.#read(part.kind === NodeKind.FormattedValue ? part.value : part), glued);
        return found;
      }
      case NodeKind.Call:
        return this.#called(node.func, node.args);
      default:
        return [];
    }
  }

  #called(func: Expr, args: readonly Expr[]): readonly Known[] {
    const isMethod = func.kind === NodeKind.Attribute;
    const name = isMethod ? func.attr : func.kind === NodeKind.Name ? func.id : "";
    if (name === "getcwd" || name === "cwd") return [HERE];
    if (name === "dirname") return args.length === 1 ? this.#read(args[0]).map(parent) : [];
    // Of a module when it is given something, of a path when it is not.
    if (SAME.has(name) && args.length === 0) return isMethod && name !== "Path" ? this.#read(func.value) : [HERE];
    if (name === "joinpath" && isMethod) return this.#joined([func.value, ...args]);
    if (name === "join" || SAME.has(name)) return this.#joined(args);
    return [];
  }

  #joined(nodes: readonly Expr[]): readonly Known[] {
    let found: readonly Known[] = nodes.length === 0 ? [] : this.#read(nodes[0]);
    for (const node of nodes.slice(1)) found = pairs(found, this.#read(node), joined);
    return found;
  }

  /** What the assignments of a name and the loops over it give it. */
  #named(name: string): readonly Known[] {
    const known = this.#known.get(name);
    if (known !== undefined || this.#known.size === MOST_NAMES || !/^\w+$/.test(name)) return known ?? [];
    this.#known.set(name, []);
    const out: Known[] = [];
    const binding = new RegExp(
      `^[ \\t]*(?:(for)[ \\t]+)?${name}\\b[ \\t]*(?::[^=\\r\\n]*)?(?:=(?!=)|\\bin\\b)[ \\t]*`,
      "gm",
    );
    for (const match of this.#text.matchAll(binding)) {
      const from = match.index + match[0].length;
      let source = this.#text.slice(from, logicalEnd(this.#text, from)).trim();
      const isLoop = match[1] !== undefined;
      if (isLoop) source = source.replace(/:[^\])}]*$/, "");
      const parsed = parseModule(source);
      const [statement] = parsed.ok ? parsed.value.body : [];
      if (statement?.kind !== NodeKind.Expr) continue;
      for (const node of isLoop ? itemsOf(statement.value) : [statement.value]) out.push(...this.#read(node));
    }
    this.#known.set(name, out.slice(0, MOST));
    return out.slice(0, MOST);
  }
}

/** Most paths that one expression is taken to mean. */
const MOST = 16;

function pairs(
  left: readonly Known[],
  right: readonly Known[],
  combine: (a: Known, b: Known) => Known,
): readonly Known[] {
  return left.flatMap((a) => right.map((b) => combine(a, b))).slice(0, MOST);
}

const glued = (a: Known, b: Known): Known => ({ text: a.text + b.text, isFixed: a.isFixed });

function joined(a: Known, b: Known): Known {
  return b.isFixed || b.text.startsWith("/") ? b : { text: join(a.text, b.text), isFixed: a.isFixed };
}

function parent({ text, isFixed }: Known): Known {
  return { text: `${text}/..`, isFixed };
}

function join(folder: string, path: string): string {
  return folder === "" || path.startsWith("/") ? path : `${folder}/${path}`;
}
