/** Bundles a few lines of TypeScript in memory and imports the result: Node 20 runs no TypeScript itself. */
import { build } from "esbuild";

/**
 * @param {string} root folder that the imports are relative to
 * @param {string} source module text, usually re-exports
 */
export async function loadTypeScript(root, source) {
  const result = await build({
    stdin: { contents: source, resolveDir: root, loader: "ts" },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  return import(`data:text/javascript;base64,${Buffer.from(result.outputFiles[0].text).toString("base64")}`);
}
