/**
 * The terminal: answers to stdout, progress and warnings to stderr, colours only where they are wanted. A reader that went
 * away (`| head`) ends the command quietly.
 */
import pc from "picocolors";

export type ColorChoice = "auto" | "always" | "never";
export type Colors = ReturnType<typeof pc.createColors>;

/** Where a command writes. */
export interface Output {
  readonly colors: Colors;
  /** A piece of the answer. Resolves when the stream takes more. */
  write(text: string): Promise<void>;
  /** A line beside the answer. */
  warn(line: string): void;
  /** A line beside the answer that only `-v` shows. */
  note(line: string): void;
}

/** https://no-color.org : set and not empty means no colour, unless `--color always` says otherwise. */
export function wantsColor(choice: ColorChoice, isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  if (choice !== "auto") return choice === "always";
  return isTty && !env.NO_COLOR && env.TERM !== "dumb";
}

export function createOutput(choice: ColorChoice, verbose: boolean): Output {
  const warn = (line: string) => void process.stderr.write(`fastpipe: ${line}\n`);
  return {
    colors: pc.createColors(wantsColor(choice, process.stdout.isTTY === true, process.env)),
    write: (text) =>
      new Promise((resolve) => {
        if (process.stdout.write(text)) resolve();
        else process.stdout.once("drain", resolve);
      }),
    warn,
    note: (line) => {
      if (verbose) warn(line);
    },
  };
}

/** Ends the process without a word when nobody reads stdout any more. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** Text in columns: each as wide as its widest cell, two blanks between, nothing after the last. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, plainLength(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell + " ".repeat(widths[index] - plainLength(cell))))
      .join("  ")
      .trimEnd(),
  );
}

function plainLength(cell: string): number {
  return cell.replace(/\x1b\[[0-9;]*m/g, "").length;
}
