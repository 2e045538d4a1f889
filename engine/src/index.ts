/**
 * The engine: Python text in, manifests out. Pure and editor-neutral; the faces import from here and nowhere deeper,
 * `@fastpipe/engine/syntax` and `@fastpipe/engine/outline` apart.
 */
export * from "./lock/index.ts";
export * from "./program/config.ts";
export { type MemoryHost, memoryHost } from "./program/memoryHost.ts";
export { createProgram } from "./program/program.ts";
export * from "./program/queries.ts";
export * from "./program/types.ts";
export { decode } from "./summary/decode.ts";
export { encode } from "./summary/encode.ts";
