/**
 * Outlines of buffers that do not parse. `createOutline` loads tree-sitter; who must not load it imports
 * indentation.ts and whole.ts.
 */
export { outlineByIndentation, splitTopLevel } from "./indentation.ts";
export {
  createOutline,
  type OutlineDocument,
  type OutlineEdit,
  type OutlineLoader,
  type OutlineParser,
} from "./tree.ts";
export type { Outline, OutlineItem } from "./types.ts";
export { type Statement, splitWholeStatements } from "./whole.ts";
