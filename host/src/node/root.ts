/** Finds the root of a project from a folder inside it. Looks upward only; reads no file but `pyproject.toml`. */
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { CONFIG_FILE, hasFastpipeTable } from "@fastpipe/engine";
import { LOCK_FILE } from "../common/files.ts";

/** The nearest folder upward with `fastpipe.lock`, a `[tool.fastpipe]` table or `.git`; null when there is none. */
export function findRoot(start: string): string | null {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    if (isRoot(folder)) return folder;
    if (folder === path.dirname(folder)) return null;
  }
}

function isRoot(folder: string): boolean {
  if (isFile(path.join(folder, LOCK_FILE)) || existsSync(path.join(folder, ".git"))) return true;
  // A pipe of that name would be waited for.
  if (!isFile(path.join(folder, CONFIG_FILE))) return false;
  try {
    return hasFastpipeTable(readFileSync(path.join(folder, CONFIG_FILE), "utf8"));
  } catch {
    return false;
  }
}

function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    // A link to itself, a folder that nobody may look into.
    return false;
  }
}
