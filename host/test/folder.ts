/** Real folders for tests: made from a description, removed at the end. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** Makes a folder with these files (`{ link }` makes a symbolic link) and gives its absolute path. */
export function folder(files: Readonly<Record<string, string | Uint8Array | { readonly link: string }>> = {}): string {
  const root = mkdtempSync(path.join(tmpdir(), "fastpipe-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  write(root, files);
  return root;
}

/** Writes more files into a folder. */
export function write(
  root: string,
  files: Readonly<Record<string, string | Uint8Array | { readonly link: string }>>,
): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === "string" || content instanceof Uint8Array) writeFileSync(file, content);
    else symlinkSync(content.link, file);
  }
}
