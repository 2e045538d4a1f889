/**
 * How the extension behaves where it is new, not wanted, not trusted, or in several places at once: a folder without
 * stages, the first minute with the walkthrough, Restricted Mode, a workspace of several folders with a project inside
 * another. One server, one page that goes from folder to folder.
 */
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { assert } from "./steps.mjs";
import { until } from "./workbench.mjs";

/** Milliseconds that activation may take. */
const MOST_ACTIVATION = 50;

const STAGE = `from fastpipe import stage
from helpers import clean


@stage(deps=[], outs=["clean.csv"])
def NAME(raw):
    return clean(raw)
`;
const HELPERS = "def clean(rows):\n    return rows\n";

/** Stages of a large pipeline. */
const MANY = 300;

/** One that reads what up to three not far before it write. */
function manyStage(n) {
  const reads = [1, 5, 9].filter((back) => n >= back && (n + back) % 3 !== 0).map((back) => `"data/${n - back}.csv"`);
  return `\n\n@stage(deps=[${reads.join(", ")}], outs=["data/${n}.csv"])\ndef step_${n}(source):\n    return source\n`;
}

/** Puts the folders beside the workspace's copy. Settings that matter are those of `prepare`. */
export async function prepareFolders(place) {
  const write = async (file, text) => {
    await mkdir(path.dirname(place.at(file)), { recursive: true });
    await writeFile(place.at(file), text);
  };
  await write("plain/app.py", "import json\n\n\ndef main():\n    return json.dumps({})\n");
  await write("plain/README.md", "# Nothing to do with pipelines\n");
  await cp(place.at("ws"), place.at("untrusted"), { recursive: true });
  for (const [folder, name] of [
    ["one", "first"],
    ["two", "second"],
    ["two/inner", "third"],
  ]) {
    await write(`${folder}/pipeline.py`, STAGE.replace("NAME", name));
    await write(`${folder}/helpers.py`, HELPERS);
  }
  for (let file = 0; file < MANY / 15; file++) {
    const stages = Array.from({ length: 15 }, (_, n) => manyStage(file * 15 + n));
    await write(`many/part${file}.py`, `from fastpipe import stage\n${stages.join("")}`);
  }
  await write("two/inner/pyproject.toml", "[tool.fastpipe]\n");
  await write("several.code-workspace", JSON.stringify({ folders: [{ path: "one" }, { path: "two" }] }));
}

export function mannersSteps(vscode, place, server) {
  const { page } = vscode;
  const goTo = async (folder, trust) => {
    await page.goto(server.addressOf(place.at(folder)), { waitUntil: "domcontentloaded" });
    await page.locator(".monaco-workbench").waitFor();
    const answer = page.locator(".monaco-dialog-box .monaco-button").filter({ hasText: trust ? /^Yes/ : /^No/ });
    await answer.first().click();
    await until("the question to go", async () => (await page.locator(".monaco-dialog-box").count()) === 0);
  };
  const row = (label) => page.locator(`.pane-body [role="treeitem"][aria-label^="${label}"]`).first();
  const exists = (file) =>
    readFile(place.at(file)).then(
      () => true,
      () => false,
    );

  return [
    [
      "a folder without stages is left alone: no server, no status, no message",
      async () => {
        await goTo("plain", true);
        await vscode.open("app.py");
        // It says so when the search for stages is over.
        await vscode.command("View: Show Fastpipe");
        await page.locator(".welcome-view-content").filter({ hasText: "There is no stage here yet" }).waitFor();
        await vscode.picture("30-no-stages");
        const milliseconds = await activation(vscode);
        process.stdout.write(`        activation: ${milliseconds} ms\n`);
        assert.ok(milliseconds <= MOST_ACTIVATION, `${milliseconds} ms`);
        assert.equal(await vscode.status.count(), 0);
        assert.equal(await page.locator(".notification-toast").count(), 0);
        assert.deepEqual(await serversOf(place), []);
      },
    ],
    [
      "it wakes up when the first stage is written",
      async () => {
        await vscode.open("app.py");
        await vscode.goTo(1);
        await page.keyboard.type("from fastpipe import stage\n\n\n@stage()\ndef load():\n    return 1\n\n\n", {
          delay: 5,
        });
        await page.keyboard.press("Control+S");
        await vscode.lens("○ never recorded · Record");
        await vscode.status.filter({ hasText: "0 stale" }).waitFor();
        await row("Never recorded: 1 stage").waitFor();
        await vscode.picture("31-first-stage");
      },
    ],
    [
      "the walkthrough keeps what it promises: mark, record, change, decide",
      async () => {
        await goTo("ws", true);
        await vscode.open("src/gridcast/prepare.py");
        await vscode.lens("○ never recorded · Record");
        // Room for the pictures beside the steps.
        await vscode.command("View: Close Primary Side Bar");
        await vscode.command("Fastpipe: Open Walkthrough");
        const step = (title) => page.locator(".getting-started-step").filter({ hasText: title });
        await step("Mark a stage").waitFor();
        await step("Mark a stage").click();
        await vscode.picture("32-walkthrough-mark");
        const done = (title) => step(title).locator('[role="checkbox"][aria-checked="true"]').first().waitFor();
        await done("Mark a stage");
        await step("Record what you ran").click();
        await vscode.picture("33-walkthrough-record");
        await step("Record what you ran").locator(".monaco-button").filter({ hasText: "Record all stages" }).click();
        await until("the lock", () => exists("ws/fastpipe.lock"));
        await done("Record what you ran");
        await step("Change a helper").click();
        await vscode.picture("34-walkthrough-change");
        await vscode.open("src/gridcast/settings.py");
        const line = (await readFile(place.at("ws/src/gridcast/settings.py"), "utf8"))
          .split("\n")
          .findIndex((each) => each.startsWith("OUTLIER_LIMIT"));
        await vscode.goTo(line + 1);
        await page.keyboard.press("End");
        await page.keyboard.type(" + 1", { delay: 10 });
        await vscode.status.filter({ hasText: "1 stale" }).waitFor();
        await vscode.command("Fastpipe: Open Walkthrough");
        await done("Change a helper");
        await step("Run it again").click();
        await vscode.picture("35-walkthrough-decide");
        await step("Run it again").locator(".monaco-button").filter({ hasText: "Show what is stale" }).click();
        await vscode.rows.filter({ hasText: "gridcast.prepare.clean" }).first().waitFor();
        await page.keyboard.press("Escape");
      },
    ],
    [
      "every badge stays while 200 characters are typed",
      async () => {
        const file = "src/gridcast/prepare.py";
        await vscode.open(file);
        await vscode.lens("✓ up to date");
        await vscode.goTo(14, 61);
        await page.keyboard.press("End");
        await until("all badges", async () => (await stateLines(page)).length >= 3);
        await watchBadges(page);
        const text = ' + len({"a": (1, 2), "b": [3]}["a"]) - sum([1 for _ in "()"])';
        await page.keyboard.type(text.repeat(4).slice(0, 200), { delay: 25 });
        await page.waitForTimeout(600);
        const { fewest, samples } = await badgesSeen(page);
        process.stdout.write(`        ${samples} looks, never fewer than ${fewest} lines\n`);
        assert.ok(samples > 100 && fewest >= 3, `${fewest} lines in ${samples} looks`);
        await vscode.picture("36-typing");
      },
    ],
    [
      "the state of the server, and what a bug report needs",
      async () => {
        await vscode.command("Fastpipe: Copy Debug Information");
        await page.locator(".statusbar-item").filter({ hasText: "Debug information copied" }).waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.match(copied, /^Fastpipe \d[\s\S]*server: Running; activation: \d+ ms[\s\S]*project 1: /);
        assert.ok(!copied.includes(place.work), copied);
        await page.locator('[id="status.languageStatus"]').first().click();
        await page.locator(".hover-language-status").filter({ hasText: "Fastpipe: 12 stages" }).waitFor();
        await vscode.picture("37-language-status");
        await page.keyboard.press("Escape");
      },
    ],
    [
      "in Restricted Mode changes are shown, and nothing is written",
      async () => {
        await goTo("untrusted", false);
        await vscode.open("src/gridcast/prepare.py");
        await vscode.lens("○ never recorded · Record");
        await vscode.clickLens("never recorded", "○ never recorded");
        const toast = page.locator(".notification-toast").filter({ hasText: "in Restricted Mode" });
        await toast.waitFor();
        await vscode.picture("38-restricted");
        assert.equal(await exists("untrusted/fastpipe.lock"), false);
        await vscode.hover("prepare.py", "def ingest_load(", "ingest_load", "no baseline yet");
      },
    ],
    [
      "several folders, one project inside another: each with its stages and its lock",
      async () => {
        await goTo("several.code-workspace", true);
        // On a busy machine VS Code gives up on a workspace's file, and opens without its folders.
        for (let tries = 0; tries < 3; tries++) {
          await page.waitForTimeout(2000);
          if ((await page.getByText("No Folder Opened").count()) === 0) break;
          await page.reload({ waitUntil: "domcontentloaded" });
          await page.locator(".monaco-workbench").waitFor();
        }
        await vscode.open("one/pipeline.py");
        await vscode.lens("○ never recorded");
        await vscode.command("View: Show Fastpipe");
        for (const name of ["one", "two", "inner"]) await row(`${name}: 0 stale of 1`).waitFor();
        await vscode.picture("39-several-projects");
        await vscode.open("inner/pipeline.py");
        await vscode.clickLens("never recorded", "○ never recorded");
        await vscode.lens("✓ up to date");
        await until("the inner lock", () => exists("two/inner/fastpipe.lock"));
        assert.match(await readFile(place.at("two/inner/fastpipe.lock"), "utf8"), /third/);
        assert.equal(await exists("two/fastpipe.lock"), false);
        assert.equal(await exists("one/fastpipe.lock"), false);
      },
    ],
    [
      "hundreds of stages: the tree and the picture are there soon, and move smoothly",
      async () => {
        await goTo("many", true);
        await vscode.open("part0.py");
        await vscode.lens("○ never recorded");
        await vscode.command("View: Show Fastpipe");
        await row(`Never recorded: ${MANY} stages`).waitFor();
        const begun = performance.now();
        await vscode.command("Fastpipe: Show Graph");
        const panel = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
        await panel.locator('.node[data-id="part0.step_0"]').waitFor();
        const drawn = performance.now() - begun;
        assert.equal(await panel.locator(".node").count(), MANY);
        const svg = panel.locator("svg.graph");
        const { left, top } = await svg.evaluate((each) => each.getBoundingClientRect());
        const frames = svg.evaluate(countFrames);
        await svg.hover({ position: { x: 300 + left, y: 200 + top } });
        for (let i = 0; i < 60; i++) await page.mouse.wheel(i < 30 ? 120 : -120, 20);
        const { median, worst } = await frames;
        process.stdout.write(
          `        ${MANY} stages drawn in ${Math.round(drawn)} ms; a frame takes ${median} ms, ${worst} at worst\n`,
        );
        assert.ok(drawn < 15_000 && median < 100, `${drawn} ${median}`);
        await vscode.picture("40-many-stages");
        await panel.locator('.node[data-id="part0.step_0"]').focus();
        await page.keyboard.press("0");
        await vscode.picture("41-many-stages-all");
      },
    ],
  ];
}

/** Times between frames for two seconds, milliseconds. Runs on the page. */
function countFrames() {
  return new Promise((resolve) => {
    const times = [];
    const begun = performance.now();
    let last = begun;
    const tick = (now) => {
      times.push(now - last);
      last = now;
      if (now - begun < 2000) return requestAnimationFrame(tick);
      times.sort((a, b) => a - b);
      resolve({ median: Math.round(times[times.length >> 1]), worst: Math.round(times[times.length - 1]) });
    };
    requestAnimationFrame(tick);
  });
}

/**
 * What activation took, by VS Code's own measure. Time on the clock: a busy machine is given a second chance, and a third.
 */
async function activation(vscode) {
  const { page } = vscode;
  const running = page.locator(".runtime-extensions-editor .extension").filter({ hasText: "Fastpipe" });
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && least > MOST_ACTIVATION; attempt++) {
    if (attempt > 0) {
      await page.reload({ waitUntil: "domcontentloaded" });
      await page.locator(".monaco-workbench").waitFor();
      await page.locator(".welcome-view-content").filter({ hasText: "There is no stage here yet" }).waitFor();
    }
    await vscode.command("Developer: Show Running Extensions");
    // Slowest first, and only what is in view is there: this one may be further down.
    await page.locator(".runtime-extensions-editor .extension").first().hover();
    await until("the extension in the list", async () => {
      if ((await running.count()) > 0) return true;
      await page.mouse.wheel(0, 200);
      return false;
    });
    const text = await running.first().textContent();
    least = Math.min(least, Number(/Activation(?: on startup)?:\s*(\d+)\s*ms/i.exec(text)?.[1]));
    await page.keyboard.press("Escape");
    await running.first().waitFor({ state: "detached" });
  }
  return least;
}

/** Language servers of ours that run for this place: their command lines. */
async function serversOf(place) {
  const found = [];
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    if (line.includes(place.at("ext")) && line.includes("dist/server.js")) found.push(line.replaceAll("\0", " "));
  }
  return found;
}

const BADGES = ".editor-instance .codelens-decoration";

/** The lines of badges on the screen that tell a state. */
async function stateLines(page) {
  const texts = await page.locator(BADGES).allTextContents();
  return texts.filter((text) => /^[●✓○⚠]/.test(text));
}

/** Looks at the badges with every frame, from now on. */
function watchBadges(page) {
  return page.evaluate((selector) => {
    const seen = { fewest: Number.POSITIVE_INFINITY, samples: 0, stop: false };
    window.__badges = seen;
    const look = () => {
      if (seen.stop) return;
      const lines = [...document.querySelectorAll(selector)].filter((each) => /^[●✓○⚠]/.test(each.textContent));
      seen.fewest = Math.min(seen.fewest, lines.length);
      seen.samples++;
      requestAnimationFrame(look);
    };
    look();
  }, BADGES);
}

function badgesSeen(page) {
  return page.evaluate(() => {
    window.__badges.stop = true;
    return { fewest: window.__badges.fewest, samples: window.__badges.samples };
  });
}
