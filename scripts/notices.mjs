/**
 * The licences of what is bundled: esbuild says which files went in, their packages bring the texts. A package without one
 * stops the build, since its notice could not be kept.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
/** Copied beside the bundles. */
const COPIED = ["node_modules/tree-sitter-python", "node_modules/web-tree-sitter"];
/** Published without its text, by the owner and under the licence of another one. */
const TEXT_OF = { "@vscode/l10n": "vscode-languageserver" };

/** Takes esbuild's metafiles; gives the text of THIRD-PARTY-NOTICES.txt, packages in order of their names. */
export function thirdPartyNotices(metafiles) {
  const folders = new Set(COPIED);
  for (const { inputs } of metafiles) for (const file of Object.keys(inputs)) folders.add(packageFolder(file));
  folders.delete(null);
  const notices = new Map();
  for (const folder of folders) {
    const { name, version, license } = JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
    notices.set(`${name} ${version} (${license})`, licenceText(folder, name));
  }
  const unicode = readFileSync(path.join(root, "scripts/licences/unicode.txt"), "utf8");
  notices.set("Unicode Character Database, names of characters (Unicode-3.0)", unicode);
  const parts = [...notices]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${title}\n\n${text.trim()}\n`);
  return ["Fastpipe contains the following.\n", ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

/** `a/node_modules/@b/c/d.js` → `a/node_modules/@b/c`; null for a file of this repository. */
function packageFolder(file) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? null;
}

function licenceText(folder, name) {
  const other = TEXT_OF[name];
  if (other !== undefined) return licenceText(`node_modules/${other}`, other);
  const at = path.join(root, folder);
  const names = readdirSync(at);
  const file = names.find((each) => /^(?:licen[cs]e|copying)/i.test(each));
  if (file !== undefined) return readFileSync(path.join(at, file), "utf8");
  const readme = names.find((each) => /^readme/i.test(each));
  const section =
    readme && /^#*\s*License.*\n[\s\S]*permission notice[\s\S]*$/im.exec(readFileSync(path.join(at, readme), "utf8"));
  if (!section) throw new Error(`${folder} has no licence text: name where it is in scripts/notices.mjs`);
  return section[0];
}
