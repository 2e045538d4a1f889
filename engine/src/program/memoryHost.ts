/** The in-memory twin of a host: for tests and for a browser that has read ahead. */
import type { Host } from "./types.ts";

type Contents = ReadonlyMap<string, string | Uint8Array> | Readonly<Record<string, string | Uint8Array>>;

export interface MemoryHost extends Host {
  /** Writes a file (text as UTF-8) or, with null, removes it. */
  write(path: string, content: string | Uint8Array | null): void;
  /** Puts other files and package versions in place of all. */
  replace(files: Contents, versions?: Readonly<Record<string, string>>): void;
}

/** A host over the given files; `versions` answers `packageVersion`. */
export function memoryHost(files: Contents = {}, versions: Readonly<Record<string, string>> = {}): MemoryHost {
  const encoder = new TextEncoder();
  const contents = new Map<string, Uint8Array>();
  let installed = versions;
  const host: MemoryHost = {
    listFiles: () => [...contents.keys()].filter((path) => path.endsWith(".py")),
    readFile: (path) => contents.get(path) ?? null,
    packageVersion: (name) => installed[name] ?? null,
    write: (path, content) => {
      if (content === null) contents.delete(path);
      else contents.set(path, typeof content === "string" ? encoder.encode(content) : content);
    },
    replace: (next, nextVersions = {}) => {
      contents.clear();
      installed = nextVersions;
      const pairs = next instanceof Map ? [...next] : Object.entries(next);
      for (const [path, content] of pairs) host.write(path, content);
    },
  };
  host.replace(files, versions);
  return host;
}
