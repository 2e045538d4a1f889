/**
 * Writes engine/src/syntax/unicodeNamesData.ts: the character names and aliases that `\N{...}` knows in CPython 3.14.
 *
 *     node scripts/generate/unicode-names.mjs
 *
 * Takes them from pyodide's `unicodedata` (pinned by package-lock.json), names that follow a rule left out. Needed again
 * only when CPython's Unicode version changes.
 */

import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadPyodide } from "pyodide";

const target = join(
  dirname(fileURLToPath(import.meta.url)),
  "..",
  "..",
  "engine",
  "src",
  "syntax",
  "unicodeNamesData.ts",
);

// Aliases have no public listing: CPython keeps them as names of private-use code points, behind its name API.
const PYTHON = `
import ctypes, json, unicodedata
pointer = ctypes.pythonapi.PyCapsule_GetPointer
pointer.restype = ctypes.c_void_p
pointer.argtypes = [ctypes.py_object, ctypes.c_char_p]
GETNAME = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_uint32, ctypes.c_char_p, ctypes.c_int, ctypes.c_int)
class Api(ctypes.Structure):
    _fields_ = [("getname", GETNAME), ("getcode", ctypes.c_void_p)]
api = Api.from_address(pointer(unicodedata._ucnhash_CAPI, b"unicodedata._ucnhash_CAPI"))
buffer = ctypes.create_string_buffer(512)
names, cjk, aliases = [], [], []
for code in range(0x110000):
    name = unicodedata.name(chr(code), None)
    if name is None or name.startswith("HANGUL SYLLABLE "):
        continue
    if name == "CJK UNIFIED IDEOGRAPH-%04X" % code:
        if cjk and cjk[-1][1] == code - 1:
            cjk[-1][1] = code
        else:
            cjk.append([code, code])
        continue
    names.append([code, name])
for code in range(0xF0000, 0xF2000):
    if api.getname(code, buffer, 512, 1):
        name = buffer.value.decode()
        found = unicodedata.lookup(name)
        if len(found) == 1:
            aliases.append([ord(found), name])
json.dumps({"names": names, "cjk": cjk, "aliases": sorted(aliases), "version": unicodedata.unidata_version})
`;

const python = await loadPyodide();
const { names, cjk, aliases, version } = JSON.parse(python.runPython(PYTHON));

/** Digits: printable ASCII that needs no escape inside double quotes, and no blank (blanks separate). */
const DIGITS = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
  .filter((ch) => !' "$\\'.includes(ch))
  .join("");
const BASE = DIGITS.length;
const SINGLE = 56;
const TRIPLE = 2;

/** A number below `BASE - 2 * …` as one to three digits: frequent ones are short. */
function code(value) {
  if (value < SINGLE) return DIGITS[value];
  let rest = value - SINGLE;
  const doubles = (BASE - SINGLE - TRIPLE) * BASE;
  if (rest < doubles) return DIGITS[SINGLE + Math.floor(rest / BASE)] + DIGITS[rest % BASE];
  rest -= doubles;
  const lead = Math.floor(rest / (BASE * BASE));
  if (lead >= TRIPLE) throw new Error("too many words");
  return DIGITS[BASE - TRIPLE + lead] + DIGITS[Math.floor(rest / BASE) % BASE] + DIGITS[rest % BASE];
}

/** A name's words; a last word that ends in the character's own number ends in `~` instead. */
function wordsOf(point, name) {
  const suffix = `-${point.toString(16).toUpperCase().padStart(4, "0")}`;
  const text = name.endsWith(suffix) ? `${name.slice(0, -suffix.length)}~` : name;
  return text.split(" ");
}

const entries = [...names, ...aliases].map(([point, name]) => ({ point, words: wordsOf(point, name) }));
const frequency = new Map();
let previous = [];
for (const entry of entries) {
  let shared = 0;
  while (shared < entry.words.length && shared < 9 && entry.words[shared] === previous[shared]) shared++;
  entry.shared = shared;
  for (const word of entry.words.slice(shared)) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  previous = entry.words;
}
const words = [...frequency.keys()].sort((a, b) => frequency.get(b) - frequency.get(a) || (a < b ? -1 : 1));
const index = new Map(words.map((word, i) => [word, i]));
// One entry: how many words are as in the entry before, then the other words; a step other than one comes first, after "!".
let last = -1;
const encoded = entries.map(({ point, words: all, shared }) => {
  const step = point - last;
  last = point;
  const jump = step === 1 ? "" : `!${step}!`;
  return `${jump}${shared}${all
    .slice(shared)
    .map((word) => code(index.get(word)))
    .join("")}`;
});
const text = `/**
 * Unicode ${version} character names and aliases, packed; written by scripts/generate/unicode-names.mjs, read by unicodeNames.ts.
 *
 * Above 400 lines in substance, one line each in form, because it is data.
 */

/** Words in order of frequency. */
export const WORDS = ${JSON.stringify(words.join(" "))};
/** Entries by code point: words shared with the entry before, then word numbers. */
export const ENTRIES = ${JSON.stringify(encoded.join(" "))};
/** Digits of word numbers; \`SINGLE\` of them stand alone, the last \`TRIPLE\` start three-digit numbers. */
export const DIGITS = ${JSON.stringify(DIGITS)};
export const SINGLE = ${SINGLE};
export const TRIPLE = ${TRIPLE};
/** First and last code point of each run of CJK unified ideographs. */
export const CJK: readonly (readonly [number, number])[] = ${JSON.stringify(cjk)};
`;
writeFileSync(target, text);
console.log(
  `${entries.length} names, ${words.length} words, ${(text.length / 1024).toFixed(0)} KB, Unicode ${version}`,
);
