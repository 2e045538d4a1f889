/**
 * The picture of a pipeline: drawn without overlap, moved about with the keyboard, open to the code, saved as a file; in a
 * theme of high contrast too. Goes on from the desktop's scenario.
 */
import { readFile } from "node:fs/promises";
import { assert } from "./steps.mjs";
import { until } from "./workbench.mjs";

export function graphSteps(vscode, at) {
  const { page } = vscode;
  const panel = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  const node = (id) => panel.locator(`.node[data-id="${id}"]`);
  const focused = () => panel.locator(".node:focus").getAttribute("data-id");

  return [
    [
      "the pipeline is a picture with its states in words",
      async () => {
        await vscode.command("Fastpipe: Show Graph");
        await page.locator('.tab[aria-label*="Graph of"]').waitFor();
        await node("gridcast.prepare.clean").waitFor();
        assert.match(
          await node("gridcast.prepare.clean").getAttribute("aria-label"),
          /^gridcast\.prepare\.clean, stale, reads out\/load\.csv, writes out\/load_clean\.csv$/,
        );
        await vscode.picture("15-graph");
        assert.deepEqual(await overlaps(panel), []);
      },
    ],
    [
      "arrow keys move along the edges, Enter opens the code",
      async () => {
        await node("gridcast.prepare.ingest_load").focus();
        await page.keyboard.press("ArrowRight");
        await until("the next stage", async () => (await focused()) === "gridcast.prepare.clean");
        await page.keyboard.press("ArrowRight");
        await until("the one after", async () => (await focused()) === "gridcast.prepare.join");
        await page.keyboard.press("ArrowLeft");
        await until("one before", async () => (await focused()) !== "gridcast.prepare.join");
        await node("gridcast.prepare.clean").focus();
        await vscode.picture("15-graph-focus");
        await page.keyboard.press("Enter");
        await page.locator('[id="status.editor.selection"]').filter({ hasText: "Ln 33," }).waitFor();
        await vscode.picture("15-graph-beside");
        await vscode.closeEditor();
      },
    ],
    [
      "what one stage uses in the code is shown on demand",
      async () => {
        await node("gridcast.prepare.clean").focus();
        await page.keyboard.press("c");
        await node("func:gridcast.cleaning.gaps.between").waitFor();
        assert.match(await node("func:gridcast.cleaning.gaps.between").getAttribute("aria-label"), /changed/);
        assert.deepEqual(await overlaps(panel), []);
        await page.keyboard.press("0");
        await vscode.picture("15-graph-code");
      },
    ],
    [
      "the graph follows an edit, and is saved as a file",
      async () => {
        await vscode.command("Fastpipe: Save Graph as SVG");
        await until("the dialog", async () => (await vscode.input.inputValue()).endsWith("-graph.svg"));
        await vscode.input.fill(at("graph.svg"));
        await page.keyboard.press("Enter");
        const svg = await until("the file", () => readFile(at("graph.svg"), "utf8"));
        assert.match(svg, /^<svg [\s\S]*gridcast\.prepare\.clean: stale[\s\S]*between[\s\S]*<\/svg>\n$/);
      },
    ],
    [
      "in high contrast everything is still told apart",
      async () => {
        await theme(vscode, "Dark High Contrast");
        await node("gridcast.prepare.clean").focus();
        await vscode.picture("24-high-contrast-graph");
        await vscode.open("src/gridcast/cleaning/gaps.py");
        await vscode.command("View: Show Fastpipe");
        await vscode.picture("24-high-contrast-view");
        await theme(vscode, "Dark Modern");
        await vscode.picture("25-dark-view");
        await theme(vscode, "Light Modern");
        await vscode.command("View: Show Explorer");
      },
    ],
  ];
}

async function theme(vscode, name) {
  await vscode.command("Preferences: Color Theme");
  await vscode.input.fill(name);
  await vscode.focused(name);
  await vscode.page.keyboard.press("Enter");
  await vscode.page.waitForTimeout(600);
}

/** Nodes and labels that lie over one another, as drawn. */
function overlaps(panel) {
  return panel.locator("svg.graph").evaluate((svg) => {
    const boxes = [...svg.querySelectorAll(".node .box, .edge text")].map((each) => {
      const { left, right, top, bottom } = each.getBoundingClientRect();
      return { what: each.textContent || each.closest(".node").dataset.id, left, right, top, bottom };
    });
    const found = [];
    boxes.forEach((a, i) => {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right <= b.left + 1 || b.right <= a.left + 1 || a.bottom <= b.top + 1 || b.bottom <= a.top + 1;
        if (!apart) found.push(`${a.what} over ${b.what}`);
      }
    });
    return found;
  });
}
