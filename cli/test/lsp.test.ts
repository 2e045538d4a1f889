/** `fastpipe lsp`: the command line hands its streams to the language server, which lies beside it as a bundle of its own. */
import { expect, it } from "vitest";
import { folder, PIPELINE } from "./fastpipe.ts";
import { startServer } from "./languageServer.ts";

it("serves a client over stdin and stdout, and ends when told to", async () => {
  const { child, connection, initialized } = await startServer(folder(PIPELINE));
  expect(initialized.serverInfo?.name).toBe("fastpipe");
  const { projects } = await connection.sendRequest<{ projects: { stages: { stage: string }[] }[] }>(
    "fastpipe/status",
    {},
  );
  expect(projects[0].stages.map((each) => each.stage)).toContain("pipeline.train");
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  expect(await new Promise((resolve) => child.once("exit", resolve))).toBe(0);
});
