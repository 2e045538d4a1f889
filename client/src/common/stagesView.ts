/**
 * The tree of stages: by state with counts, below each stage what changed. Redraws from what the server tells, keeps
 * nothing else; every action is a command of its own. Says each state in words, icons and colours are an addition.
 */
import {
  ClientCommand,
  type CommandArguments,
  type ProjectStatus,
  ServerCommand,
  type StageChange,
  type StageState,
  type StageStatus,
  type StatusResult,
} from "@fastpipe/shared";
import * as vscode from "vscode";
import {
  colorOf,
  describe,
  iconOf,
  isEnabled,
  isOpen,
  lastRun,
  seconds,
  stagesCount,
  stateName,
  trackedCount,
} from "./words.ts";

/** In the order of the groups. */
const STATES: readonly StageState[] = ["broken", "stale", "new", "accepted", "fresh", "orphan"];

interface ProjectItem {
  readonly type: "project";
  readonly project: ProjectStatus;
}
interface StateItem {
  readonly type: "state";
  readonly project: ProjectStatus;
  readonly state: StageState;
  readonly stages: readonly StageStatus[];
}
interface StageItem {
  readonly type: "stage";
  readonly project: ProjectStatus;
  readonly stage: StageStatus;
  /** What commands of its menu are about. */
  readonly commandArguments: CommandArguments;
}
interface ChangeItem {
  readonly type: "change";
  readonly project: ProjectStatus;
  readonly stage: StageStatus;
  readonly change: StageChange;
  readonly commandArguments: CommandArguments;
}
export type Item = ProjectItem | StateItem | StageItem | ChangeItem;

export class StagesView implements vscode.TreeDataProvider<Item> {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Item>;
  readonly #registrations: vscode.Disposable;
  #status: StatusResult = { projects: [] };
  #filter = "";

  constructor() {
    this.#view = vscode.window.createTreeView("fastpipe.stages", { treeDataProvider: this, showCollapseAll: true });
    this.#registrations = vscode.Disposable.from(
      this.#changed,
      this.#view,
      vscode.commands.registerCommand(ClientCommand.filterStages, () => this.#askFilter()),
      vscode.commands.registerCommand(ClientCommand.clearFilter, () => this.#setFilter("")),
      vscode.commands.registerCommand(ClientCommand.recordVisible, () => this.#recordVisible()),
      vscode.commands.registerCommand(ClientCommand.openChange, (item: Item) => openItem(item)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("fastpipe.stagesView")) this.show(this.#status);
      }),
    );
  }

  dispose(): void {
    this.#registrations.dispose();
  }

  /** Draws a status. */
  show(status: StatusResult): void {
    this.#status = status;
    const open = this.#projects().flatMap(({ stages }) => stages.filter(({ state }) => state === "stale"));
    this.#view.badge =
      open.length === 0
        ? undefined
        : { value: open.length, tooltip: vscode.l10n.t("Stale: {0}", stagesCount(open.length)) };
    this.#drawMessage();
    this.#changed.fire();
  }

  /** Stages on show, the filter applied. */
  #visible(project: ProjectStatus): readonly StageStatus[] {
    const words = this.#filter.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    return project.stages.filter((stage) => {
      const text = [stage.stage, stateName(stage.state), ...stage.changed].join(" ").toLocaleLowerCase();
      return words.every((word) => text.includes(word));
    });
  }

  #projects(): readonly ProjectStatus[] {
    return this.#status.projects.filter(
      (project) => project.stages.length > 0 && isEnabled("stagesView.enabled", project),
    );
  }

  #drawMessage(): void {
    const projects = this.#projects();
    const all = projects.reduce((sum, { stages }) => sum + stages.length, 0);
    const shown = projects.reduce((sum, project) => sum + this.#visible(project).length, 0);
    const problems = this.#status.projects.flatMap(({ problem }) => (problem ? [problem] : []));
    const parts = [...problems];
    if (this.#filter) parts.push(vscode.l10n.t('"{0}": {1} of {2} stages', this.#filter, shown, all));
    this.#view.message = parts.length > 0 ? parts.join("\n") : undefined;
    const stale = projects.reduce((sum, project) => sum + project.stale, 0);
    const cost = projects.reduce((sum, project) => sum + (project.cost ?? 0), 0);
    const took = cost > 0 ? ` · ${seconds(cost)}` : "";
    this.#view.description = all === 0 ? undefined : `${vscode.l10n.t("{0} stale of {1}", stale, all)}${took}`;
  }

  async #askFilter(): Promise<void> {
    const value = await vscode.window.showInputBox({
      title: vscode.l10n.t("Filter Stages"),
      prompt: vscode.l10n.t("Part of a stage's name, of a state, or of what changed"),
      value: this.#filter,
    });
    if (value !== undefined) this.#setFilter(value.trim());
  }

  #setFilter(filter: string): void {
    this.#filter = filter;
    void vscode.commands.executeCommand("setContext", "fastpipe.stagesFiltered", filter !== "");
    this.show(this.#status);
  }

  /** Records what the filter leaves, project by project: each has its own lock. */
  async #recordVisible(): Promise<void> {
    for (const project of this.#projects()) {
      const stages = this.#visible(project)
        .filter(({ state }) => state === "stale" || state === "new")
        .map(({ stage }) => stage);
      if (stages.length === 0) continue;
      const args: CommandArguments = { root: project.root, stages };
      await vscode.commands.executeCommand(ServerCommand.recordAll, args);
    }
  }

  // ------------------------------------------------------------------------------------------ the tree

  getChildren(item?: Item): Item[] {
    if (!item) {
      const projects = this.#projects();
      if (projects.length === 1) return this.#states(projects[0]);
      return projects.map((project) => ({ type: "project", project }));
    }
    switch (item.type) {
      case "project":
        return this.#states(item.project);
      case "state":
        return item.stages.map((stage) => {
          const commandArguments = { root: item.project.root, stage: stage.stage };
          return { type: "stage", project: item.project, stage, commandArguments };
        });
      case "stage":
        return item.stage.changes.map((change) => {
          const commandArguments = { ...item.commandArguments, key: change.key };
          return { type: "change", project: item.project, stage: item.stage, change, commandArguments };
        });
      case "change":
        return [];
    }
  }

  #states(project: ProjectStatus): Item[] {
    const visible = this.#visible(project);
    return STATES.flatMap((state): Item[] => {
      const stages = visible.filter((stage) => stage.state === state);
      return stages.length === 0 ? [] : [{ type: "state", project, state, stages }];
    });
  }

  getTreeItem(item: Item): vscode.TreeItem {
    switch (item.type) {
      case "project":
        return projectItem(item);
      case "state":
        return stateItem(item);
      case "stage":
        return stageItem(item);
      case "change":
        return changeItem(item);
    }
  }
}

function projectItem({ project }: ProjectItem): vscode.TreeItem {
  const item = new vscode.TreeItem(project.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = project.root;
  item.iconPath = new vscode.ThemeIcon("root-folder");
  item.description = vscode.l10n.t("{0} stale of {1}", project.stale, project.stages.length);
  item.tooltip = project.problem ?? vscode.Uri.parse(project.root).fsPath;
  item.contextValue = "project";
  item.accessibilityInformation = { label: `${project.name}: ${item.description}` };
  return item;
}

function stateItem({ project, state, stages }: StateItem): vscode.TreeItem {
  const open = stages.some(isOpen);
  const item = new vscode.TreeItem(
    stateName(state),
    open ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
  );
  item.id = `${project.root}#${state}`;
  item.description = String(stages.length);
  item.iconPath = new vscode.ThemeIcon(iconOf(state), colorOf(state));
  item.contextValue = `state.${state}`;
  item.accessibilityInformation = { label: `${stateName(state)}: ${stagesCount(stages.length)}` };
  return item;
}

function stageItem({ project, stage, commandArguments }: StageItem): vscode.TreeItem {
  const { Collapsed, None } = vscode.TreeItemCollapsibleState;
  const short = stage.stage.slice(stage.stage.lastIndexOf(".") + 1);
  const item = new vscode.TreeItem(short, stage.changes.length > 0 ? Collapsed : None);
  const ran = lastRun(stage);
  const about = stage.state === "fresh" ? "" : describe(stage);
  item.id = `${project.root}#stage:${stage.stage}`;
  item.description = [about, ran].filter(Boolean).join(" · ");
  item.iconPath = new vscode.ThemeIcon(iconOf(stage.state), colorOf(stage.state));
  item.contextValue = `stage.${stage.state}`;
  item.tooltip = stageTooltip(stage);
  item.command = {
    command: ClientCommand.openChange,
    title: "",
    arguments: [{ type: "stage", stage, commandArguments }],
  };
  const spoken = [stage.stage, stateName(stage.state), about, ran].filter(Boolean).join(", ");
  item.accessibilityInformation = { label: spoken };
  return item;
}

function stageTooltip(stage: StageStatus): vscode.MarkdownString {
  const text = new vscode.MarkdownString("", true);
  text
    .appendMarkdown(`$(${iconOf(stage.state)}) **`)
    .appendText(stage.stage)
    .appendMarkdown("**\n\n");
  text.appendText(`${stateName(stage.state)} · ${trackedCount(stage.tracked)}\n`);
  const ran = lastRun(stage);
  if (ran) text.appendText(`${vscode.l10n.t("Last run: {0}", ran)}\n`);
  if (stage.baseline?.reason) text.appendText(`${vscode.l10n.t("Accepted: {0}", stage.baseline.reason)}\n`);
  if (stage.problem) text.appendText(`${stage.problem}\n`);
  for (const { key, via } of stage.changes.slice(0, 10)) text.appendMarkdown("\n- ").appendText(`${key}  ${via}`);
  return text;
}

function changeItem({ project, stage, change, commandArguments }: ChangeItem): vscode.TreeItem {
  const item = new vscode.TreeItem(change.name);
  const words = {
    added: vscode.l10n.t("added"),
    removed: vscode.l10n.t("removed"),
    changed: vscode.l10n.t("changed"),
  };
  const icons = { added: "diff-added", removed: "diff-removed", changed: "diff-modified" };
  const where = change.uri === null ? "" : `${change.uri.slice(change.uri.lastIndexOf("/") + 1)}:${change.line}`;
  const unsaved = change.unsaved ? vscode.l10n.t("unsaved edits") : "";
  item.id = `${project.root}#change:${stage.stage}:${change.key}`;
  item.description = [words[change.change], decodeURIComponent(where), unsaved].filter(Boolean).join(" · ");
  item.iconPath = new vscode.ThemeIcon(icons[change.change]);
  item.contextValue = `change.${change.change}`;
  item.tooltip = [change.key, change.via].filter(Boolean).join("\n");
  item.command = {
    command: ServerCommand.showDiff,
    title: vscode.l10n.t("Show Diff"),
    arguments: [commandArguments],
  };
  item.accessibilityInformation = { label: [change.name, item.description, change.via].filter(Boolean).join(", ") };
  return item;
}

/** Goes to the code of a stage or of what changed. */
async function openItem(item: Item): Promise<void> {
  const place = item.type === "change" ? item.change : item.type === "stage" ? item.stage : null;
  if (!place?.uri) return;
  const at = new vscode.Position(Math.max((place.line ?? 1) - 1, 0), 0);
  await vscode.window.showTextDocument(vscode.Uri.parse(place.uri), {
    selection: new vscode.Range(at, at),
    preserveFocus: true,
    preview: true,
  });
}
