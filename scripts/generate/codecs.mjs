/**
 * Writes engine/src/text/codecTables.ts: Python's single-byte codecs and the names they go by.
 *
 *     node scripts/generate/codecs.mjs
 *
 * Takes them from pyodide (CPython 3.14, pinned by package-lock.json). Python's tables, not the web's: windows-1252 and
 * the like have holes in Python, which a TextDecoder fills. Codecs that do not hold ASCII as it is are left out.
 */

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "engine", "src", "text", "codecTables.ts");

const PYTHON = `
import codecs, encodings.aliases, importlib, json, pkgutil, encodings
ascii = bytes(range(128))
tables = {}
for module in sorted(m.name for m in pkgutil.iter_modules(encodings.__path__)):
    try:
        info = codecs.lookup(module)
        source = importlib.import_module("encodings." + module)
        if not hasattr(source, "decoding_table") and not hasattr(source, "decoding_map"):
            continue
        if not info._is_text_encoding or ascii.decode(module) != ascii.decode("ascii"):
            continue
        high = []
        for b in range(128, 256):
            try:
                ch = bytes([b]).decode(module)
            except UnicodeDecodeError:
                ch = "\\ufffd"
            if len(ch) != 1:
                raise ValueError
            high.append(ch)
    except Exception:
        continue
    tables[module] = "".join(high)
aliases = {}
for alias, module in encodings.aliases.aliases.items():
    aliases.setdefault(module, []).append(alias)
json.dumps({"tables": tables, "aliases": aliases})
`;

const python = await loadPyodide();
const { tables, aliases } = JSON.parse(python.runPython(PYTHON));
delete tables.latin_1;
const names = (module) => [...new Set([module, ...(aliases[module] ?? [])])].sort();

/** Multi-byte codecs go to the platform's decoder; the label it has for each. */
const LABELS = {
  big5: "big5",
  cp950: "big5",
  gb18030: "gb18030",
  gb2312: "gbk",
  gbk: "gbk",
  cp932: "shift_jis",
  shift_jis: "shift_jis",
  euc_jp: "euc-jp",
  euc_kr: "euc-kr",
  cp949: "euc-kr",
  iso2022_jp: "iso-2022-jp",
  utf_8: "utf-8",
};

const ascii = (text) =>
  JSON.stringify(text).replace(/[^\x20-\x7e]/g, (ch) => `\\u${ch.charCodeAt(0).toString(16).padStart(4, "0")}`);
const rows = Object.entries(tables).map(
  ([module, high]) => `  [${JSON.stringify(names(module).join(" "))}, ${ascii(high)}],`,
);
const text = `/**
 * Python's single-byte codecs, and platform decoders for others; written by scripts/generate/codecs.mjs, read by codecs.ts.
 */

/** Names of a codec, and its characters for bytes 128 to 255; U+FFFD where it has none. */
export const SINGLE_BYTE: readonly (readonly [names: string, high: string])[] = [
${rows.join("\n")}
];

/** Names of a codec, and the label under which a TextDecoder has it (or nearly). */
export const PLATFORM: readonly (readonly [names: string, label: string])[] = [
${Object.entries(LABELS)
  .map(([module, label]) => `  [${JSON.stringify(names(module).join(" "))}, ${JSON.stringify(label)}],`)
  .join("\n")}
];

export const LATIN_1 = ${JSON.stringify(names("latin_1").join(" "))};
export const ASCII = ${JSON.stringify(names("ascii").join(" "))};
`;
writeFileSync(target, text);
console.log(`${rows.length} single-byte codecs, ${(text.length / 1024).toFixed(0)} KB`);
