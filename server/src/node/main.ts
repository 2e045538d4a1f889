/**
 * The server in Node: over stdio (`--stdio`), IPC (`--node-ipc`) or a socket, as the command line says. Started when this
 * file is what Node was told to run; `fastpipe lsp` loads it and calls `runServer`.
 */
import { keepAllocationsYoung } from "@fastpipe/host/node";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "../common/server.ts";
import { nodePlatform } from "./platform.ts";

/** Starts the server on this process's streams; stdio unless the command line names something else. */
export function runServer(): void {
  const named = process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)\b/.test(argument));
  // `createConnection` reads the command line by itself.
  if (!named) process.argv.push("--stdio");
  startServer(createConnection(ProposedFeatures.all), nodePlatform);
}

if (require.main === module) {
  keepAllocationsYoung();
  runServer();
}
