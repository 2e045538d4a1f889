/**
 * Runs the steps of a scenario in order and counts. A step that fails ends its scenario, since the next ones stand on it;
 * they count as failed. Knows nothing of VS Code.
 */
import assert from "node:assert/strict";

export { assert };

/** Gives how many steps passed and failed. `onFailure` is called with the first failure, for a picture. */
export async function runSteps(scenario, steps, onFailure) {
  let passed = 0;
  for (const [index, [name, step]] of steps.entries()) {
    const start = performance.now();
    try {
      await step();
    } catch (error) {
      process.stdout.write(`FAILED  ${scenario}: ${name}\n${error.stack ?? error}\n`);
      await onFailure(error);
      for (const [later] of steps.slice(index + 1)) process.stdout.write(`not run ${scenario}: ${later}\n`);
      return { passed, failed: steps.length - index };
    }
    passed++;
    process.stdout.write(`ok      ${scenario}: ${name} (${((performance.now() - start) / 1000).toFixed(1)} s)\n`);
  }
  return { passed, failed: 0 };
}
