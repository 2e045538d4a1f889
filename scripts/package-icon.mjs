/**
 * Renders client/media/icon.svg to the PNG that a VS Code extension has to carry. Run by hand after the SVG changed;
 * the PNG is committed, so nothing else needs a browser.
 *
 *   node scripts/package-icon.mjs        (env CHROMIUM, default /usr/bin/chromium)
 */
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const media = new URL("../client/media/", import.meta.url);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
  await page.setContent(
    `<style>body{margin:0}svg{display:block}</style>${await readFile(new URL("icon.svg", media), "utf8")}`,
  );
  await page.screenshot({ path: fileURLToPath(new URL("icon.png", media)), omitBackground: true });
} finally {
  await browser.close();
}
