/**
 * A real terminal: tmux runs a program, keys are typed into it, its screen is read. Has a tmux server of its own, so that
 * nothing of the person's is touched, and one window of a fixed size. Knows nothing of what runs in it.
 */
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
/** A screen that has not become what is expected by now never will. */
const PATIENCE = 60_000;
const GLANCE = 100;

/** Which of the programs are missing, as the one line that installs them; null when all are there. */
export async function missingPrograms(programs) {
  const missing = [];
  for (const [program, debianPackage] of Object.entries(programs)) {
    await run("sh", ["-c", `command -v ${program}`]).catch(() => missing.push(debianPackage));
  }
  return missing.length === 0 ? null : `apt-get install ${missing.join(" ")}`;
}

const pause = () => new Promise((resolve) => setTimeout(resolve, GLANCE));

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export class Terminal {
  #socket = `fastpipe-${process.pid}-${Math.floor(performance.now())}`;
  #pictures;

  /** Takes the folder for copies of the screen. */
  constructor(pictures) {
    this.#pictures = pictures;
  }

  #tmux(...args) {
    return run("tmux", ["-L", this.#socket, "-f", "/dev/null", ...args], { maxBuffer: 1 << 24 });
  }

  /** Starts a command line in a folder with these variables added to the environment. */
  async start(command, { cwd, env = {}, columns = 140, rows = 45 }) {
    const variables = Object.entries({ LANG: "C.UTF-8", TERM: "screen-256color", ...env });
    const words = ["env", ...variables.map(([name, value]) => `${name}=${value}`), "sh", "-c", command];
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
    await this.#tmux("new-session", "-d", "-x", `${columns}`, "-y", `${rows}`, "-c", cwd, quoted);
  }

  /** Types text as it is. */
  async type(text) {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by tmux's names: Enter, Tab, Escape, C-c. */
  async press(...keys) {
    await this.#tmux("send-keys", ...keys);
  }

  /** What stands on the screen, without blanks at the ends of lines. */
  async screen() {
    const { stdout } = await this.#tmux("capture-pane", "-p");
    return stdout.replace(/[ \t]+$/gm, "");
  }

  /** Waits until the screen has all of these, and gives it; fails with the screen that was there instead. */
  async sees(...patterns) {
    const end = performance.now() + PATIENCE;
    for (;;) {
      const screen = await this.screen();
      const missing = patterns.filter((pattern) => !pattern.test(screen));
      if (missing.length === 0) return screen;
      if (performance.now() > end) throw new Error(`the screen never had ${missing.join(", ")}; it was\n${screen}`);
      await pause();
    }
  }

  /** Keeps the screen as text. */
  async picture(name) {
    await writeFile(path.join(this.#pictures, `${name}.txt`), await this.screen());
  }

  /** Ends the program, and waits until it has gone: it may write to its home until then. */
  async stop() {
    const pid = await this.#tmux("list-panes", "-F", "#{pane_pid}").then(
      ({ stdout }) => Number(stdout),
      () => 0,
    );
    await this.#tmux("kill-server").catch(() => {});
    const end = performance.now() + PATIENCE;
    while (pid > 0 && isRunning(pid) && performance.now() < end) await pause();
  }
}
