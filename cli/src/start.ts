/**
 * `fastpipe` from its first moment: sets the compiler up for a process that ends soon, then loads the commands, compiled
 * already where a run before kept that. Knows nothing of what they do.
 */
import module from "node:module";
import path from "node:path";
import v8 from "node:v8";
import { codeFolder, requireCached } from "./codeCache.ts";

/**
 * By version of V8. A process of a second loses more to optimising than it wins: with these, functions have to run longer
 * before they are optimised, and take less of what they call into themselves; and code that was compiled stays. Versions
 * whose flags are not known keep their own.
 */
const COMPILER: Readonly<Record<string, readonly string[]>> = {
  // Node 20, 22, 24.
  "11.3": ["--no-flush-bytecode", "--max-inlined-bytecode-size-cumulative=100", "--interrupt-budget=200000"],
  "12.4": ["--no-flush-bytecode", "--max-inlined-bytecode-size-cumulative=100", "--invocation-count-for-turbofan=6000"],
  "13.6": ["--no-flush-bytecode", "--max-inlined-bytecode-size-cumulative=100"],
};

/**
 * Has every object made in the young generation: what lives as long as a file's tree comes from the same places of the code
 * as what is kept. For all commands, and before they are loaded: compiled code is taken up under the flags alone under which
 * it was kept, so that no command may set one.
 */
const COLLECTOR = "--no-allocation-site-pretenuring";

function start(): void {
  const args = process.argv.slice(2);
  const flags = [COLLECTOR];
  // A server lives long enough for the compiler's own measure.
  if (!args.includes("lsp")) flags.push(...(COMPILER[/^\d+\.\d+/.exec(process.versions.v8)?.[0] ?? ""] ?? []));
  for (const flag of flags) v8.setFlagsFromString(flag);
  // Nothing is left to do or to write then. Node would take its heap apart first, which takes longer than many a command.
  process.once("beforeExit", () => process.exit());
  const bundle = path.join(__dirname, "commands.js");
  const folder = process.env.FASTPIPE_NO_CACHE || args.includes("--no-cache") ? null : codeFolder(process.env);
  // From Node 22.1, which keeps compiled code itself.
  const { enableCompileCache } = module as { enableCompileCache?: () => unknown };
  if (folder !== null && enableCompileCache === undefined) requireCached(bundle, folder, flags);
  else {
    if (folder !== null) enableCompileCache?.();
    module.createRequire(__filename)(bundle);
  }
}

start();
