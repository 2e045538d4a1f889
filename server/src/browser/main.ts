/** The server in a web worker: messages come from and go to the page that made it. */
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from "vscode-languageserver/browser";
import { startServer } from "../common/server.ts";
import { browserPlatform } from "./platform.ts";

const scope = self as unknown as DedicatedWorkerGlobalScope;
startServer(createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope)), browserPlatform);
