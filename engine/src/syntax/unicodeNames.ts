/**
 * Names of characters, as `\N{...}` of a string literal takes them (Modules/unicodedata.c, `_getcode` without sequences).
 *
 * The table is unpacked when the first name is asked for; most programs never have one.
 */

import { CJK, DIGITS, ENTRIES, SINGLE, TRIPLE, WORDS } from "./unicodeNamesData.ts";

let table: Map<string, number> | null = null;

function unpack(): Map<string, number> {
  const words = WORDS.split(" ");
  const digit = new Uint8Array(128);
  for (let i = 0; i < DIGITS.length; i++) digit[DIGITS.charCodeAt(i)] = i;
  const base = DIGITS.length;
  const doubles = (base - SINGLE - TRIPLE) * base;
  const names = new Map<string, number>();
  let previous: string[] = [];
  let point = -1;
  for (const entry of ENTRIES.split(" ")) {
    let i = 0;
    let step = 1;
    if (entry[0] === "!") {
      i = entry.indexOf("!", 1) + 1;
      step = Number(entry.slice(1, i - 1));
    }
    point += step;
    const name = previous.slice(0, entry.charCodeAt(i++) - 48);
    while (i < entry.length) {
      const lead = digit[entry.charCodeAt(i++)];
      if (lead < SINGLE) name.push(words[lead]);
      else if (lead < base - TRIPLE) {
        name.push(words[SINGLE + (lead - SINGLE) * base + digit[entry.charCodeAt(i++)]]);
      } else {
        const high = (lead - (base - TRIPLE)) * base + digit[entry.charCodeAt(i++)];
        name.push(words[SINGLE + doubles + high * base + digit[entry.charCodeAt(i++)]]);
      }
    }
    previous = name;
    const text = name.join(" ");
    names.set(text.endsWith("~") ? `${text.slice(0, -1)}-${hex(point)}` : text, point);
  }
  return names;
}

function hex(point: number): string {
  return point.toString(16).toUpperCase().padStart(4, "0");
}

// Jamo short names (Unicode, chapter 3.12), in the order of the algorithm.
const LEADS = "G GG N D DD R M B BB S SS  J JJ C K T P H".split(" ");
const VOWELS = "A AE YA YAE EO E YEO YE O WA WAE OE YO U WEO WE WI YU EU YI I".split(" ");
const TAILS = " G GG GS N NJ NH D L LG LM LB LS LT LP LH M B BS S SS NG J C K T P H".split(" ");

function hangul(name: string): number {
  for (let l = 0; l < LEADS.length; l++) {
    if (!name.startsWith(LEADS[l])) continue;
    for (let v = 0; v < VOWELS.length; v++) {
      if (!name.startsWith(VOWELS[v], LEADS[l].length)) continue;
      const t = TAILS.indexOf(name.slice(LEADS[l].length + VOWELS[v].length));
      if (t >= 0) return 0xac00 + (l * VOWELS.length + v) * TAILS.length + t;
    }
  }
  return -1;
}

/**
 * The character of a name or alias, or null. Names in the table count without case, names made by a rule (Hangul
 * syllables, CJK unified ideographs) in upper case only, as CPython has it; named sequences are not taken.
 */
export function lookupUnicodeName(name: string): string | null {
  if (name.startsWith("HANGUL SYLLABLE ")) {
    const point = hangul(name.slice(16));
    return point < 0 ? null : String.fromCharCode(point);
  }
  if (name.startsWith("CJK UNIFIED IDEOGRAPH-")) {
    const digits = name.slice(22);
    if (!/^[0-9A-F]{4,5}$/.test(digits)) return null;
    const point = Number.parseInt(digits, 16);
    return CJK.some(([first, last]) => point >= first && point <= last) ? String.fromCodePoint(point) : null;
  }
  // ASCII only: toUpperCase would also map letters that no name has (ß → SS).
  if (!/^[\x20-\x7e]*$/.test(name)) return null;
  table ??= unpack();
  const point = table.get(name.toUpperCase());
  return point === undefined ? null : String.fromCodePoint(point);
}
