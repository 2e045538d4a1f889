/**
 * Which `.py` files below a root are first party (M4.4): a walk that honours `.gitignore` files below the root, leaves out
 * environments and build products, and follows links without going in circles. The result does not depend on the order of
 * the file system, and nothing outside the root counts, so that every checkout gives the same answer (neither the user's
 * global ignore file nor one above the root is read).
 */
import ignore, { type Ignore } from "ignore";
import picomatch from "picomatch/posix";
import type { FolderEntry, FolderPort } from "./files.ts";

export interface Discovery {
  /** First-party Python files, sorted. */
  readonly files: readonly string[];
  /** Folders that were looked into, sorted; `""` is the root. A new file shows in one of them. */
  readonly folders: readonly string[];
  /** `.gitignore` files that had a say. */
  readonly ignoreFiles: readonly string[];
  /** What was left out, topmost only, with the reason. */
  readonly excluded: readonly Excluded[];
  /** Folders that could not be listed, sorted: what is in them is not known. */
  readonly unreadable: readonly string[];
}

export interface Excluded {
  readonly path: string;
  readonly why: string;
}

/** Folders that never hold first-party code. */
const NEVER: ReadonlySet<string> = new Set([
  "node_modules",
  "site-packages",
  "__pycache__",
  ".git",
  ".hg",
  ".svn",
  ".fastpipe",
]);
/** Folders that hold build products, unless they are packages themselves. */
const BUILD: ReadonlySet<string> = new Set(["build", "dist"]);
/** A link inside a linked folder is followed; one more level could multiply without end. */
const MOST_LINKS = 2;

interface Folder {
  readonly path: string;
  /** Where it really is, below the root. */
  readonly real: string;
  /** Where the links on the way were. */
  readonly through: readonly string[];
  /** Rules of the folders above, outermost first. */
  readonly rules: readonly Rules[];
}

interface Rules {
  /** The folder of the `.gitignore`, ending in `/` unless it is the root. */
  readonly base: string;
  readonly file: Ignore;
}

/** Walks the tree. `exclude` are globs; one without `/` matches a name at any depth, a folder's match takes all below. */
export function discover(port: FolderPort, exclude: readonly string[]): Discovery {
  const excludedBy = excludeMatcher(exclude);
  const files: string[] = [];
  const folders: string[] = [];
  const ignoreFiles: string[] = [];
  const excluded: Excluded[] = [];
  const unreadable: string[] = [];
  const stack: Folder[] = [{ path: "", real: "", through: [], rules: [] }];
  for (let folder = stack.pop(); folder !== undefined; folder = stack.pop()) {
    const entries = port.list(folder.path);
    if (entries === null) {
      // Watched too: it may be opened.
      folders.push(folder.path);
      unreadable.push(folder.path);
      continue;
    }
    const names = new Set(entries.map((entry) => entry.name));
    const prefix = folder.path === "" ? "" : `${folder.path}/`;
    const unwanted = folder.path === "" ? null : unwantedFolder(folder.path, names);
    // Watched even so: a `pyvenv.cfg` or `__init__.py` that comes or goes changes the answer.
    folders.push(folder.path);
    if (unwanted !== null) {
      excluded.push({ path: folder.path, why: unwanted });
      continue;
    }
    const rules = names.has(".gitignore") ? withRules(port, prefix, folder.rules, ignoreFiles) : folder.rules;
    for (const entry of entries) {
      const path = prefix + entry.name;
      if (entry.kind === "file" && !entry.name.endsWith(".py")) continue;
      const why = NEVER.has(entry.name)
        ? `${entry.name} is never first party`
        : excludedBy(path)
          ? "exclude in pyproject.toml"
          : ignoredBy(rules, path, entry.kind);
      if (why !== null) {
        if (entry.kind === "file" || !NEVER.has(entry.name)) excluded.push({ path, why });
        continue;
      }
      if (entry.kind === "file") files.push(path);
      else {
        const child = enter(folder, entry, path, rules);
        if (typeof child !== "string") stack.push(child);
        else excluded.push({ path, why: child });
      }
    }
  }
  return {
    files: files.sort(),
    folders: folders.sort(),
    ignoreFiles: ignoreFiles.sort(),
    excluded: excluded.sort((a, b) => (a.path < b.path ? -1 : 1)),
    unreadable: unreadable.sort(),
  };
}

function unwantedFolder(path: string, names: ReadonlySet<string>): string | null {
  if (names.has("pyvenv.cfg")) return "a virtual environment";
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (BUILD.has(name) && !names.has("__init__.py")) return `${name} holds build products`;
  return null;
}

/** The folder to walk, or why it is not followed. */
function enter(parent: Folder, entry: FolderEntry, path: string, rules: readonly Rules[]): Folder | string {
  if (entry.target === undefined) {
    const real = parent.real === "" ? entry.name : `${parent.real}/${entry.name}`;
    return { path, real, through: parent.through, rules };
  }
  const { target } = entry;
  if (target === null) return "a link out of the project";
  if (parent.through.length >= MOST_LINKS) return "a link inside a linked folder";
  const through = [...parent.through, parent.real];
  if (through.some((from) => holds(target, from))) return "a link to a folder above itself";
  return { path, real: target, through, rules };
}

/** Whether `path` is `folder` or below it. */
function holds(folder: string, path: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

function withRules(port: FolderPort, base: string, above: readonly Rules[], seen: string[]): readonly Rules[] {
  const path = `${base}.gitignore`;
  const bytes = port.read(path);
  seen.push(path);
  if (bytes === null) return above;
  const text = new TextDecoder().decode(bytes).replace(/^\ufeff/, "");
  return [...above, { base, file: ignore({ ignorecase: false }).add(text) }];
}

/** https://git-scm.com/docs/gitignore : the last pattern that matches decides, and a deeper file comes later. */
function ignoredBy(rules: readonly Rules[], path: string, kind: "file" | "folder"): string | null {
  for (let index = rules.length - 1; index >= 0; index--) {
    const { base, file } = rules[index];
    const { ignored, unignored } = file.test(path.slice(base.length) + (kind === "folder" ? "/" : ""));
    if (ignored) return `ignored by ${base}.gitignore`;
    if (unignored) return null;
  }
  return null;
}

function excludeMatcher(exclude: readonly string[]): (path: string) => boolean {
  const globs = exclude.map((glob) => glob.replace(/^\.\//, "").replace(/\/+$/, ""));
  if (globs.length === 0) return () => false;
  const byName = picomatch(
    globs.filter((glob) => !glob.includes("/")),
    { dot: true },
  );
  const byPath = picomatch(
    globs.filter((glob) => glob.includes("/")),
    { dot: true },
  );
  return (path) => byPath(path) || byName(path.slice(path.lastIndexOf("/") + 1));
}
