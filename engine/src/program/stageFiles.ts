/**
 * Which files can hold stages, by their text alone: so that a project of thousands of files is not parsed to find a dozen
 * stages. Over-approximates; what it leaves out can't hold a stage.
 */
import type { Files } from "./files.ts";

/**
 * Files that import a stage decorator's package, or, with an `@`, mention a module which does, and so on: a decorator
 * may be re-exported by first-party modules (manifest §7).
 */
export function stageFiles(files: Files, decorators: ReadonlySet<string>): readonly string[] {
  const packages = new Set([...decorators].map((name) => name.split(".")[0]));
  const imports = new RegExp(`\\b(?:import|from)\\b[^\\n]*\\b(?:${[...packages].map(escaped).join("|")})\\b`);
  const all = files.list();
  const texts = new Map<string, string>();
  const found = new Set<string>();
  for (const file of all) {
    const text = files.text(file);
    if (text === null) continue;
    if (imports.test(text)) found.add(file);
    else texts.set(file, text);
  }
  const direct = new Set(found);
  let fresh = [...found];
  while (fresh.length > 0 && texts.size > 0) {
    const stems = new Set(fresh.map(stem));
    const mentions = new RegExp(`\\b(?:${[...stems].map(escaped).join("|")})\\b`);
    const star = fresh.some((file) => stem(file) === "");
    fresh = [];
    for (const [file, text] of texts) {
      if (!/\bimport\b/.test(text) || !(mentions.test(text) || (star && /\bimport\b/.test(text)))) continue;
      texts.delete(file);
      found.add(file);
      fresh.push(file);
    }
  }
  return all.filter((file) => found.has(file) && (direct.has(file) || (files.text(file)?.includes("@") ?? false)));
}

/** The name by which a file is imported: its own, or its folder's for a package; empty for the root's package. */
function stem(file: string): string {
  const parts = file.replace(/\.py$/, "").split("/");
  if (parts[parts.length - 1] === "__init__") parts.pop();
  return parts[parts.length - 1] ?? "";
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
