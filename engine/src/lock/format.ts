/**
 * Lock → text of `fastpipe.lock` (manifest §8). The same lock always gives the same bytes: stages and entries in code
 * unit order, fields in the order of the contract, one spelling for each scalar. Never reads a clock or a file.
 */
import { nameScalar, recordedScalar, textScalar } from "./scalar.ts";
import type { Baseline, Lock } from "./types.ts";

/** The version of the lock's layout that this code writes, and the newest that it reads. */
export const LOCK_VERSION = 1;

/** A YAML reader takes a key in front of `: ` only up to 1,024 characters; longer ones need the `? ` form. */
const LONGEST_IMPLICIT_KEY = 1000;

/** The text of a lock, ending in a newline. */
export function formatLock(lock: Lock): string {
  const out: string[] = [`version: ${LOCK_VERSION}\nlevel: ${lock.level}\n`];
  if (lock.stages.size === 0) {
    out.push("stages: {}\n");
    return out.join("");
  }
  out.push("stages:\n");
  for (const id of [...lock.stages.keys()].sort(byCodeUnit)) {
    out.push(keyLine("  ", nameScalar(id), ""));
    writeBaseline(out, lock.stages.get(id)!, "    ");
  }
  return out.join("");
}

/** Order of keys in the lock: by UTF-16 code unit, the same on every machine and in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeBaseline(out: string[], baseline: Baseline, indent: string): void {
  out.push(`${indent}file: ${nameScalar(baseline.file)}\n${indent}how: ${baseline.how}\n${indent}at: ${baseline.at}\n`);
  if (baseline.level !== undefined) out.push(`${indent}level: ${baseline.level}\n`);
  if (baseline.duration !== undefined) out.push(`${indent}duration: ${seconds(baseline.duration)}\n`);
  if (baseline.reason !== undefined) out.push(`${indent}reason: ${textScalar(baseline.reason)}\n`);
  out.push(`${indent}code_fingerprint: ${recordedScalar(baseline.fingerprint)}\n`);
  if (baseline.entries.size === 0) {
    out.push(`${indent}code_manifest: {}\n`);
  } else {
    out.push(`${indent}code_manifest:\n`);
    const inner = `${indent}  `;
    for (const key of [...baseline.entries.keys()].sort(byCodeUnit)) {
      out.push(keyLine(inner, nameScalar(key), recordedScalar(baseline.entries.get(key)!)));
    }
  }
  if (baseline.previous !== undefined) {
    out.push(`${indent}previous:\n`);
    writeBaseline(out, baseline.previous, `${indent}  `);
  }
}

function keyLine(indent: string, key: string, value: string): string {
  if (key.length > LONGEST_IMPLICIT_KEY) return `${indent}? ${key}\n${indent}:${value === "" ? "" : ` ${value}`}\n`;
  return value === "" ? `${indent}${key}:\n` : `${indent}${key}: ${value}\n`;
}

/** Seconds to the millisecond, never in exponent form. */
function seconds(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
