/**
 * Finds projects inside a folder: those with their own `fastpipe.lock` or `[tool.fastpipe]` table. Looks downward, past
 * folders that hold no first-party code, and not without end; reads no file but `pyproject.toml`.
 */
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { CONFIG_FILE, hasFastpipeTable } from "@fastpipe/engine";
import { LOCK_FILE } from "@fastpipe/host";

const NEVER = new Set(["node_modules", "site-packages", "__pycache__", "build", "dist"]);
const MOST_FOLDERS = 20_000;
const MOST_DEPTH = 12;

/** Absolute paths, the folder itself left out. */
export function findNestedRoots(folder: string): string[] {
  const found: string[] = [];
  const open: { at: string; depth: number }[] = [{ at: folder, depth: 0 }];
  let seen = 0;
  for (let next = open.pop(); next !== undefined && seen < MOST_FOLDERS; next = open.pop(), seen++) {
    const entries = entriesOf(next.at);
    const names = new Set(entries.filter((entry) => entry.isFile()).map((entry) => entry.name));
    if (names.has("pyvenv.cfg")) continue;
    if (next.at !== folder && isRoot(next.at, names)) found.push(next.at);
    if (next.depth === MOST_DEPTH) continue;
    for (const entry of entries) {
      // Links are not entered: what they lead to is a project where it is.
      if (!entry.isDirectory() || entry.name.startsWith(".") || NEVER.has(entry.name)) continue;
      open.push({ at: path.join(next.at, entry.name), depth: next.depth + 1 });
    }
  }
  return found;
}

function isRoot(folder: string, names: ReadonlySet<string>): boolean {
  if (names.has(LOCK_FILE)) return true;
  if (!names.has(CONFIG_FILE)) return false;
  try {
    return hasFastpipeTable(readFileSync(path.join(folder, CONFIG_FILE), "utf8"));
  } catch {
    return false;
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
