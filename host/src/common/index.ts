/** A project over any file layer. The disk is in `@fastpipe/host/node`. */
export { type Discovery, discover, type Excluded } from "./discovery.ts";
export * from "./files.ts";
export { idleSettings } from "./idleSettings.ts";
export { MemoryFiles, type MemoryOptions } from "./memory.ts";
export { distInfo, normalName, PINNING_FILES, pinnedVersion } from "./packages.ts";
export * from "./project.ts";
