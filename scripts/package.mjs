/**
 * `npm run package`: builds minified bundles and packs them into fastpipe-<version>.vsix, a VS Code extension with all it
 * needs inside. Fails when the file grows past the limit or when a part of it is missing.
 */
import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
/** Bytes. A user waits for this, and a web extension fetches it each time. */
const LIMIT = 1_500_000;
const NEEDED = [
  "package.json",
  "package.nls.json",
  "package.nls.de.json",
  "l10n/bundle.l10n.de.json",
  "LICENSE",
  "dist/extension.js",
  "dist/client.js",
  "dist/server.js",
  "dist/browser/extension.js",
  "dist/browser/server.js",
  "dist/web-tree-sitter.wasm",
  "dist/tree-sitter-python.wasm",
  "dist/THIRD-PARTY-NOTICES.txt",
  "dist/webview/graph.js",
  "client/media/icon.png",
  "client/media/activity.svg",
  "client/media/changed-dark.svg",
  "client/media/changed-light.svg",
  "client/media/graph.css",
  "client/media/walkthrough/mark.svg",
  "client/media/walkthrough/record.svg",
  "client/media/walkthrough/change.svg",
  "client/media/walkthrough/decide.svg",
  "syntaxes/fastpipe-lock.tmLanguage.json",
  "syntaxes/fastpipe-explain.tmLanguage.json",
  "syntaxes/fastpipe-comment.tmLanguage.json",
];

/** Gives the path of the file made. */
export async function packageExtension() {
  const { version } = JSON.parse(await readFile(path.join(root, "package.json"), "utf8"));
  const vsix = path.join(root, `fastpipe-${version}.vsix`);
  const vsce = path.join(root, "node_modules/@vscode/vsce/vsce");
  const node = async (...args) => run(process.execPath, args, { cwd: root, maxBuffer: 1 << 24 });
  await node("scripts/build.mjs", "--minify").catch((error) => {
    process.stderr.write(error.stderr);
    throw new Error("the build failed");
  });
  const listed = (await node(vsce, "ls", "--no-dependencies")).stdout.split("\n");
  const missing = NEEDED.filter((file) => !listed.includes(file));
  if (missing.length > 0) throw new Error(`the extension would lack ${missing.join(", ")}`);
  const { stdout, stderr } = await node(vsce, "package", "--no-dependencies", "-o", vsix);
  process.stderr.write(stderr + stdout);
  if (/\bWARN/.test(stderr + stdout)) throw new Error("the packager warns: see above");
  const { size } = await stat(vsix);
  if (size > LIMIT) throw new Error(`${vsix} is ${size} bytes, more than ${LIMIT}`);
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const vsix = await packageExtension();
  process.stdout.write(`${vsix}: ${((await stat(vsix)).size / 1000).toFixed(0)} kB\n`);
}
