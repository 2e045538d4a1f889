/**
 * What a person does in VS Code, with the packaged extension: sees badges, edits a helper in another file without saving,
 * hovers, explains, compares, accepts, records, clicks the status bar. The server runs in Node.
 */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { graphSteps } from "./graph.mjs";
import { stagesViewSteps } from "./stagesView.mjs";
import { assert } from "./steps.mjs";
import { until } from "./workbench.mjs";

const PREPARE = "src/gridcast/prepare.py";
const OUTLIERS = "src/gridcast/cleaning/outliers.py";
const SETTINGS = "src/gridcast/settings.py";
const HELPER_LINE = "    return middle - reach, middle + reach";

/** Steps over a started workbench. `at` gives paths inside the workspace's copy. */
export function desktopSteps(vscode, at) {
  const { page } = vscode;
  const read = (file) => readFile(at(file), "utf8");
  const lineOf = async (file, text) => (await read(file)).split("\n").findIndex((line) => line.includes(text)) + 1;
  const saved = (file, text) => until(`${file} to be saved`, async () => (await read(file)).includes(text));
  let original = "";

  return [
    [
      "each stage has a badge",
      async () => {
        await vscode.open(PREPARE);
        await vscode.lens("○ never recorded · Record");
        assert.equal(await page.locator('[id="status.editor.mode"]').textContent(), "Python");
        await vscode.picture("1-never-recorded");
      },
    ],
    [
      "all stages are recorded from the palette",
      async () => {
        await vscode.command("Fastpipe: Record All Stages");
        await vscode.lens("✓ up to date");
        await until("the lock", async () => (await read("fastpipe.lock")).includes("gridcast.prepare.clean:"));
        await vscode.status.filter({ hasText: "0 stale" }).waitFor();
        await vscode.picture("2-recorded");
      },
    ],
    [
      "an edit of a helper in another file changes the badge before it is saved",
      async () => {
        original = await read(OUTLIERS);
        await vscode.open(OUTLIERS);
        await vscode.goTo(await lineOf(OUTLIERS, HELPER_LINE.trim()), HELPER_LINE.length + 1);
        await page.keyboard.type(" + 1", { delay: 10 });
        await vscode.status.filter({ hasText: "1 stale" }).waitFor();
        await vscode.open(PREPARE);
        await vscode.lens("● changed since last run: bounds");
        await vscode.lens("✓ up to date");
        assert.equal(await read(OUTLIERS), original);
        await vscode.goTo(await lineOf(PREPARE, "def clean("));
        await vscode.picture("3-changed-unsaved");
      },
    ],
    [
      "the hover shows what changed as a table",
      async () => {
        const text = await vscode.hover(PREPARE, "def clean(", "clean", "bounds");
        assert.match(text, /func:gridcast\.cleaning\.outliers\.bounds/);
        assert.match(text, /outliers\.py:\d+/);
        assert.match(text, /clean → clip_outliers → bounds/);
        await vscode.picture("4-hover-stage");
        await page.keyboard.press("Escape");
      },
    ],
    [
      "the hover of a helper says who uses it",
      async () => {
        const text = await vscode.hover(PREPARE, "rows = fill_gaps(read_rows(source)", "fill_gaps", "used by");
        assert.match(text, /used by 2 stages/);
        await vscode.picture("5-hover-helper");
        await page.keyboard.press("Escape");
      },
    ],
    [
      "the diff opens in VS Code's diff editor",
      async () => {
        await vscode.clickLens("Diff", "● changed");
        const diff = page.locator(".monaco-diff-editor");
        await diff.waitFor();
        await until("both sides", async () => {
          const text = (await diff.locator(".view-line").allTextContents()).join("\n").replace(/\u00a0/g, " ");
          return text.includes("middle + reach + 1") && text.includes("middle - reach, middle + reach");
        });
        await vscode.picture("6-diff");
        await vscode.closeEditor();
      },
    ],
    [
      "a stage is explained on a page of its own",
      async () => {
        await vscode.open(PREPARE);
        await vscode.goTo(await lineOf(PREPARE, "def clean("), 6);
        await vscode.command("Fastpipe: Explain Stage");
        await page.locator('.tab[aria-label*="Explain clean"]').waitFor();
        const text = await until("the page", async () => {
          const lines = (await vscode.lines()).join("\n");
          return lines.includes("Stage: gridcast.prepare.clean") && lines;
        });
        assert.match(text, /Status: STALE \(would re-run\)/);
        assert.match(text, /func:gridcast\.cleaning\.outliers\.bounds/);
        assert.match(text, /Via: clean → clip_outliers → bounds/);
        assert.equal(await page.locator('[id="status.editor.mode"]').textContent(), "Fastpipe Explain");
        await vscode.picture("7-explain");
        // Each changed key leads to its diff, each hop to its definition.
        const link = (text) => page.locator(".editor-instance .detected-link").filter({ hasText: text }).first();
        await link("clip_outliers").click({ modifiers: ["Control"] });
        await vscode.editor("outliers.py").waitFor();
        await page.locator('.tab[aria-label*="Explain clean"]').click();
        await link("gridcast.cleaning.outliers.bounds").click({ modifiers: ["Control"] });
        await page.locator(".monaco-diff-editor").waitFor();
        await vscode.picture("7-explain-diff");
        await vscode.closeEditor();
      },
    ],
    [
      "accepting offers to save, asks for a reason and writes it down",
      async () => {
        await vscode.open(PREPARE);
        await vscode.clickLens("Accept", "● changed");
        const toast = page.locator(".notifications-toasts .notification-toast").filter({ hasText: "unsaved edits" });
        await toast.waitFor();
        await vscode.picture("8-accept-unsaved");
        await toast.locator(".monaco-button").filter({ hasText: "Save and Continue" }).click();
        await saved(OUTLIERS, "reach + 1");
        await vscode.input.waitFor();
        await vscode.input.fill("one more is never reached");
        await vscode.focused("one more is never reached");
        await vscode.picture("9-accept-reason");
        await page.keyboard.press("Enter");
        await vscode.lens("✓ up to date (accepted)");
        assert.match(await read("fastpipe.lock"), /how: accepted[\s\S]*reason: one more is never reached/);
        await vscode.status.filter({ hasText: "0 stale" }).waitFor();
        await vscode.picture("10-accepted");
      },
    ],
    [
      "a changed constant is recorded with one click",
      async () => {
        await vscode.open(SETTINGS);
        const line = await lineOf(SETTINGS, "OUTLIER_LIMIT");
        await vscode.goTo(line);
        await page.keyboard.press("End");
        await page.keyboard.type("  + 2", { delay: 10 });
        await page.keyboard.press("Control+S");
        await saved(SETTINGS, "+ 2");
        await vscode.open(PREPARE);
        await vscode.lens("● changed since last run: OUTLIER_LIMIT");
        await vscode.clickLens("Record", "● changed since last run: OUTLIER_LIMIT");
        await until("all badges", async () => (await vscode.lenses()).every((text) => !text.startsWith("●")));
        await until("the lock", async () => /prepare\.clean:[\s\S]*?how: recorded/.test(await read("fastpipe.lock")));
      },
    ],
    [
      "the helper's side offers to accept its change in every stage",
      async () => {
        const file = "src/gridcast/cleaning/gaps.py";
        await vscode.open(file);
        const line = await lineOf(file, "return start");
        await vscode.goTo(line);
        await page.keyboard.press("End");
        await page.keyboard.type(" + 0.5", { delay: 10 });
        await vscode.status.filter({ hasText: "2 stale" }).waitFor();
        await page.keyboard.press("Control+S");
        await saved(file, "start + 0.5");
        await page.keyboard.press("Control+.");
        const menu = page.locator(".action-widget .monaco-list-row").filter({ hasText: "in 2 stages" });
        await menu.first().waitFor();
        await vscode.picture("11-code-actions");
        await page.keyboard.press("Escape");
      },
    ],
    [
      "the changed helper is marked, and its hover says whom it makes stale",
      async () => {
        const file = "src/gridcast/cleaning/gaps.py";
        await vscode.open(file);
        await page
          .locator(".editor-instance .margin-view-overlays .cgmr.codicon, .editor-instance .cgmr")
          .first()
          .waitFor();
        const text = await vscode.hover(file, "def between(", "def", "makes 2 stages stale");
        assert.match(
          text,
          /between changed: makes 2 stages stale \(gridcast\.prepare\.ingest_weather, gridcast\.prepare\.clean\)/,
        );
        await vscode.picture("11-mark");
        await page.keyboard.press("Escape");
      },
    ],
    [
      "helpers say how many stages use them, where the folder's settings ask for it",
      async () => {
        await mkdir(at(".vscode"), { recursive: true });
        await writeFile(at(".vscode/settings.json"), '{ "fastpipe.codeLens.helpers": true }\n');
        await vscode.lens("● used by 2 stages, changed in 2 stages");
        await vscode.lens("used by 2 stages");
        await vscode.picture("11-helpers");
        await writeFile(at(".vscode/settings.json"), "{}\n");
        await until("no lens above helpers", async () => (await vscode.lenses()).length === 0);
      },
    ],
    [
      "who depends on a definition is a page",
      async () => {
        await vscode.command("Fastpipe: Show Dependent Stages");
        await page.locator('.tab[aria-label*="Dependents of between"]').waitFor();
        await until("the page", async () =>
          (await vscode.lines()).join("\n").includes("Via: clean → fill_gaps → between"),
        );
        await vscode.picture("17-dependents");
        await vscode.closeEditor();
      },
    ],
    [
      "a recorded version is compared with the code",
      async () => {
        await vscode.command("Fastpipe: Show History of Function");
        await vscode.rows.filter({ hasText: "recorded for gridcast.prepare" }).first().waitFor();
        await vscode.picture("18-history");
        await vscode.rows.filter({ hasText: "recorded for gridcast.prepare" }).first().click();
        await page.locator(".quick-input-widget .monaco-button").filter({ hasText: "OK" }).click();
        const diff = page.locator(".monaco-diff-editor");
        await diff.waitFor();
        await until("both sides", async () => {
          const text = (await diff.locator(".view-line").allTextContents()).join("\n").replace(/\u00a0/g, " ");
          return text.includes("return start + 0.5") && /return start\n/.test(text);
        });
        await vscode.picture("18-history-compared");
        await vscode.closeEditor();
      },
    ],
    [
      "several changes open in one editor",
      async () => {
        await vscode.open(SETTINGS);
        await vscode.goTo(await lineOf(SETTINGS, "OUTLIER_LIMIT"));
        await page.keyboard.press("End");
        await page.keyboard.type(" + 3", { delay: 10 });
        await vscode.open(PREPARE);
        await vscode.lens("OUTLIER_LIMIT");
        await vscode.clickLens("Diff", "OUTLIER_LIMIT");
        const diffs = page.locator(".multiDiffEntry, .monaco-component.multiDiffEditor .monaco-diff-editor");
        await until("both changes", async () => (await diffs.count()) >= 2);
        await vscode.picture("19-several-changes");
        await vscode.closeEditor();
        await vscode.open(SETTINGS);
        await vscode.command("File: Revert File");
        await vscode.open(PREPARE);
        await until("one change", async () => (await vscode.lenses()).every((text) => !text.includes("OUTLIER_LIMIT")));
        await vscode.open("src/gridcast/cleaning/gaps.py");
      },
    ],
    [
      "the status bar lists what is stale and jumps there",
      async () => {
        await vscode.status.hover();
        await page.locator(".monaco-hover:not(.hidden)").filter({ hasText: "ingest_weather" }).first().waitFor();
        await page.locator('[id="fastpipe.fastpipe.status"] [aria-label*="stale stages: 2; broken: 0"]').waitFor();
        await vscode.picture("12-status-bar");
        await vscode.status.click();
        await vscode.rows.filter({ hasText: "gridcast.prepare.ingest_weather" }).first().waitFor();
        await vscode.picture("13-stale-list");
        await vscode.input.fill("ingest_weather");
        await vscode.focused("gridcast.prepare.ingest_weather");
        await page.keyboard.press("Enter");
        const at = await lineOf(PREPARE, "def ingest_weather(");
        await page
          .locator('[id="status.editor.selection"]')
          .filter({ hasText: `Ln ${at},` })
          .waitFor();
      },
    ],
    [
      "a buffer that is broken while it is typed keeps its badges",
      async () => {
        await vscode.open(PREPARE);
        await vscode.lens("✓ up to date");
        await vscode.goTo(await lineOf(PREPARE, "rows = fill_gaps(read_rows(source)"));
        await page.keyboard.press("End");
        await page.keyboard.type(" + (", { delay: 10 });
        await vscode.lens("⚠ ");
        await vscode.picture("14-broken");
        for (let i = 0; i < 4; i++) await page.keyboard.press("Backspace");
        await until("no warning", async () => (await vscode.lenses()).every((text) => !text.startsWith("⚠")));
      },
    ],
    ...stagesViewSteps(vscode, at),
    ...graphSteps(vscode, at),
    [
      "the lock has its own looks",
      async () => {
        await vscode.open("fastpipe.lock");
        await page.locator('[id="status.editor.mode"]').filter({ hasText: "Fastpipe Lock" }).waitFor();
        await vscode.picture("16-lock");
        await vscode.closeEditor();
      },
    ],
    [
      "the server can be started again",
      async () => {
        await vscode.open(PREPARE);
        await vscode.lens("● changed since last run: between");
        await vscode.command("Fastpipe: Restart Server");
        await until("the status to go", async () => !(await vscode.status.isVisible()));
        await vscode.status.filter({ hasText: "2 stale" }).waitFor();
        await vscode.lens("● changed since last run: between");
      },
    ],
  ];
}
