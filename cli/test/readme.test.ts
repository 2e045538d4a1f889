/** The first minute of README.md, done as it stands there: its files, its commands, its answers. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { commandLine, folder, write } from "./fastpipe.ts";

const README = readFileSync(fileURLToPath(new URL("../../README.md", import.meta.url)), "utf8");
const [, MINUTE] = /^## The first minute\n([\s\S]*?)^## /m.exec(README)!;

/** Times of day are those of the writer. */
const withoutTimes = (text: string) => text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, "<time>").trimEnd();

it("says what really happens", () => {
  const root = folder({});
  const files = [...MINUTE.matchAll(/^```python\n# (\S+)\n([\s\S]*?)^```$/gm)];
  for (const [, name, text] of files) write(root, { [name]: text });
  expect(files.map(([, name]) => name)).toEqual(["pipeline.py", "helpers.py"]);
  // `$ ` begins a command, `> ` goes on with it, everything else is its answer.
  const console = [...MINUTE.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block).join("");
  const steps = console.split(/^\$ /m).slice(1);
  expect(steps.length).toBeGreaterThan(5);
  const define = `fastpipe() { ${commandLine([])
    .map((word) => `'${word}'`)
    .join(" ")} "$@"; }`;
  for (const step of steps) {
    const [first, ...rest] = step.split("\n");
    const more = rest.filter((line) => line.startsWith(">")).map((line) => line.replace(/^> ?/, ""));
    const expected = rest.filter((line) => !line.startsWith(">")).join("\n");
    const command = [first, ...more].join("\n");
    const ran = spawnSync("bash", ["-c", `${define}\n${command}\n`], { cwd: root, encoding: "utf8" });
    expect({ command, out: withoutTimes(ran.stdout), err: ran.stderr, code: ran.status }).toEqual({
      command,
      out: withoutTimes(expected),
      err: "",
      code: 0,
    });
  }
});
