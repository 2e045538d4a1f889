/**
 * Numeric literals → canonical values (see `Constant` in ast.ts).
 *
 * Takes what the tokenizer has accepted as a number; refuses only what `int()` refuses: more than 4,300 decimal digits.
 */

import { ConstantType } from "./ast.ts";
import { NumberFlag } from "./tokens.ts";

/** `sys.int_info.default_max_str_digits`: CPython's parser refuses longer decimal literals. */
const MAX_DIGITS = 4300;

/** Type of a Number token by its flags. */
export function numberType(flags: number): ConstantType.Int | ConstantType.Float | ConstantType.Complex {
  const kind = flags & NumberFlag.KindMask;
  if (kind === NumberFlag.Float) return ConstantType.Float;
  return kind === NumberFlag.Imaginary ? ConstantType.Complex : ConstantType.Int;
}

/** Canonical value of a literal's source text, or null when it has too many digits. */
export function numberValue(source: string, flags: number): string | null {
  const text = flags & NumberFlag.Underscore ? source.replaceAll("_", "") : source;
  switch (flags & NumberFlag.KindMask) {
    case NumberFlag.Float:
      return String(Number(text));
    case NumberFlag.Imaginary:
      return String(Number(text.slice(0, -1)));
    case NumberFlag.Decimal:
      if (text.length < 16) return text.length === 1 ? text : String(Number(text));
      return text.length > MAX_DIGITS ? null : canonicalInt(BigInt(text));
    default:
      // JavaScript reads 0x, 0o and 0b as Python does, in either case.
      return text.length < 12 ? String(Number(text)) : canonicalInt(BigInt(text.toLowerCase()));
  }
}

function canonicalInt(value: bigint): string {
  return value < 9007199254740992n ? value.toString() : `0x${value.toString(16)}`;
}
