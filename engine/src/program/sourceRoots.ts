/**
 * Which folders modules are looked up in, as far as `pyproject.toml` says so to a build back end: setuptools, hatch, poetry,
 * flit, pdm and uv, and a bare `src/`. Never fails: a setting of another tool that makes no sense here is that tool's affair.
 */

export type Table = { readonly [key: string]: unknown };

/** What exists below the root. Paths are relative with `/`. */
export interface Layout {
  /** The root's path or URI, where it has one. */
  readonly root?: string;
  hasFolder(path: string): boolean;
  hasFile(path: string): boolean;
}

/** The name under which code of the root imports itself, when the root is a package: its folder's; else null. */
export function rootPackage(layout: Layout): string | null {
  if (layout.root === undefined || !layout.hasFile("__init__.py")) return null;
  const name = /([^/\\]+)[/\\]*$/.exec(layout.root)?.[1] ?? "";
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? name : null;
}

/** Source roots as a build back end would find them, in the order of `orderSourceRoots`. */
export function inferSourceRoots(document: Table, layout: Layout): readonly string[] {
  const found: string[] = [];
  const add = (path: unknown) => {
    if (typeof path === "string") found.push(path);
  };
  const tool = table(document.tool);
  setuptools(table(tool.setuptools), add);
  hatch(table(table(tool.hatch).build), add);
  for (const item of list(table(tool.poetry).packages)) add(table(item).from);
  const pdm = table(tool.pdm);
  add(table(pdm.build)["package-dir"]);
  add(pdm["package-dir"]);
  add(table(table(tool.uv)["build-backend"])["module-root"]);
  // A `src` that is itself a package is imported as `src.x`, from the root.
  if (layout.hasFolder("src") && !layout.hasFile("src/__init__.py")) add("src");
  return orderSourceRoots(found);
}

/** Folders that stay below the root, each once: the most specific (deepest) first, ties by name, the root (`""`) last. */
export function orderSourceRoots(folders: readonly string[]): readonly string[] {
  const roots = new Set(folders.map(normalRoot).filter((root) => root !== null && root !== "") as string[]);
  return [...roots].sort((a, b) => depth(b) - depth(a) || (a < b ? -1 : 1)).concat("");
}

/** A folder below the root in one spelling (`./src/` → `src`, `.` → ``), or null when it leaves the root. */
export function normalRoot(path: string): string | null {
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path) || path.includes("\0")) return null;
  const parts: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join("/");
}

/** https://setuptools.pypa.io/en/latest/userguide/package_discovery.html */
function setuptools(options: Table, add: (path: unknown) => void): void {
  for (const [name, path] of Object.entries(table(options["package-dir"]))) {
    if (typeof path === "string") add(parentFor(name, path));
  }
  for (const path of list(table(table(options.packages).find).where)) add(path);
}

/** https://hatch.pypa.io/latest/config/build/ : `packages` names package folders, `sources` roots or rewritten prefixes. */
function hatch(build: Table, add: (path: unknown) => void): void {
  for (const target of [build, table(table(build.targets).wheel)]) {
    for (const path of list(target.packages)) {
      const root = typeof path === "string" ? normalRoot(path) : null;
      if (root !== null) add(root.slice(0, Math.max(root.lastIndexOf("/"), 0)));
    }
    for (const path of list(target.sources)) add(path);
    for (const [path, prefix] of Object.entries(table(target.sources))) if (prefix === "") add(path);
  }
}

/** Where package `name` at `path` is imported from: `{"" = "src"}` → `src`, `{"a.b" = "lib/a/b"}` → `lib`. */
function parentFor(name: string, path: string): string | null {
  if (name === "") return path;
  const root = normalRoot(path);
  const tail = name.replaceAll(".", "/");
  if (root === null) return null;
  if (root === tail) return "";
  return root.endsWith(`/${tail}`) ? root.slice(0, -tail.length - 1) : null;
}

function depth(path: string): number {
  return path.split("/").length;
}

function table(value: unknown): Table {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
