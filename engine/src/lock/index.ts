/** What the lock folder offers to the engine's index. */
export * from "./baseline.ts";
export { diffManifest, type EntryChange } from "./diff.ts";
export { byCodeUnit, formatLock, LOCK_VERSION } from "./format.ts";
export * from "./objects.ts";
export { emptyLock, parseLock } from "./parse.ts";
export * from "./types.ts";
