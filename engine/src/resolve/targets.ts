/** What references lead to, as values. */
import type { ModuleSummary } from "../summary/types.ts";
import { same } from "./changes.ts";
import type { ModuleRef } from "./modules.ts";

/** What a chain means, with the attributes that are left to read from it. */
export type Target =
  /** A module-level name of a first-party file. */
  | { readonly kind: "name"; readonly file: string; readonly name: string; readonly attrs: readonly string[] }
  /** A definition nested in another. */
  | { readonly kind: "nested"; readonly file: string; readonly qualname: string; readonly attrs: readonly string[] }
  /** A module object that escapes; `attrs` such as `__dict__`. */
  | { readonly kind: "module"; readonly module: ModuleRef; readonly attrs: readonly string[] }
  /** Standard library or installed: `module` is what is imported, `dotted` the whole. */
  | {
      readonly kind: "external";
      readonly module: string;
      readonly dotted: string;
      /** `import a.b`, where what is read of `a` is not below `a.b`: the submodules that are imported, one text. */
      readonly imported?: string;
    }
  | { readonly kind: "builtin"; readonly name: string; readonly attrs: readonly string[] }
  /** Looks first party and is not there. */
  | { readonly kind: "missing"; readonly dotted: string }
  /** In a file that does not parse and of which no good version is known. */
  | { readonly kind: "broken"; readonly file: string; readonly dotted: string }
  /** `__name__`, `__file__` and the like: the file's own place. */
  | { readonly kind: "place"; readonly file: string | null; readonly name: string; readonly attrs: readonly string[] }
  | { readonly kind: "docs"; readonly file: string; readonly attrs: readonly string[] };

/** What resolution needs to know of files. */
export interface SummarySource {
  /** The file's summary (last good one while it is broken), or null when it can't be had. */
  summary(file: string): ModuleSummary | null;
}

/** Whether two targets are the same thing. */
export function sameTarget(a: Target, b: Target): boolean {
  if (a.kind !== b.kind) return false;
  if ("attrs" in a && !same(a.attrs, (b as typeof a).attrs, (x, y) => x === y)) return false;
  switch (a.kind) {
    case "name":
    case "place":
      return a.file === (b as typeof a).file && a.name === (b as typeof a).name;
    case "nested":
      return a.file === (b as typeof a).file && a.qualname === (b as typeof a).qualname;
    case "module": {
      const other = (b as typeof a).module;
      return a.module.id === other.id && same(a.module.folders, other.folders, (x, y) => x === y);
    }
    case "external": {
      const other = b as typeof a;
      return a.module === other.module && a.dotted === other.dotted && a.imported === other.imported;
    }
    case "builtin":
      return a.name === (b as typeof a).name;
    case "missing":
      return a.dotted === (b as typeof a).dotted;
    case "broken":
      return a.file === (b as typeof a).file && a.dotted === (b as typeof a).dotted;
    case "docs":
      return a.file === (b as typeof a).file;
  }
}
