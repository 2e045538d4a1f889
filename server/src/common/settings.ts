/**
 * The client's settings, by file: asked with `workspace/configuration` where the client has it, else taken from
 * `initializationOptions` and `workspace/didChangeConfiguration`. Never holds a setting that changes a fingerprint.
 */

import { DEFAULT_SETTINGS, type Settings } from "@fastpipe/shared";
import type { Connection } from "vscode-languageserver";
import type { ClientCapabilities } from "./capabilities.ts";

export class SettingsStore {
  readonly #connection: Connection;
  readonly #client: ClientCapabilities;
  readonly #asked = new Map<string, Promise<Settings>>();
  #pushed: Settings;

  constructor(connection: Connection, client: ClientCapabilities) {
    this.#connection = connection;
    this.#client = client;
    this.#pushed = complete(client.options.settings);
  }

  /** Settings for a file or folder. Asked once, until something changes. */
  of(uri: string): Promise<Settings> {
    if (!this.#client.configuration) return Promise.resolve(this.#pushed);
    let asked = this.#asked.get(uri);
    if (!asked) {
      asked = this.#connection.workspace.getConfiguration({ scopeUri: uri, section: "fastpipe" }).then(
        (value) => complete(value),
        () => this.#pushed,
      );
      this.#asked.set(uri, asked);
    }
    return asked;
  }

  /** Something changed; `pushed` is what a client that is never asked sent along. */
  changed(pushed: unknown): void {
    this.#asked.clear();
    if (this.#client.configuration) return;
    const section =
      typeof pushed === "object" && pushed !== null ? (pushed as { fastpipe?: unknown }).fastpipe : undefined;
    this.#pushed = complete(section);
  }
}

/** A whole set of settings from whatever a client sent; what is missing or of another type takes its default. */
export function complete(value: unknown): Settings {
  const flag = <G extends keyof Settings>(group: G, name: keyof Settings[G] & string): boolean => {
    const fields = typeof value === "object" && value !== null ? (value as Record<string, unknown>)[group] : undefined;
    const given = typeof fields === "object" && fields !== null ? (fields as Record<string, unknown>)[name] : undefined;
    return typeof given === "boolean" ? given : (DEFAULT_SETTINGS[group][name] as boolean);
  };
  return {
    codeLens: { enabled: flag("codeLens", "enabled"), helpers: flag("codeLens", "helpers") },
    notices: { enabled: flag("notices", "enabled") },
    hover: { enabled: flag("hover", "enabled") },
  };
}
