/**
 * Summaries of all files of a folder from cold, by one thread or two: `node threads.mjs ENGINE.mjs FOLDER THREADS` prints
 * `{ wall, cpu }` in seconds. The second thread sends what it made as bytes, as it would have to.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const [bundle, folder, threads] = process.argv.slice(2);
const from = process.hrtime.bigint();
const { parseModule, bind, summarise, encode, decode, STAGE_DECORATORS } = await import(pathToFileURL(bundle).href);
const stageDecorators = new Set(STAGE_DECORATORS);

function summary(file) {
  const text = readFileSync(path.join(folder, file), "utf8");
  const module = parseModule(text);
  if (!module.ok) return null;
  const scopes = bind(module.value, { text }).value;
  return summarise(text, module.value, scopes, { level: "semantic", stageDecorators, nested: false });
}

if (isMainThread) {
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".py"));
  if (threads === "2") {
    const others = files.filter((_, index) => index % 2 === 1);
    const worker = new Worker(new URL(import.meta.url), { workerData: others, argv: [bundle, folder, "1"] });
    const done = new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
    for (const [index, file] of files.entries()) if (index % 2 === 0) summary(file);
    for (const bytes of await done) decode(bytes);
  } else for (const file of files) summary(file);
  const { user, system } = process.cpuUsage();
  const wall = Number(process.hrtime.bigint() - from) / 1e9;
  console.log(JSON.stringify({ wall, cpu: (user + system) / 1e6 }));
  process.exit(0);
} else {
  const made = workerData.map((file) => encode(summary(file)));
  parentPort.postMessage(
    made,
    made.map((bytes) => bytes.buffer),
  );
}
