/** A project's files in memory as an engine's host, with the ports that the product's own host has. For benchmarks only. */
import { createHash } from "node:crypto";

/** Files as text by path → a host that keeps bytes, and tells contents apart as the disk does. */
export function memoryFiles(files) {
  const contents = new Map();
  const encoder = new TextEncoder();
  const stampOf = (bytes) => createHash("sha1").update(bytes).digest("base64");
  const host = {
    listFiles: () => [...contents.keys()].filter((file) => file.endsWith(".py")),
    readFile: (file) => contents.get(file)?.bytes ?? null,
    packageVersion: () => null,
    contents: {
      stamp: (file) => contents.get(file)?.stamp ?? null,
      again: (file, stamp) => (contents.get(file)?.stamp === stamp ? contents.get(file).bytes : null),
      kept: () => null,
      keep: () => {},
    },
    write(file, text) {
      const bytes = encoder.encode(text);
      contents.set(file, { bytes, stamp: stampOf(bytes) });
    },
  };
  for (const [file, text] of files) host.write(file, text);
  return host;
}
