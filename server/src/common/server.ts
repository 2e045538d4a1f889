/**
 * Composition root of the language server: which message goes to which feature. All wiring is here, on one screen; what a
 * message means is in features/, what a platform is in platform.ts.
 */

import {
  type ExplainParams,
  type GraphParams,
  type ManifestParams,
  Request,
  type StatusParams,
} from "@fastpipe/shared";
import * as l10n from "@vscode/l10n";
import {
  type CodeActionParams,
  type CodeLens,
  type CodeLensParams,
  type Connection,
  DidChangeConfigurationNotification,
  ErrorCodes,
  type ExecuteCommandParams,
  FileChangeType,
  type HoverParams,
  type InitializeError,
  type InitializeParams,
  ResponseError,
  TextDocuments,
} from "vscode-languageserver";
import { version } from "../../package.json";
import { type ClientCapabilities, clientCapabilities, serverCapabilities } from "./capabilities.ts";
import { type Document, documentsConfiguration, OpenDocuments } from "./documents.ts";
import { codeActions } from "./features/codeAction.ts";
import { codeLenses, type LensData, resolveLens } from "./features/codeLens.ts";
import { commandNamed } from "./features/commands.ts";
import { hover } from "./features/hover.ts";
import { explainAnswer, graphAnswer, manifestAnswer, statusAnswer } from "./features/queries.ts";
import { commandArguments, needs, offsetOf } from "./fromProtocol.ts";
import type { MakePlatform } from "./platform.ts";
import { Presenter } from "./present.ts";
import type { Project } from "./project.ts";
import { Projects } from "./projects.ts";
import { Publisher } from "./publisher.ts";
import { guarded, invalid, type Log, type Phase, type RequestContext, request } from "./requests.ts";
import { SettingsStore } from "./settings.ts";
import { FileWatchers } from "./watchedFiles.ts";

/** Wires a connection and starts listening. */
export function startServer(connection: Connection, makePlatform: MakePlatform): void {
  const log: Log = connection.console;
  const open = new OpenDocuments();
  let client: ClientCapabilities;
  let settings: SettingsStore;
  let projects: Projects;
  let presenter: Presenter;
  let publisher: Publisher;
  let watchers: FileWatchers;
  let folders: string[] = [];
  /** Until the client said `initialized`, nothing may be sent to it. */
  let begin = (): void => {};
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  let phase: Phase = "before";

  connection.onInitialize((params: InitializeParams) => {
    if (phase !== "before") return new ResponseError<InitializeError>(ErrorCodes.InvalidRequest, "initialized already");
    phase = "open";
    client = clientCapabilities(params);
    if (client.options.texts) l10n.config({ contents: { ...client.options.texts } });
    const platform = makePlatform(connection, client, log);
    settings = new SettingsStore(connection, client);
    publisher = new Publisher(connection, client, settings, () => projects, log);
    projects = new Projects(platform, client, open, publisher, log);
    presenter = new Presenter(connection, client, (name, text) => platform.writePage(name, text));
    watchers = new FileWatchers(connection, client);
    publisher.watchers = watchers;
    folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    return serverCapabilities(client, version);
  });

  connection.onInitialized(
    guarded("initialized", log, async () => {
      if (client.configurationRegistration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: "fastpipe" });
      }
      if (client.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
          void projects.closeFolders(removed.map(({ uri }) => uri));
          void projects.openFolders(added.map(({ uri }) => uri));
        });
      }
      const progress = client.workDoneProgress ? await connection.window.createWorkDoneProgress() : null;
      progress?.begin("Fastpipe", 0, "reading the project", false);
      await projects.openFolders(folders, (done, all) => progress?.report(Math.round((100 * done) / all)));
      begin();
      try {
        // The first look at every stage: what badges, the status bar and later answers are made of.
        await publisher.publishAll();
      } finally {
        progress?.done();
      }
    }),
  );

  connection.onShutdown(() => {
    phase = "after";
  });

  // ------------------------------------------------------------------------------------------ documents

  const documents = new TextDocuments<Document>(documentsConfiguration(() => client.encoding));
  documents.onDidOpen(guarded("didOpen", log, ({ document }) => open.add(document)));
  documents.onDidChangeContent(guarded("didChange", log, ({ document }) => projects.changeBuffer(document)));
  documents.onDidSave(
    guarded("didSave", log, ({ document }) => {
      document.edited = false;
      projects.changeFiles([{ uri: document.uri, written: true }]);
    }),
  );
  documents.onDidClose(
    guarded("didClose", log, ({ document }) => {
      open.remove(document);
      projects.closeBuffer(document);
    }),
  );
  connection.onDidChangeWatchedFiles(
    guarded("didChangeWatchedFiles", log, ({ changes }) =>
      projects.changeFiles(changes.map(({ uri, type }) => ({ uri, written: type === FileChangeType.Changed }))),
    ),
  );
  connection.onDidChangeConfiguration(
    guarded("didChangeConfiguration", log, (params) => {
      settings.changed(params?.settings);
      publisher.settingsChanged();
    }),
  );

  // ------------------------------------------------------------------------------------------ requests

  const ready = async (): Promise<void> => {
    await begun;
    await projects.settled();
    publisher.prepare();
  };
  const handle = <P, R>(name: string, handler: (params: P, context: RequestContext) => Promise<R> | R) =>
    request<P, R>(name, log, () => phase, ready, handler);
  const located = (uri: string): { project: Project; path: string } | null => {
    const project = projects.of(uri);
    const path = project?.pathOf(uri);
    return project && path != null ? { project, path } : null;
  };
  const projectAt = (root: string | undefined): Project => {
    const project = root === undefined ? projects.all()[0] : projects.at(root);
    if (!project) throw invalid(root === undefined ? "there is no project" : `there is no project at ${root}`);
    return project;
  };

  connection.onCodeLens(
    handle("codeLens", async ({ textDocument }: CodeLensParams) => {
      const here = located(textDocument.uri);
      if (!here) return [];
      const { codeLens } = await settings.of(textDocument.uri);
      return codeLens.enabled ? codeLenses(here.project, here.path, codeLens) : [];
    }),
  );
  connection.onCodeLensResolve(
    handle("codeLens/resolve", (lens: CodeLens) => {
      const { root } = (lens.data ?? {}) as Partial<LensData>;
      if (root === undefined) throw invalid("this lens carries no data");
      return resolveLens(projects.at(root), lens);
    }),
  );
  connection.onHover(
    handle("hover", async ({ textDocument, position }: HoverParams) => {
      const here = located(textDocument.uri);
      const lines = here?.project.lines(here.path);
      if (!here || !lines || !(await settings.of(textDocument.uri)).hover.enabled) return null;
      const style = { markdown: client.markdownHover, links: client.options.pages === true };
      return hover(here.project, here.path, offsetOf(lines, position), style);
    }),
  );
  connection.onCodeAction(
    handle("codeAction", ({ textDocument, range, context }: CodeActionParams) => {
      const here = located(textDocument.uri);
      const lines = here?.project.lines(here.path);
      if (!here || !lines) return [];
      const { triggerKind: trigger, only } = context;
      const offset = offsetOf(lines, range.start);
      const actions = codeActions(here.project, { path: here.path, offset, trigger, only });
      return client.codeActionLiterals ? actions : actions.map((action) => action.command!);
    }),
  );
  connection.onExecuteCommand(
    handle("executeCommand", async ({ command, arguments: given }: ExecuteCommandParams, { pause }) => {
      const run = commandNamed(command, projects, client.options);
      if (!run) throw invalid(`there is no command ${command}`);
      await pause();
      const result = await presenter.present(commandArguments(given), async (args) => {
        publisher.flush();
        return run(args);
      });
      if (result.type === "done") publisher.lockWritten();
      return result;
    }),
  );
  connection.onRequest(
    Request.status,
    handle("status", (params: StatusParams | null, context) => statusAnswer(projects, params ?? {}, context)),
  );
  connection.onRequest(
    Request.explain,
    handle("explain", (params: ExplainParams) => {
      needs(params, "stage");
      const project = params.root === undefined && params.uri ? located(params.uri)?.project : projectAt(params.root);
      return project ? explainAnswer(project, params) : null;
    }),
  );
  connection.onRequest(
    Request.manifest,
    handle("manifest", (params: ManifestParams) => {
      needs(params, "uri", "qualname");
      const here = located(params.uri);
      if (!here) throw invalid(`${params.uri} is in no project`);
      return manifestAnswer(here.project, here.path, params.qualname);
    }),
  );
  connection.onRequest(
    Request.graph,
    handle("graph", (params: GraphParams | null) => graphAnswer(projectAt(params?.root), params ?? {})),
  );

  documents.listen(connection);
  connection.listen();
}
