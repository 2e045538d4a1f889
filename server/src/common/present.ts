/**
 * What commands answer, for clients that show and ask nothing themselves: pages and diffs go to temporary files that the
 * client is asked to open, questions go through `window/showMessageRequest`. A client that said `pages` and `asks` gets
 * the plain answer instead.
 */
import type { CommandArguments, CommandResult } from "@fastpipe/shared";
import { type Connection, MessageType, ShowMessageNotification } from "vscode-languageserver";
import type { ClientCapabilities } from "./capabilities.ts";

/** Puts a text where the client can open it; gives its URI, or null where there is no such place. */
export type WritePage = (name: string, text: string) => Promise<string | null>;

/** Actions that fit into one message. */
const MOST_CHOICES = 8;
/** Reasons that are offered where none was given before. */
const REASONS = ["no change of behaviour", "log or error wording only", "checked by hand: same outputs"];

export class Presenter {
  readonly #connection: Connection;
  readonly #client: ClientCapabilities;
  readonly #writePage: WritePage;

  constructor(connection: Connection, client: ClientCapabilities, writePage: WritePage) {
    this.#connection = connection;
    this.#client = client;
    this.#writePage = writePage;
  }

  /** Carries a command through: asks what it asks, shows what it shows. Gives the last answer. */
  async present(
    args: CommandArguments,
    run: (args: CommandArguments) => Promise<CommandResult>,
  ): Promise<CommandResult> {
    const { pages, asks } = this.#client.options;
    let result = await run(args);
    if (result.type === "choose" && !asks) {
      // One question after the other: which project, which stage, which reason.
      for (let question = 0; question < 4 && result.type === "choose"; question++) {
        const chosen = await this.#choose(result, args);
        if (!chosen) {
          // Who can't be asked is told; who was asked and said nothing has left it.
          if (!this.#client.messageActions) await this.#show(result);
          return result;
        }
        args = chosen;
        result = await run(args);
      }
    }
    if (!pages) await this.#show(result);
    return result;
  }

  async #choose(
    result: Extract<CommandResult, { type: "choose" }>,
    args: CommandArguments,
  ): Promise<CommandArguments | null> {
    const reasons = REASONS.map((reason) => ({ label: reason, arguments: { ...args, reason } }));
    const offered = result.what === "reason" ? [...result.choices, ...reasons] : result.choices;
    if (!this.#client.messageActions) return null;
    const titles = offered.slice(0, MOST_CHOICES).map(({ label }) => ({ title: label }));
    const answer = await this.#connection.window.showInformationMessage(result.message, ...titles);
    const choice = offered.find(({ label }) => label === answer?.title);
    return choice ? { ...args, ...choice.arguments } : null;
  }

  async #show(result: CommandResult): Promise<void> {
    switch (result.type) {
      case "page":
        return this.#open(result.title, EXTENSIONS[result.language], result.text);
      case "diff":
        return this.#open(result.title, "diff", result.unified);
      case "done":
        this.#say(MessageType.Info, result.message);
        return;
      case "refused":
        this.#say(MessageType.Warning, result.message);
        return;
      case "choose": {
        const names = result.choices.map(({ label }) => label).join(", ");
        if (result.what === "reason") {
          this.#say(
            MessageType.Warning,
            `${result.message}: say why with \`fastpipe accept … --reason\` at a terminal`,
          );
          return;
        }
        this.#say(MessageType.Warning, names ? `${result.message} (${names})` : result.message);
        return;
      }
    }
  }

  /** A message without buttons. (`showInformationMessage` would make a request of it.) */
  #say(type: MessageType, message: string): void {
    void this.#connection.sendNotification(ShowMessageNotification.type, { type, message });
  }

  async #open(title: string, extension: string, text: string): Promise<void> {
    const uri = await this.#writePage(`${title.replace(/[^\w.-]+/g, "-")}.${extension}`, text);
    if (uri && this.#client.showDocument) {
      // An editor shows text; a picture is for the system's viewer.
      const external = extension === "svg";
      const { success } = await this.#connection.window.showDocument({ uri, takeFocus: true, external });
      if (success) return;
    }
    this.#say(MessageType.Info, uri ? `${title}: ${uri}` : text);
  }
}

const EXTENSIONS = { "fastpipe-explain": "txt", python: "py", svg: "svg" } as const;
