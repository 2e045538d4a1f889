/** `fastpipe lsp`: the language server on this process's streams. */
import type { Session } from "../session.ts";

export async function lsp(_: Session): Promise<undefined> {
  const { runServer } = await import("@fastpipe/server/node");
  runServer();
  // The server ends the process when its client says so.
  await new Promise(() => {});
}
