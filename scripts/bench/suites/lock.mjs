/** A lock of many stages: read, checked and written. */
import { engine } from "../engine.mjs";
import { spread } from "../report.mjs";

export async function run({ report, quick }) {
  const suite = "lock";
  const { emptyLock, formatLock, parseLock, withBaselines } = await engine();
  for (const stages of quick ? [1000] : [1000, 10_000]) {
    const baselines = new Map();
    const hex = (n) => (n * 2654435761).toString(16).padStart(32, "0").slice(-32);
    for (let stage = 0; stage < stages; stage++) {
      const entries = new Map();
      for (let entry = 0; entry < 20; entry++)
        entries.set(`func:lib.module_${(stage + entry) % 500}.name_${entry}`, hex(stage + entry));
      baselines.set(`flows.flow_${stage >> 4}.step_${stage}`, {
        file: `flows/flow_${stage >> 4}.py`,
        how: "run",
        at: "2026-11-20T15:00:00Z",
        duration: 41.7,
        fingerprint: hex(stage),
        entries,
      });
    }
    const lock = withBaselines(emptyLock("semantic"), baselines);
    const text = formatLock(lock);
    const read = [];
    const write = [];
    for (let round = 0; round < 7; round++) {
      let from = process.hrtime.bigint();
      const parsed = parseLock(text);
      read.push(Number(process.hrtime.bigint() - from) / 1e9);
      if (!parsed.ok || parsed.value.stages.size !== stages) throw new Error("the lock was not read back");
      from = process.hrtime.bigint();
      if (formatLock(parsed.value) !== text) throw new Error("the lock is another one after reading and writing");
      write.push(Number(process.hrtime.bigint() - from) / 1e9);
    }
    const note = `${(text.length / 1e6).toFixed(1)} MB, 20 entries each; first time ${read[0].toFixed(2)} s`;
    for (const [what, times] of [
      ["loaded", read],
      ["saved", write],
    ]) {
      const row = { suite, what: `a lock of ${stages} stages ${what}`, value: spread(times).median, unit: "s", note };
      if (stages === 10_000) report.limit({ ...row, most: 0.5 });
      else report.add(row);
    }
  }
}
