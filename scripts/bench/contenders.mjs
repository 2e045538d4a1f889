/**
 * Contenders: processes that do one piece of work each time they are told to, so that peers are measured in turn, each warm,
 * on one core, without sharing a heap. Says nothing about what the work is.
 *
 * A contender reads lines from stdin and answers each with one line of JSON; `{"seconds": …}` for a round.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { spread } from "./report.mjs";

class Contender {
  #child;
  #waiting = [];
  #stderr = "";

  constructor(name, command, args, env = {}) {
    this.name = name;
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, ...env } });
    this.#child.stderr.on("data", (data) => {
      this.#stderr = (this.#stderr + data).slice(-2000);
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) =>
      this.#waiting.shift()?.resolve(JSON.parse(line)),
    );
    this.#child.on("error", (error) => this.#fail(error.message));
    this.#child.on("exit", () => this.#fail(/^\w*Error.*$/m.exec(this.#stderr)?.[0] ?? "it ended"));
  }

  #fail(why) {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(`${this.name}: ${why}`));
  }

  ask(line) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#child.stdin.write(`${line}\n`, (error) => error && reject(new Error(`${this.name}: ${error.message}`)));
    });
  }

  end() {
    this.#child.stdin.end();
  }
}

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

/** Work of this repository or of a JavaScript peer: a kind that contender.mjs knows. */
export function nodeContender(name, kind, args) {
  return new Contender(name, process.execPath, [here("contender.mjs"), kind, ...args]);
}

/** Work of a Python peer: a kind that contender.py knows. */
export function pythonContender(name, kind, args, python) {
  return new Contender(name, python, [here("contender.py"), kind, ...args]);
}

/**
 * Runs rounds in turn until each contender has `rounds` of them, the first `warm` not counted.
 * Gives seconds by name as `{ best, median, … }`, or a reason by name for those that could not run.
 */
export async function compete(contenders, { rounds, warm = 2 }) {
  const seconds = new Map(contenders.map(({ name }) => [name, []]));
  const failed = new Map();
  for (let round = 0; round < rounds + warm; round++) {
    for (const contender of contenders) {
      if (failed.has(contender.name)) continue;
      try {
        const answer = await contender.ask("round");
        if (answer.missing) failed.set(contender.name, answer.missing);
        else if (round >= warm) seconds.get(contender.name).push(answer.seconds);
      } catch (error) {
        failed.set(contender.name, error.message);
      }
    }
  }
  for (const contender of contenders) contender.end();
  const results = new Map();
  for (const [name, values] of seconds) if (!failed.has(name)) results.set(name, spread(values));
  return { results, failed };
}
