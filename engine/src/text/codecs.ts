/**
 * The codecs a coding cookie can name, other than UTF-8.
 *
 * Latin-1 and ASCII are read here (a web TextDecoder reads both as windows-1252); the rest goes to TextDecoder.
 */

import type { Result } from "../program/types.ts";

/** Python's own spelling rules for codec names: case and runs of punctuation do not count. */
function lookupName(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "_")
    .replace(/^_|_$/g, "");
}

const LATIN1 = new Set(
  "8859 cp819 csisolatin1 ibm819 iso8859 iso8859_1 iso_8859_1 iso_8859_1_1987 iso_ir_100 l1 latin latin1 latin_1".split(
    " ",
  ),
);
const ASCII = new Set(
  "646 ansi_x3.4_1968 ansi_x3_4_1968 ansi_x3.4_1986 cp367 csascii ibm367 iso646_us iso_646.irv_1991 iso_ir_6 us us_ascii ascii".split(
    " ",
  ),
);
const UTF8 = new Set("u8 utf utf8 utf8_ucs2 utf8_ucs4 cp65001 utf_8".split(" "));

/**
 * Decodes with a named codec. Null: no such codec. The error is the index of the first byte that can't be decoded.
 */
export function decodeWith(name: string, bytes: Uint8Array): Result<string, number> | null {
  const key = lookupName(name);
  if (LATIN1.has(key)) return { ok: true, value: latin1(bytes) };
  if (ASCII.has(key)) {
    const bad = bytes.findIndex((b) => b > 127);
    return bad < 0 ? { ok: true, value: latin1(bytes) } : { ok: false, error: bad };
  }
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(UTF8.has(key) ? "utf-8" : key.replaceAll("_", "-"), { fatal: true, ignoreBOM: true });
  } catch {
    return null;
  }
  try {
    return { ok: true, value: decoder.decode(bytes) };
  } catch {
    return { ok: false, error: 0 };
  }
}

function latin1(bytes: Uint8Array): string {
  let out = "";
  for (let i = 0; i < bytes.length; i += 8192) {
    out += String.fromCharCode.apply(null, bytes.subarray(i, i + 8192) as unknown as number[]);
  }
  return out;
}
