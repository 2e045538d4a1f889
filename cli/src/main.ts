/**
 * `fastpipe`: arguments in, exit code out. Commands are loaded when they are called. Exit codes: 0 fine, 1 stale where that
 * was asked, 2 bad use or input, 3 an internal error.
 */
import { Command, CommanderError, Option } from "commander";
import { version } from "../package.json";
import { Failure } from "./failure.ts";
import { nearest } from "./nearest.ts";
import { endQuietlyOnClosedPipe, onOneLine } from "./output.ts";
import type { GlobalOptions, Session } from "./session.ts";

const ISSUES = "https://github.com/fastpipe/fastpipe/issues";

/** A command's body. Gives the exit code, 0 when nothing. */
type Body<Options> = (session: Session, args: readonly string[], options: Options) => Promise<number | undefined>;

const program = new Command("fastpipe")
  .description("Which stages of a Python pipeline changed since they last ran, exactly why, and what it will cost.")
  .version(version, "-V, --version", "print the version")
  .option("--root <dir>", "root of the project (default: the nearest one upward)")
  .option("--json", "answer in JSON")
  .option("--level <level>", "strict, semantic or behavioral instead of the project's own")
  .addOption(new Option("--color <when>", "colours").choices(["auto", "always", "never"]).default("auto"))
  .option("--no-cache", "neither read nor write .fastpipe/cache")
  .option("-v, --verbose", "say more on stderr")
  .helpOption("-h, --help", "print this")
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()
  .configureOutput({ outputError: () => {} });

/** Declares a command whose body is loaded when it runs. */
function command<Options>(usage: string, description: string, load: () => Promise<Body<Options>>): Command {
  const declared = program.command(usage).description(description);
  declared.action(async (...given: unknown[]) => {
    given.pop(); // the command itself
    const options = given.pop() as Options;
    const { Session } = await import("./session.ts");
    const session = new Session(program.opts<GlobalOptions>());
    const body = await load();
    process.exitCode =
      (await body(session, given.flat().filter((each) => each !== undefined) as string[], options)) ?? 0;
    session.finish();
  });
  return declared;
}

command(
  "status [stages...]",
  "what is stale, and why in short",
  async () => (await import("./commands/status.ts")).status,
).option("--exit-code", "exit with 1 unless everything is up to date");
command(
  "explain <stages...>",
  "why a stage is in its state",
  async () => (await import("./commands/explain.ts")).explain,
);
command(
  "diff <stage> [key]",
  "source of the recorded and the present version",
  async () => (await import("./commands/diff.ts")).diff,
);
command(
  "manifest [target]",
  "everything a function (FILE::QUALNAME) depends on",
  async () => (await import("./commands/manifest.ts")).manifest,
).option("--batch", "answer requests {root, target, level} from stdin, one JSON object a line");
command(
  "functions",
  "every function and class below the root, one JSON object a line",
  async () => (await import("./commands/functions.ts")).functions,
);
command(
  "dependents <what>",
  "stages that a change of FILE::QUALNAME or KEY would make stale",
  async () => (await import("./commands/dependents.ts")).dependents,
).option("--all", "definitions too");
command(
  "record [stages...]",
  "I ran it: what it depends on now is its baseline",
  async () => (await import("./commands/record.ts")).record,
)
  .option("--all", "all stages")
  .option("--duration <seconds>", "how long the run took")
  .option("--prune", "forget stages that are no longer in the code");
command(
  "accept [stages...]",
  "I did not run it, and its outputs still stand",
  async () => (await import("./commands/accept.ts")).accept,
)
  .option("--entry <key>", "this entry only")
  .option("--everywhere", "in every other stage too that differs in the same entries")
  .option("--reason <text>", "why the outputs still stand")
  .option("--revoke", "take the acceptance of these stages back");
command(
  "history <what>",
  "recorded versions of FILE::QUALNAME or KEY, newest first",
  async () => (await import("./commands/history.ts")).history,
).option("--show <hash>", "print one version");
command("graph", "stages and what they pass on to each other", async () => (await import("./commands/graph.ts")).graph)
  .addOption(
    new Option("--format <format>", "form of the answer").choices(["mermaid", "dot", "json", "svg"]).default("mermaid"),
  )
  .option("--code", "what the stages reach in the code too");
command(
  "check",
  "for CI: exit with 1 and name what is not up to date",
  async () => (await import("./commands/check.ts")).check,
)
  .option("--against <baseline>", "lock, or git:REV", "lock")
  .addOption(
    new Option("--format <format>", "form of the answer")
      .choices(["text", "github", "sarif", "markdown"])
      .default("text"),
  );
command("lsp", "the language server, for any editor", async () => (await import("./commands/lsp.ts")).lsp).option(
  "--stdio",
  "speak over stdin and stdout (the default)",
);
command("completion <shell> [words...]", "completion for a shell: bash, zsh or fish", async () =>
  (await import("./commands/completion.ts")).completionOf(program),
).usage("bash|zsh|fish");
command("doctor", "what Fastpipe sees of this project", async () => (await import("./commands/doctor.ts")).doctor);
program
  .helpCommand(false)
  .command("help [command]")
  .description("what a command does, and its options")
  .action((name?: string) => {
    const named = name === undefined ? program : program.commands.find((each) => each.name() === name);
    if (named === undefined) {
      const names = program.commands.map((each) => each.name());
      throw new Failure({
        message: `unknown command \`${name}\`; see \`fastpipe --help\``,
        suggestions: nearest(name!, names),
      });
    }
    named.outputHelp();
  });

/** Runs one command line. Never throws; sets `process.exitCode`. */
async function run(args: readonly string[]): Promise<void> {
  try {
    if (args.length === 0) {
      process.stderr.write(program.helpInformation());
      process.exitCode = 2;
      return;
    }
    await program.parseAsync(args as string[], { from: "user" });
  } catch (error) {
    process.exitCode = report(error);
  }
}

/** Commander's message, spelled as all others are: `error: unknown command 'stats'\n(Did you mean status?)`. */
function inOurWords({ message }: CommanderError): string {
  return message
    .replace(/^error: /, "")
    .replace(/'([^']*)'/g, "`$1`")
    .replace(/\s*\n\(Did you mean (?:one of )?(.*)\)$/, "; did you mean $1")
    .replace(/ argument (`.*`) is invalid\. Allowed choices are (.*)\.$/, " can't be $1: use $2")
    .replace(/\. Expected (\d+) arguments? but got (\d+)\.$/, ": expected $1, got $2");
}

/** Says on stderr what went wrong, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0;
    const named = program.commands.find((each) => process.argv.includes(each.name()));
    const help = named === undefined ? "fastpipe --help" : `fastpipe ${named.name()} --help`;
    process.stderr.write(`fastpipe: ${onOneLine(inOurWords(error))}; see \`${help}\`\n`);
    return 2;
  }
  if (error instanceof Failure) {
    process.stderr.write(`fastpipe: ${onOneLine(error.message)}\n`);
    return 2;
  }
  if (error instanceof Error && "syscall" in error && error.syscall === "uv_cwd") {
    process.stderr.write("fastpipe: the current folder is not there any more; change to one that is\n");
    return 2;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `fastpipe: internal error: ${message.split("\n", 1)[0]}; please report it at ${ISSUES} with what -v prints\n`,
  );
  if (program.opts<GlobalOptions>().verbose && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 3;
}

endQuietlyOnClosedPipe();
void run(process.argv.slice(2));
