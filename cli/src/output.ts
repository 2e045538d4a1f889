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
function wantsColor(choice: ColorChoice, isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  if (choice !== "auto") return choice === "always";
  return isTty && !env.NO_COLOR && env.TERM !== "dumb";
}

export function createOutput(choice: ColorChoice, verbose: boolean): Output {
  const warn = (line: string) => void process.stderr.write(`fastpipe: ${onOneLine(line)}\n`);
  return {
    colors: pc.createColors(wantsColor(choice, process.stdout.isTTY === true, process.env)),
    write: (text) =>
      new Promise((resolve) => {
        // A pipe gets every byte; a terminal must not be told what to do by the name of a file or stage.
        if (process.stdout.write(process.stdout.isTTY ? visible(text) : text)) resolve();
        else process.stdout.once("drain", resolve);
      }),
    warn,
    note: (line) => {
      if (verbose) warn(line);
    },
  };
}

/** Ends the process without a word when nobody reads stdout any more, and with one where it can't be written. */
export function endQuietlyOnClosedPipe(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    const reason = error.message.replace(/^[A-Z]+: /, "");
    process.stderr.write(`fastpipe: the answer can't be written: ${reason}\n`, () => process.exit(2));
  });
  // There is nowhere to say it.
  process.stderr.on("error", () => {});
}

/** A terminal's commands made visible, colours and line ends apart. */
function visible(text: string): string {
  return text.replace(
    /(\x1b\[[0-9;]*m)|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g,
    (character, colour) => colour ?? escaped(character),
  );
}

/** A message without line ends and commands of a terminal; names of files may have either. */
export function onOneLine(text: string): string {
  return text.replace(/[\x00-\x1f\x7f-\x9f]/g, escaped);
}

function escaped(character: string): string {
  return character === "\n" ? "\\n" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/**
 * Text in columns: each as wide as its widest cell, two blanks between, nothing after the last; empty columns drop out. A
 * row is a line, whatever its cells hold.
 */
export function columns(cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map((cell) => cell.replaceAll("\n", "\\n")));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, plainLength(cell));
  }
  return rows.map((row) =>
    row
      .map((cell, index) => (index === row.length - 1 ? cell : cell + " ".repeat(widths[index] - plainLength(cell))))
      .filter((_, index) => widths[index] > 0)
      .join("  ")
      .trimEnd(),
  );
}

/** East Asian characters and pictures, which a terminal draws two columns wide. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/gu;

/** How many columns of a terminal a cell takes: colours and accents that are characters of their own take none. */
function plainLength(cell: string): number {
  const shown = cell.replace(/\x1b\[[0-9;]*m|\p{Mn}|[\u200b-\u200d]/gu, "");
  return [...shown].length + (shown.match(WIDE)?.length ?? 0);
}
