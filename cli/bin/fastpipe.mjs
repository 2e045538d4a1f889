#!/usr/bin/env node
// Starts the bundled command line; `npm run build` makes it.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const bundle = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
if (existsSync(bundle)) createRequire(import.meta.url)(bundle);
else {
  process.stderr.write("fastpipe: dist/cli.js is missing; run `npm run build` first\n");
  process.exitCode = 2;
}
