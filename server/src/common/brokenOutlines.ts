/**
 * Outlines of open buffers that do not parse, by tree-sitter: where stages stand while someone types. The grammar is loaded
 * when the first buffer breaks; until then, and where it can't be loaded, there is no outline. Frees what it holds as soon
 * as a buffer is whole again or closed.
 */
import {
  createOutline,
  type Outline,
  type OutlineDocument,
  type OutlineLoader,
  type OutlineParser,
} from "@fastpipe/engine/outline";
import type { Log } from "./requests.ts";

export class BrokenOutlines {
  readonly #loader: OutlineLoader | null;
  readonly #log: Log;
  readonly #open = new Map<string, OutlineDocument>();
  #parser: OutlineParser | null = null;
  #asked = false;

  constructor(loader: OutlineLoader | null, log: Log) {
    this.#loader = loader;
    this.#log = log;
  }

  /** The outline of a broken buffer as it stands; null while the grammar is not there. */
  of(uri: string, text: string): Outline | null {
    if (!this.#parser) {
      this.#load();
      return null;
    }
    const known = this.#open.get(uri);
    if (known) return known.replace(text);
    const document = this.#parser.open(text);
    this.#open.set(uri, document);
    return document.outline;
  }

  /** The buffer is whole again, or gone. */
  close(uri: string): void {
    this.#open.get(uri)?.close();
    this.#open.delete(uri);
  }

  #load(): void {
    if (this.#asked || !this.#loader) return;
    this.#asked = true;
    createOutline(this.#loader).then(
      (parser) => {
        this.#parser = parser;
        this.#log.info("the outline's grammar is loaded");
      },
      (error: unknown) => this.#log.warn(`no outlines of broken buffers: ${String(error)}`),
    );
  }
}
