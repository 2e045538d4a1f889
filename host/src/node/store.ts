/**
 * The object store on disk, `.fastpipe/`: recorded sources by hash and the history file. Holds nothing that can't be lost,
 * so trouble with it is silent; each text is written once and atomically.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { HISTORY_FILE, type HistoryLine, objectPath, parseHistoryLine, STORE_FOLDER } from "@fastpipe/engine";
import type { ObjectStore } from "../common/files.ts";

export class DiskStore implements ObjectStore {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  async read(hash: string): Promise<string | null> {
    const place = objectPath(hash);
    if (place === null) return null;
    try {
      return readFileSync(path.join(this.#root, place), "utf8");
    } catch {
      return null;
    }
  }

  async write(objects: ReadonlyMap<string, string>, history: readonly HistoryLine[]): Promise<void> {
    try {
      this.prepare();
      for (const [hash, text] of objects) this.#writeOnce(hash, text);
      const lines = history.map((line) => `${JSON.stringify(line)}\n`).join("");
      // One write in append mode: lines of two processes do not mix.
      if (lines !== "") appendFileSync(path.join(this.#root, HISTORY_FILE), lines);
    } catch {
      // The lock is written; without the store a diff falls back to git.
    }
  }

  async history(): Promise<readonly HistoryLine[]> {
    try {
      const text = readFileSync(path.join(this.#root, HISTORY_FILE), "utf8");
      return text
        .split("\n")
        .map(parseHistoryLine)
        .filter((line) => line !== null);
    } catch {
      return [];
    }
  }

  /** Makes the folder, with an ignore file of its own so that it is never committed. */
  prepare(): void {
    const folder = path.join(this.#root, STORE_FOLDER);
    const ignoreFile = path.join(folder, ".gitignore");
    mkdirSync(folder, { recursive: true });
    if (!existsSync(ignoreFile)) writeFileSync(ignoreFile, "*\n");
  }

  #writeOnce(hash: string, text: string): void {
    const place = objectPath(hash);
    if (place === null) return;
    const file = path.join(this.#root, place);
    if (existsSync(file)) return;
    mkdirSync(path.dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  }
}
