/** Entry point of the extension where Node runs it. Small: the rest is a bundle of its own, loaded when it is needed. */
import type * as vscode from "vscode";
import { activate as activateWith } from "../common/activate.ts";

export function activate(context: vscode.ExtensionContext): void {
  activateWith(context, () => import("./client.ts"));
}
