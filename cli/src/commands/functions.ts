/** `fastpipe functions`: every definition below the root as NDJSON, for tools. A file that can't be parsed is a line too. */
import type { Session } from "../session.ts";

/** Characters to gather before they are written. */
const CHUNK = 1 << 16;

export async function functions(session: Session): Promise<undefined> {
  const { project } = session.open();
  let chunk = "";
  for (const line of project.program.functions()) {
    chunk += `${JSON.stringify(line)}\n`;
    if (chunk.length < CHUNK) continue;
    await session.output.write(chunk);
    chunk = "";
  }
  await session.output.write(chunk);
}
