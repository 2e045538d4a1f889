/**
 * What the server says without being asked: diagnostics, `fastpipe/didChangeStatus`, refreshed lenses. Waits a moment
 * after a change so that a burst of edits costs one round, and says nothing when nothing is different.
 */

import { statusSteps } from "@fastpipe/engine";
import { Notification, type ProjectStatus } from "@fastpipe/shared";
import { CodeLensRefreshRequest, type Connection } from "vscode-languageserver";
import type { ClientCapabilities } from "./capabilities.ts";
import { Diagnostics } from "./features/diagnostics.ts";
import { projectStatus } from "./features/status.ts";
import type { Project } from "./project.ts";
import type { ProjectEvents, Projects } from "./projects.ts";
import { guarded, type Log } from "./requests.ts";
import type { SettingsStore } from "./settings.ts";
import type { FileWatchers } from "./watchedFiles.ts";

/** Milliseconds between a change and what is said about it: less than a pause in typing, more than between two keys. */
const DELAY = 120;
/** Milliseconds for which nothing else is answered while states are worked out. */
const SLICE = 8;
/** Milliseconds without a request after which states are worked out further: requests come in bursts, and go first. */
const QUIET = 20;
/** Milliseconds after which they are all the same. */
const MOST_PATIENCE = 400;

export class Publisher implements ProjectEvents {
  watchers: FileWatchers | null = null;
  readonly #connection: Connection;
  readonly #client: ClientCapabilities;
  readonly #settings: SettingsStore;
  readonly #projects: () => Projects;
  readonly #log: Log;
  readonly #diagnostics: Diagnostics;
  readonly #status = new Map<string, string>();
  /** Projects with something to say. */
  readonly #waiting = new Set<Project>();
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** Nothing is said before the first full round. */
  #started = false;
  /** When somebody asked something last. */
  #asked = Number.NEGATIVE_INFINITY;

  constructor(
    connection: Connection,
    client: ClientCapabilities,
    settings: SettingsStore,
    projects: () => Projects,
    log: Log,
  ) {
    this.#connection = connection;
    this.#client = client;
    this.#settings = settings;
    this.#projects = projects;
    this.#log = log;
    this.#diagnostics = new Diagnostics(connection);
  }

  changed(project: Project): void {
    this.#waiting.add(project);
    if (!this.#started) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(
      guarded("publishing", this.#log, () => this.#round()),
      DELAY,
    );
  }

  closed(root: string): void {
    this.#diagnostics.forget(root);
    if (this.#status.delete(root)) this.#sendStatus();
  }

  settingsChanged(): void {
    for (const project of this.#projects().all()) this.changed(project);
    this.#refreshLenses();
  }

  /** A command wrote a lock: every state of its project may be another one. */
  lockWritten(): void {
    for (const project of this.#projects().all()) this.changed(project);
  }

  /** Makes ready for a request: tells the engine what happened since, so that it is answered for the present text. */
  prepare(): void {
    this.#asked = performance.now();
    this.flush();
  }

  /** Tells the engine what happened since. */
  flush(): void {
    for (const project of this.#projects().all()) this.#flush(project);
  }

  /** The first round: everything. */
  async publishAll(): Promise<void> {
    this.#started = true;
    for (const project of this.#projects().all()) this.#waiting.add(project);
    await this.#round();
  }

  #flush(project: Project): void {
    const delta = project.flush();
    if (!delta) return;
    this.#waiting.add(project);
    if (delta.stageListChanged || delta.configChanged) this.#projects().watch(project);
  }

  async #round(): Promise<void> {
    this.#timer = null;
    this.flush();
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    let different = false;
    for (const project of waiting) {
      if (!this.#projects().all().includes(project)) continue;
      if (!(await this.#look(project))) {
        this.changed(project);
        continue;
      }
      const status = projectStatus(project, (path) => this.#projects().isOwn(project, path));
      const text = JSON.stringify(status);
      if (this.#status.get(project.root) !== text) {
        this.#status.set(project.root, text);
        different = true;
      }
      this.#diagnostics.publish(project, await this.#noticesWanted(project));
      this.watchers?.watch(project);
      project.program.rest();
    }
    if (!different) return;
    this.#sendStatus();
    this.#refreshLenses();
  }

  /**
   * Works out the states of all stages in slices, between which others are answered, and while nobody asks anything; false
   * where a change has come in between.
   */
  async #look(project: Project): Promise<boolean> {
    const steps = statusSteps(project.program, project.lock);
    for (;;) {
      await this.#quiet();
      const until = performance.now() + SLICE;
      do {
        const step = steps.next();
        if (step.done) return step.value !== null;
      } while (performance.now() < until);
    }
  }

  /** Until nobody has asked anything for a moment, or that has taken too long; lets waiting messages through first. */
  async #quiet(): Promise<void> {
    const patience = performance.now() + MOST_PATIENCE;
    for (let wait = 0; ; ) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const now = performance.now();
      wait = this.#asked + QUIET - now;
      if (wait <= 0 || now >= patience) return;
    }
  }

  /** Which files are given notices: the project's own, those of a project further down get theirs there. */
  async #noticesWanted(project: Project): Promise<(uri: string) => boolean> {
    const { notices } = await this.#settings.of(project.root);
    return (uri) => notices.enabled && this.#projects().of(uri) === project;
  }

  #sendStatus(): void {
    const projects = [...this.#status.values()].map((text) => JSON.parse(text) as ProjectStatus);
    void this.#connection.sendNotification(Notification.didChangeStatus, { projects });
  }

  #refreshLenses(): void {
    if (!this.#client.codeLensRefresh) return;
    this.#connection
      .sendRequest(CodeLensRefreshRequest.type)
      .catch((error: unknown) => this.#log.warn(`the client did not refresh its lenses: ${String(error)}`));
  }
}
