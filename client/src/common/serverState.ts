/**
 * How the server is: a language status item for Python files, and the debug information that a bug report needs. Nothing
 * leaves the machine; the information goes to the clipboard, without contents of files and without paths of the user.
 */
import { ClientCommand, type StatusResult } from "@fastpipe/shared";
import * as vscode from "vscode";
import { State } from "vscode-languageclient";
import { stagesCount } from "./words.ts";

export class ServerState {
  readonly #item: vscode.LanguageStatusItem;
  readonly #extension: vscode.Extension<unknown>;
  #state: State = State.Stopped;
  #status: StatusResult = { projects: [] };
  /** Milliseconds that activation took. */
  activated = 0;

  constructor(extension: vscode.Extension<unknown>) {
    this.#extension = extension;
    this.#item = vscode.languages.createLanguageStatusItem("fastpipe.server", { language: "python" });
    this.#item.name = "Fastpipe";
    this.#draw();
  }

  dispose(): void {
    this.#item.dispose();
  }

  change(state: State): void {
    this.#state = state;
    this.#draw();
  }

  show(status: StatusResult): void {
    this.#status = status;
    this.#draw();
  }

  #draw(): void {
    const stages = this.#status.projects.reduce((sum, project) => sum + project.stages.length, 0);
    const problem = this.#status.projects.find((project) => project.problem)?.problem;
    const running = this.#state === State.Running;
    this.#item.busy = this.#state === State.Starting;
    this.#item.text = `Fastpipe: ${running ? stagesCount(stages) : stateWord(this.#state)}`;
    this.#item.detail = problem ?? (running ? vscode.l10n.t("server running") : undefined);
    const { Error: failed, Warning: warning, Information: fine } = vscode.LanguageStatusSeverity;
    this.#item.severity = this.#state === State.StartFailed ? failed : problem ? warning : fine;
    this.#item.command =
      running || this.#state === State.Starting
        ? { command: ClientCommand.showLog, title: vscode.l10n.t("Show Log") }
        : { command: ClientCommand.restartServer, title: vscode.l10n.t("Restart Server") };
    this.#item.accessibilityInformation = { label: `${this.#item.text}${problem ? `, ${problem}` : ""}` };
  }

  /** Puts what a bug report needs on the clipboard. */
  async copyDebugInformation(): Promise<void> {
    const { version } = this.#extension.packageJSON as { version: string };
    const configuration = vscode.workspace.getConfiguration("fastpipe");
    const switches = ["codeLens.enabled", "codeLens.helpers", "hover.enabled", "notices.enabled", "marks.enabled"];
    const lines = [
      `Fastpipe ${version}`,
      `VS Code ${vscode.version} (${vscode.env.appHost}, ${vscode.UIKind[vscode.env.uiKind]})`,
      `remote: ${vscode.env.remoteName ?? "no"}; language: ${vscode.env.language}; trusted: ${vscode.workspace.isTrusted}`,
      `server: ${State[this.#state]}; activation: ${Math.round(this.activated)} ms`,
      `workspace folders: ${(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme).join(", ") || "none"}`,
      ...this.#status.projects.map(({ stages, problem }, n) => {
        const states = new Map<string, number>();
        for (const { state } of stages) states.set(state, (states.get(state) ?? 0) + 1);
        const counts = [...states].map(([state, amount]) => `${amount} ${state}`).join(", ");
        return `project ${n + 1}: ${counts || "no stages"}${problem ? `; problem: ${problem}` : ""}`;
      }),
      `settings: ${switches.map((name) => `${name}=${configuration.get(name)}`).join(", ")}`,
    ];
    await vscode.env.clipboard.writeText(`${lines.join("\n")}\n`);
    void vscode.window.setStatusBarMessage(`$(check) ${vscode.l10n.t("Debug information copied")}`, 5000);
  }
}

function stateWord(state: State): string {
  switch (state) {
    case State.Starting:
      return vscode.l10n.t("starting");
    case State.StartFailed:
      return vscode.l10n.t("did not start");
    case State.Running:
      return vscode.l10n.t("running");
    default:
      return vscode.l10n.t("stopped");
  }
}
