/**
 * Python's syntax: CPython 3.14's abstract syntax and a parser that gives exactly that.
 *
 * No error recovery: a text is a module or a problem with its place.
 */

export * from "./ast.ts";
export { MAX_DEPTH } from "./depth.ts";
export { dumpModule } from "./dump.ts";
export {
  type ModuleWithExtents,
  parseModule,
  parseModuleWithExtents,
  parseStretch,
  releaseBuffers,
  type StretchProblem,
  statementExtents,
  type TextRange,
} from "./parse.ts";
export { MAX_ELIFS } from "./statements.ts";
export { expressionName } from "./targets.ts";
export { forEachChild, walk } from "./walk.ts";
