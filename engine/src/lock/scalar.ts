/**
 * How one key or value is spelled in `fastpipe.lock`: plain where every YAML reader (1.1 and 1.2) takes it for the same
 * string, else in double quotes with JSON's escapes, which are YAML's too. Never folds, never looks at context.
 */

/** Words that some YAML readers take for null, a truth value or a number. */
const RESERVED = /^(?:null|true|false|yes|no|on|off|y|n|nan|inf)$/i;
/** Keys and paths: no blank, no `#`, no colon at the end, no digit in front. */
const PLAIN_NAME = /^[A-Za-z_](?:[A-Za-z0-9_.\-/<>:]*[A-Za-z0-9_.\-/<>])?$/;
/** A digest: always plain, unless it reads as a number (`123…`, `12e34`). */
const HEX = /^[0-9a-f]{8,128}$/;
const NUMBER = /^[0-9]+(?:e[0-9]+)?$/;
/** Prose such as a reason. */
const PLAIN_TEXT = /^[A-Za-z](?:[A-Za-z0-9 _.,()/+-]*[A-Za-z0-9_.,()/+-])?$/;
/** Characters that JSON leaves raw but that a YAML reader may refuse or take for a line end. */
const UNPRINTABLE = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** A key, stage id or path as it stands in the lock. */
export function nameScalar(text: string): string {
  return PLAIN_NAME.test(text) && !RESERVED.test(text) ? text : quoted(text);
}

/** The value of an entry: a digest plain, a literal value quoted. */
export function recordedScalar(text: string): string {
  return HEX.test(text) && !NUMBER.test(text) ? text : quoted(text);
}

/** Free text. */
export function textScalar(text: string): string {
  return PLAIN_TEXT.test(text) && !RESERVED.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
