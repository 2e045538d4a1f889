/**
 * Whether a workspace has stages, found out cheaply: Fastpipe's own files, then a text search for the imports that stages
 * need. Until it says yes no server is started and nothing is parsed. May say yes too often, never no where there is one.
 */
import * as vscode from "vscode";
import { mayHoldSettings, mayHoldStages } from "./stageText.ts";

const IGNORED = "**/{node_modules,site-packages,__pycache__,.git,.hg,.venv,venv,build,dist}/**";
/** Files looked at before the search gives up and says yes: a server can search faster. */
const MOST_FILES = 30_000;
/** Read at the same time. */
const PARALLEL = 24;

/** `stopped` ends the search early. */
export async function workspaceHasStages(stopped: () => boolean): Promise<boolean> {
  if (vscode.workspace.textDocuments.some((each) => each.languageId === "python" && mayHoldStages(each.getText()))) {
    return true;
  }
  if (!vscode.workspace.workspaceFolders?.length) return false;
  const locks = await vscode.workspace.findFiles("**/fastpipe.lock", IGNORED, 1);
  if (locks.length > 0) return true;
  const settings = await vscode.workspace.findFiles("**/pyproject.toml", IGNORED, 200);
  if (await someText(settings, stopped, mayHoldSettings)) return true;
  const files = await vscode.workspace.findFiles("**/*.py", IGNORED, MOST_FILES);
  return files.length >= MOST_FILES || someText(files, stopped, mayHoldStages);
}

async function someText(
  files: readonly vscode.Uri[],
  stopped: () => boolean,
  holds: (text: string) => boolean,
): Promise<boolean> {
  const decoder = new TextDecoder();
  for (let i = 0; i < files.length && !stopped(); i += PARALLEL) {
    const found = await Promise.all(
      files.slice(i, i + PARALLEL).map((file) =>
        vscode.workspace.fs.readFile(file).then(
          (bytes) => holds(decoder.decode(bytes)),
          () => false,
        ),
      ),
    );
    if (found.some(Boolean)) return true;
  }
  return false;
}
