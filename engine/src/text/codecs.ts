/**
 * The codecs that a coding cookie can name, other than UTF-8.
 *
 * Single-byte ones are Python's own tables; East Asian ones go to the platform's TextDecoder, which reads a few rare code
 * points differently. Not here: codecs that are no superset of ASCII (UTF-16, EBCDIC) and Python's internal ones.
 */

import type { Result } from "../program/types.ts";
import { ASCII, LATIN_1, PLATFORM, SINGLE_BYTE } from "./codecTables.ts";

/** Reads bytes; the error is the index of the first byte that the codec does not have. */
type Codec = (bytes: Uint8Array) => Result<string, number>;

let codecs: Map<string, Codec> | null = null;

function table(): Map<string, Codec> {
  const map = new Map<string, Codec>();
  const add = (names: string, codec: Codec): void => {
    for (const name of names.split(" ")) map.set(name, codec);
  };
  for (const [names, label] of PLATFORM) add(names, (bytes) => platform(label, bytes));
  for (const [names, high] of SINGLE_BYTE) add(names, (bytes) => singleByte(bytes, high));
  add(LATIN_1, (bytes) => ({ ok: true, value: latin1(bytes) }));
  add(ASCII, (bytes) => {
    const bad = bytes.findIndex((b) => b > 127);
    return bad < 0 ? { ok: true, value: latin1(bytes) } : { ok: false, error: bad };
  });
  return map;
}

/** Decodes with a codec by any of Python's names for it (`encodings.normalize_encoding`). Null: there is no such codec here. */
export function decodeWith(name: string, bytes: Uint8Array): Result<string, number> | null {
  codecs ??= table();
  const key = name
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, "_")
    .replace(/^_|_$/g, "");
  const codec = codecs.get(key);
  return codec === undefined ? null : codec(bytes);
}

function platform(label: string, bytes: Uint8Array): Result<string, number> {
  try {
    return { ok: true, value: new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { ok: false, error: Math.max(0, firstBad(label, bytes)) };
  }
}

/** Length of the longest decodable start, by bisection: decoders do not tell where they failed. */
function firstBad(label: string, bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    try {
      new TextDecoder(label, { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle;
    }
  }
  return low;
}

function singleByte(bytes: Uint8Array, high: string): Result<string, number> {
  const units = new Uint16Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i];
    const unit = b < 128 ? b : high.charCodeAt(b - 128);
    if (unit === 0xfffd) return { ok: false, error: i };
    units[i] = unit;
  }
  return { ok: true, value: fromUnits(units) };
}

function latin1(bytes: Uint8Array): string {
  return fromUnits(bytes);
}

function fromUnits(units: Uint8Array | Uint16Array): string {
  let out = "";
  for (let i = 0; i < units.length; i += 8192) {
    out += String.fromCharCode.apply(null, units.subarray(i, i + 8192) as unknown as number[]);
  }
  return out;
}
