/**
 * Which files can hold stages, by what a scan of their text says: so that a project of thousands of files is not parsed to
 * find a dozen stages. Over-approximates; what it leaves out can't hold a stage.
 */
import type { Files } from "./files.ts";

/**
 * Files that import a stage decorator's package, or, with an `@`, name a module which does, and so on: a decorator may be
 * re-exported by first-party modules (manifest §7).
 */
export function stageFiles(files: Files, decorators: ReadonlySet<string>): readonly string[] {
  return files.derived("stage files", () => findStageFiles(files, decorators));
}

function findStageFiles(files: Files, decorators: ReadonlySet<string>): readonly string[] {
  const packages = wordIn(new Set([...decorators].map((name) => name.split(".")[0])));
  const all = files.list();
  const direct = new Set<string>();
  const unread = new Set<string>();
  const others = new Map<string, string>();
  for (const file of all) {
    const { imports, readable } = files.scan(file);
    if (!readable) unread.add(file);
    if (imports === "") continue;
    if (packages.test(imports)) direct.add(file);
    else others.set(file, imports);
  }
  const found = new Set(direct);
  let fresh = [...found];
  while (fresh.length > 0 && others.size > 0) {
    const stems = new Set(fresh.map(stem));
    const named = wordIn(stems);
    fresh = [];
    for (const [file, imports] of others) {
      // The root's own package can be imported under any name.
      if (!stems.has("") && !named.test(imports)) continue;
      others.delete(file);
      found.add(file);
      fresh.push(file);
    }
  }
  return all.filter((file) => direct.has(file) || unread.has(file) || (found.has(file) && files.scan(file).at));
}

/** The name by which a file is imported: its own, or its folder's for a package; empty for the root's package. */
function stem(file: string): string {
  const parts = file.replace(/\.py$/, "").split("/");
  if (parts[parts.length - 1] === "__init__") parts.pop();
  return (parts[parts.length - 1] ?? "").normalize("NFKC");
}

/** Matches a text that has one of these words; within longer ones too where a word is not ASCII. */
function wordIn(words: ReadonlySet<string>): RegExp {
  const patterns = [...words].map((word) => {
    const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return /[^\0-\x7f]/.test(word) ? escaped : `\\b${escaped}\\b`;
  });
  return new RegExp(patterns.join("|"));
}
