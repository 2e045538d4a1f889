/**
 * Files on disk for the server: finds projects, reads through the host, watches folders for clients that don't, and puts
 * pages into a temporary folder. Writes nothing inside a project by itself.
 */
import { type FSWatcher, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { committedLocks, findRoot, NodeFiles } from "@fastpipe/host/node";
import { URI } from "vscode-uri";
import type { MakePlatform, OpenedFiles, Platform } from "../common/platform.ts";
import { findNestedRoots } from "./nestedRoots.ts";

/** Milliseconds until a burst of file events is over. */
const SETTLED = 150;

export const nodePlatform: MakePlatform = (_connection, _client, log): Platform => {
  let pages: string | null = null;
  return {
    async findRoots(folder) {
      const file = filePath(folder);
      if (file === null) return [];
      const own = findRoot(file) ?? file;
      const roots = [own, ...findNestedRoots(file)];
      return [...new Set(roots)].sort().map((root) => URI.file(root).toString());
    },
    async rootAbove(uri) {
      const file = filePath(uri);
      const root = file === null ? null : findRoot(path.dirname(file));
      return root === null ? null : URI.file(root).toString();
    },
    async openFiles(root) {
      return diskFiles(new NodeFiles(filePath(root) ?? root));
    },
    watch(root, folders, seen) {
      return watchFolders(filePath(root) ?? root, folders, seen, (message) => log.warn(message));
    },
    // Beside this bundle, where the build puts them.
    outline: {
      runtime: () => readFile(path.join(__dirname, "web-tree-sitter.wasm")),
      grammar: () => readFile(path.join(__dirname, "tree-sitter-python.wasm")),
    },
    async writePage(name, text) {
      if (pages === null) {
        const made = mkdtempSync(path.join(tmpdir(), "fastpipe-"));
        process.once("exit", () => rmSync(made, { recursive: true, force: true }));
        pages = made;
      }
      const file = path.join(pages, name);
      writeFileSync(file, text);
      return URI.file(file).toString();
    },
  };
};

function filePath(uri: string): string | null {
  const parsed = URI.parse(uri);
  return parsed.scheme === "file" ? parsed.fsPath.replace(/(?<=.)[\\/]+$/, "") : null;
}

function diskFiles(files: NodeFiles): OpenedFiles {
  return {
    files,
    peek(file) {
      try {
        return readFileSync(path.join(files.root, file));
      } catch {
        return null;
      }
    },
    poll: () => files.poll(),
    committedLocks: () => committedLocks(files.root).map(({ lock }) => lock),
    // The disk is read when the engine asks; nothing is kept that could be old.
    refresh: async () => {},
    onFetched: () => {},
  };
}

/** One watch for each folder, none of them recursive: what lies beside the code (data, environments) is not looked at. */
function watchFolders(root: string, folders: readonly string[], seen: () => void, warn: (message: string) => void) {
  const watches: FSWatcher[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const changed = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(seen, SETTLED);
  };
  for (const folder of folders) {
    try {
      const watching = watch(path.join(root, folder), { persistent: false }, changed);
      // A folder that goes away is seen by the watch on the folder above.
      watching.on("error", () => watching.close());
      watches.push(watching);
    } catch (error) {
      warn(`${path.join(root, folder)} is not watched: ${(error as Error).message}`);
      break;
    }
  }
  return {
    dispose() {
      if (timer !== null) clearTimeout(timer);
      for (const watching of watches) watching.close();
    },
  };
}
