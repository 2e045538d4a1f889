/** Entry point of the extension in a browser. One bundle, since a web worker can't load a second; the rest runs later. */
import type * as vscode from "vscode";
import { activate as activateWith } from "../common/activate.ts";

export function activate(context: vscode.ExtensionContext): void {
  activateWith(context, () => import("./client.ts"));
}
