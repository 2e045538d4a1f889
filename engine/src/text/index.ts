/** Source texts: bytes to text as CPython reads them, offsets and lines, edits. */

export { decodeSource } from "./decode.ts";
export { editBetween, type TextEdit } from "./edits.ts";
export { LineIndex, lineOf } from "./lines.ts";
