/**
 * The tree of stages in VS Code: groups with counts, what changed below each stage, actions in place, filter, undo. Goes on
 * from the desktop's scenario: two stages are stale since `between` changed.
 */
import { readFile } from "node:fs/promises";
import { assert } from "./steps.mjs";

/** A row of the tree by the start of what a screen reader says of it. */
const row = (page, label) => page.locator(`.pane-body [role="treeitem"][aria-label^="${label}"]`).first();

export function stagesViewSteps(vscode, at) {
  const { page } = vscode;
  const lock = () => readFile(at("fastpipe.lock"), "utf8");
  return [
    [
      "the stages stand in a tree, by state, with what changed below",
      async () => {
        await vscode.command("View: Show Fastpipe");
        await row(page, "Stale: 2 stages").waitFor();
        await row(page, "Up to date: ").waitFor();
        const stage = row(page, "gridcast.prepare.clean, Stale, ");
        await stage.waitFor();
        await stage.locator(".monaco-tl-twistie").click();
        await row(page, "between, changed · gaps.py:").waitFor();
        await row(page, "Up to date: ").locator(".monaco-tl-twistie").click();
        await vscode.picture("20-stages-view");
      },
    ],
    [
      "a change in the tree opens its diff, a stage its code",
      async () => {
        await row(page, "between, changed").click();
        await page.locator(".monaco-diff-editor").waitFor();
        await vscode.picture("21-stages-view-diff");
        await vscode.closeEditor();
        await row(page, "gridcast.prepare.clean, Stale, ").click();
        await vscode.editor("prepare.py").waitFor();
        const line = page.locator('[id="status.editor.selection"]').filter({ hasText: "Ln 33," });
        await line.waitFor();
      },
    ],
    [
      "the tree is filtered by words, and says so",
      async () => {
        await vscode.command("Fastpipe: Filter Stages");
        await vscode.input.fill("ingest stale");
        await page.keyboard.press("Enter");
        await page.locator(".pane-body .message").filter({ hasText: '"ingest stale": 1 of' }).waitFor();
        await row(page, "gridcast.prepare.ingest_weather, Stale").waitFor();
        await row(page, "gridcast.prepare.clean, Stale").waitFor({ state: "detached" });
        await vscode.picture("22-stages-view-filtered");
      },
    ],
    [
      "only what is visible is recorded, and taken back with one click",
      async () => {
        const before = await lock();
        await vscode.command("Fastpipe: Record Visible Stages");
        await vscode.status.filter({ hasText: "1 stale" }).waitFor();
        const done = page
          .locator('[id="fastpipe.fastpipe.done"]')
          .filter({ hasText: "Recorded gridcast.prepare.ingest_weather" });
        await done.waitFor();
        await vscode.picture("23-undo-offered");
        assert.notEqual(await lock(), before);
        await done.locator("a").click();
        await vscode.status.filter({ hasText: "2 stale" }).waitFor();
        assert.equal(await lock(), before);
        await vscode.command("Fastpipe: Clear Filter");
        await row(page, "gridcast.prepare.clean, Stale").waitFor();
      },
    ],
    [
      "an action in place records one stage; the arrow keys reach every row",
      async () => {
        const stage = row(page, "gridcast.prepare.ingest_weather, Stale");
        await stage.hover();
        await stage.locator('.action-label[aria-label="Record Stage"]').click();
        await vscode.status.filter({ hasText: "1 stale" }).waitFor();
        await vscode.command("Fastpipe: Undo Last Record or Accept");
        await vscode.status.filter({ hasText: "2 stale" }).waitFor();
        // A click on a group folds it; the arrow unfolds it again.
        await row(page, "Stale: 2 stages").click();
        await page.keyboard.press("ArrowRight");
        await row(page, "gridcast.prepare.clean, Stale").waitFor();
        const seen = new Set();
        for (let i = 0; i < 6; i++) {
          await page.keyboard.press("ArrowDown");
          await page.keyboard.press("ArrowRight");
          await page.waitForTimeout(50);
          seen.add(await page.evaluate(activeRow));
        }
        assert.ok(seen.size >= 4, [...seen].join("\n"));
        await vscode.command("View: Show Explorer");
      },
    ],
  ];
}

/** What a screen reader says of the row that the keyboard is on. Runs on the page. */
function activeRow() {
  const id = document.activeElement?.getAttribute("aria-activedescendant");
  return id ? document.getElementById(id)?.getAttribute("aria-label") : null;
}
