/**
 * A project's files behind a port that answers later: names are all known, contents are read ahead where they will be
 * needed and fetched on demand where they might be. Until a fetch is done such a file reads as missing; then whoever
 * listens is told. Writes go through to the port before they can be read.
 */
import { CONFIG_FILE, objectPath, STORE_FOLDER } from "@fastpipe/engine";
import { LOCK_FILE, MemoryFiles, type ObjectStore } from "@fastpipe/host";

/** The far side. Paths are relative to the root. */
export interface RemotePort {
  list(): Promise<readonly string[]>;
  /** Contents in the order of the paths; null for what can't be read. */
  read(paths: readonly string[]): Promise<readonly (Uint8Array | null)[]>;
  write(path: string, text: string): Promise<void>;
}

/** Files in one message: enough to be quick, few enough to leave room for other messages. */
const BATCH = 200;
const AHEAD = new Set([
  CONFIG_FILE,
  LOCK_FILE,
  ".gitignore",
  "pyvenv.cfg",
  "uv.lock",
  "poetry.lock",
  "requirements.txt",
]);

export class RemoteFiles extends MemoryFiles {
  declare readonly objects: ObjectStore;
  readonly #port: RemotePort;
  /** Files that are there and not read: contents are fetched when somebody asks. */
  readonly #unread = new Set<string>();
  readonly #fetching = new Map<string, Promise<void>>();
  #fetched: (paths: readonly string[]) => void = () => {};

  constructor(root: string, port: RemotePort) {
    super({}, { root, write: (path, text) => this.#write(path, text) });
    this.#port = port;
    const kept = this.objects;
    this.objects = {
      read: async (hash) => {
        const path = objectPath(hash);
        if (path !== null) await this.#load([path].filter((each) => this.#unread.has(each)));
        return kept.read(hash);
      },
      write: (objects, history) => kept.write(objects, history),
      history: async () => {
        await this.#load([...this.#unread].filter((path) => path === `${STORE_FOLDER}/history.ndjson`));
        return kept.history();
      },
    };
  }

  onFetched(callback: (paths: readonly string[]) => void): void {
    this.#fetched = callback;
  }

  /** Until everything that was asked for so far is there. */
  async settled(): Promise<void> {
    await Promise.all(this.#fetching.values());
  }

  override read(path: string): Uint8Array | null {
    if (this.#unread.has(path) && !this.#fetching.has(path)) {
      const fetch = this.#load([path])
        // A far side that fails to answer: the file counts as missing, and is not asked for over and over.
        .catch(() => void this.#unread.delete(path))
        .then(() => {
          this.#fetching.delete(path);
          this.#fetched([path]);
        });
      this.#fetching.set(path, fetch);
    }
    return super.read(path);
  }

  override hasFile(path: string): boolean {
    return this.#unread.has(path) || super.hasFile(path);
  }

  /** Reads some files again, or (null) looks at the whole tree again. */
  async refresh(paths: readonly string[] | null): Promise<void> {
    if (paths !== null) return this.#load(paths);
    const present = new Set(await this.#port.list());
    for (const path of this.paths()) if (!present.has(path)) this.set(path, null);
    this.#unread.clear();
    const ahead: string[] = [];
    for (const path of present) {
      if (path.endsWith(".py") || AHEAD.has(path.slice(path.lastIndexOf("/") + 1))) ahead.push(path);
      else if (super.read(path) === null) this.#unread.add(path);
      else ahead.push(path);
    }
    await this.#load(ahead);
  }

  async #write(path: string, text: string): Promise<void> {
    const ignoreFile = `${STORE_FOLDER}/.gitignore`;
    // The store is never committed, here as on disk.
    if (path.startsWith(`${STORE_FOLDER}/`) && !this.hasFile(ignoreFile)) {
      await this.#port.write(ignoreFile, "*\n");
      this.set(ignoreFile, "*\n");
    }
    await this.#port.write(path, text);
  }

  async #load(paths: readonly string[]): Promise<void> {
    for (let i = 0; i < paths.length; i += BATCH) {
      const batch = paths.slice(i, i + BATCH);
      const contents = await this.#port.read(batch);
      batch.forEach((path, n) => {
        this.#unread.delete(path);
        this.set(path, contents[n]);
      });
    }
  }
}
