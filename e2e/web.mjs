/**
 * The same extension in VS Code for the web: the server in a web worker, its files through the page. Shorter than the
 * desktop's scenario: what differs between the two is how files are read and written.
 */
import { assert } from "./steps.mjs";
import { until } from "./workbench.mjs";

const HELPER = "return middle - reach, middle + reach";

export function webSteps(vscode) {
  const { page } = vscode;
  return [
    [
      "each stage has a badge",
      async () => {
        const trust = page.locator(".monaco-dialog-box .monaco-button").filter({ hasText: "Yes, I trust" });
        if (
          await trust.waitFor({ timeout: 4000 }).then(
            () => true,
            () => false,
          )
        )
          await trust.click();
        await vscode.openInExplorer(["src"], "prepare.py");
        await vscode.lens("○ never recorded · Record");
        await vscode.picture("web-1-never-recorded");
      },
    ],
    [
      "all stages are recorded from the palette",
      async () => {
        await vscode.command("Fastpipe: Record All Stages");
        await vscode.lens("✓ up to date");
        await vscode.status.filter({ hasText: "0 stale" }).waitFor();
      },
    ],
    [
      "an edit of a helper in another file changes the badge before it is saved",
      async () => {
        await vscode.openInExplorer(["src", "cleaning"], "outliers.py");
        const lines = await vscode.lines(vscode.editor("outliers.py"));
        const line = lines.findIndex((text) => text.includes(HELPER)) + 1;
        assert.ok(line > 0, lines.join("\n"));
        await vscode.goTo(line);
        await page.keyboard.press("End");
        await page.keyboard.type(" + 1", { delay: 10 });
        await vscode.status.filter({ hasText: "1 stale" }).waitFor();
        await vscode.openInExplorer(["src"], "prepare.py");
        await vscode.lens("● changed since last run: bounds");
        await page.locator('.tab.dirty[aria-label*="outliers.py"]').waitFor();
        await vscode.picture("web-2-changed-unsaved");
      },
    ],
    [
      "the hover tells a stage's state",
      async () => {
        const text = await vscode.hover(
          "prepare.py",
          "def ingest_load(",
          "ingest_load",
          "gridcast.prepare.ingest_load",
        );
        assert.match(text, /none of \d+ tracked entries changed/);
        await page.keyboard.press("Escape");
      },
    ],
    [
      "a stage is explained on a page of its own",
      async () => {
        // `clean` stands in many words of this file; its lens says where the stage is.
        await vscode.clickLens("● changed", "● changed");
        await page.locator('.tab[aria-label*="Explain clean"]').waitFor();
        await until("the page", async () =>
          (await vscode.lines()).join("\n").includes("Via: clean → clip_outliers → bounds"),
        );
        await vscode.picture("web-3-explain");
        await vscode.closeEditor();
      },
    ],
    [
      "the diff shows the recorded source",
      async () => {
        await vscode.openInExplorer(["src"], "prepare.py");
        await vscode.clickLens("Diff", "● changed");
        const diff = page.locator(".monaco-diff-editor");
        await diff.waitFor();
        await until("both sides", async () => {
          const text = (await diff.locator(".view-line").allTextContents()).join("\n").replace(/\u00a0/g, " ");
          return text.includes("middle + reach + 1") && text.includes("def bounds");
        });
        await vscode.picture("web-4-diff");
        await vscode.closeEditor();
      },
    ],
    [
      "the status bar lists what is stale",
      async () => {
        await vscode.status.click();
        await vscode.rows.filter({ hasText: "gridcast.prepare.clean" }).first().waitFor();
        await page.keyboard.press("Escape");
      },
    ],
    [
      "the stages stand in a tree, and the pipeline is a picture",
      async () => {
        await vscode.command("View: Show Fastpipe");
        const row = (label) => page.locator(`.pane-body [role="treeitem"][aria-label^="${label}"]`).first();
        await row("Stale: 1 stage").waitFor();
        await row("gridcast.prepare.clean, Stale, bounds").waitFor();
        await vscode.command("Fastpipe: Show Graph");
        const panel = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
        await panel.locator('.node[data-id="gridcast.prepare.clean"]').focus();
        await page.keyboard.press("c");
        await panel.locator('.node[data-id="func:gridcast.cleaning.outliers.bounds"]').waitFor();
        await vscode.picture("web-6-graph");
        await vscode.closeEditor();
      },
    ],
    [
      "accepting saves, asks for a reason and writes through the page",
      async () => {
        await vscode.openInExplorer(["src"], "prepare.py");
        await vscode.clickLens("Accept", "● changed");
        const toast = page.locator(".notifications-toasts .notification-toast").filter({ hasText: "unsaved edits" });
        await toast.locator(".monaco-button").filter({ hasText: "Save and Continue" }).click();
        await vscode.input.fill("one more is never reached");
        await vscode.focused("one more is never reached");
        await page.keyboard.press("Enter");
        await vscode.lens("✓ up to date (accepted)");
        await vscode.status.filter({ hasText: "0 stale" }).waitFor();
      },
    ],
    [
      "a broken buffer keeps its badges, with the grammar loaded into the worker",
      async () => {
        await vscode.openInExplorer(["src"], "prepare.py");
        await vscode.goTo(14);
        await page.keyboard.press("End");
        await page.keyboard.type(" + (", { delay: 10 });
        await vscode.lens("⚠ ");
        await vscode.command("Fastpipe: Show Log");
        const log = page.locator(".panel .monaco-editor .view-line");
        await until("the grammar", async () =>
          (await log.allTextContents())
            .join("\n")
            .replace(/\u00a0/g, " ")
            .includes("the outline's grammar is loaded"),
        );
        await vscode.picture("web-5-broken");
      },
    ],
  ];
}
