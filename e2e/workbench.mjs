/**
 * A running VS Code with the packaged extension and a folder, and its page in a browser. Starts and stops processes,
 * knows how to find things on VS Code's page; knows nothing of what a test expects.
 */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { chromium as playwright } from "playwright-core";
import { chromium, WEB_COMMIT, web, workbench } from "../scripts/e2e-install.mjs";

const run = promisify(execFile);

/** No greetings, no look-ups, nothing saved unasked. */
export const QUIET = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "files.autoSave": "off",
};

/** Also nothing that suggests or completes: typed text has to arrive as typed. */
export const SETTINGS = {
  ...QUIET,
  "git.enabled": false,
  "editor.minimap.enabled": false,
  "editor.hover.delay": 100,
  "editor.autoClosingBrackets": "never",
  "editor.autoIndent": "none",
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.acceptSuggestionOnEnter": "off",
};

const BROWSER_FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Asks until there is an answer that is not falsy; throws with the question when there is none in time. */
export async function until(what, ask, milliseconds = 30_000) {
  const end = Date.now() + milliseconds;
  for (;;) {
    const answer = await Promise.resolve()
      .then(ask)
      .catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

/** A TCP port that nobody listens on now. */
export async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

/** A folder for one run, with a copy of the workspace and settings for VS Code; short, because socket paths have a limit. */
export async function prepare(workspace, settings = SETTINGS) {
  const work = await mkdtemp(path.join(tmpdir(), "fp-"));
  const at = (...parts) => path.join(work, ...parts);
  for (const folder of ["ud/User", "home", "run"]) await mkdir(at(folder), { recursive: true });
  await cp(workspace, at("ws"), { recursive: true });
  await writeFile(at("ud/User/settings.json"), JSON.stringify(settings, null, 2));
  return { work, at, dispose: () => rm(work, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }) };
}

/** Ends a process started with `detached`, and its children. */
export async function stop(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, "SIGKILL");
}

/**
 * VS Code behind a web server, extension installed from its vsix. Gives the address of the prepared folder, and of others.
 * With `trust`, it asks whether to trust each of them.
 */
export async function serveWorkbench(place, vsix, port, { trust = false } = {}) {
  const { node, entry } = await workbench();
  const { at } = place;
  const env = {
    ...process.env,
    // No gallery: nothing is looked up, and extensions start sooner.
    EXTENSIONS_GALLERY: "{}",
    HOME: at("home"),
    XDG_CONFIG_HOME: at("home/.config"),
    XDG_DATA_HOME: at("home/.local"),
    XDG_CACHE_HOME: at("home/.cache"),
    XDG_RUNTIME_DIR: at("run"),
    TMPDIR: at("run"),
  };
  for (const name of ["PORT", "PASSWORD", "VSCODE_IPC_HOOK_CLI", "NODE_OPTIONS"]) delete env[name];
  const folders = ["--user-data-dir", at("ud"), "--extensions-dir", at("ext")];
  await run(node, [entry, ...folders, "--install-extension", vsix], { env });
  const flags = ["--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--disable-telemetry", "--disable-update-check"];
  const more = [...(trust ? [] : ["--disable-workspace-trust"]), "--disable-getting-started-override"];
  const child = spawn(node, [entry, ...folders, ...flags, ...more], { env, detached: true, stdio: "ignore" });
  const base = `http://127.0.0.1:${port}`;
  await until("VS Code's web server", async () => (await fetch(`${base}/healthz`)).ok);
  const file = (name) => `vscode-remote://127.0.0.1:${port}${at("ws", name)}`;
  const address = (open) => {
    const payload = open ? `&payload=${encodeURIComponent(JSON.stringify([["openFile", file(open)]]))}` : "";
    return `${base}/?folder=${encodeURIComponent(at("ws"))}${payload}`;
  };
  const addressOf = (target) =>
    `${base}/?${target.endsWith(".code-workspace") ? "workspace" : "folder"}=${encodeURIComponent(target)}`;
  return { address, addressOf, stop: () => stop(child) };
}

/** VS Code for the web with the unpacked extension: no Node anywhere near the extension. */
export async function serveWeb(place, extension) {
  const { script, data } = await web();
  const port = await freePort();
  await mkdir(place.at("ws/.vscode"), { recursive: true });
  await writeFile(place.at("ws/.vscode/settings.json"), JSON.stringify(SETTINGS));
  const flags = ["--quality=stable", `--commit=${WEB_COMMIT}`, `--testRunnerDataDir=${data}`, "--browser=none"];
  const where = ["--host=localhost", `--port=${port}`, `--extensionDevelopmentPath=${extension}`];
  const child = spawn(process.execPath, [script, ...flags, ...where, place.at("ws")], {
    detached: true,
    stdio: "ignore",
  });
  const base = `http://localhost:${port}`;
  await until("VS Code's web server", async () => (await fetch(`${base}/`)).ok);
  return { address: () => `${base}/`, stop: () => stop(child) };
}

/** The files of a vsix (a zip archive) in a folder; gives the folder of the extension. */
export async function unpack(place, vsix) {
  const to = place.at("extension");
  await mkdir(to, { recursive: true });
  await run("python3", ["-m", "zipfile", "-e", vsix, to]);
  return path.join(to, "extension");
}

/** A browser with one page that reaches this machine only. `console` collects what pages log. */
export async function openBrowser(profile) {
  // Webviews live on other origins and need their storage, which Chromium would block as a third party's.
  const preferences = { profile: { block_third_party_cookies: false, cookie_controls_mode: 0 } };
  await mkdir(path.join(profile, "Default"), { recursive: true });
  await writeFile(path.join(profile, "Default/Preferences"), JSON.stringify(preferences));
  const options = { executablePath: await chromium(), headless: true, args: BROWSER_FLAGS };
  const viewport = { width: 1280, height: 800 };
  const context = await playwright.launchPersistentContext(profile, { ...options, viewport });
  const here = (name) => name === "127.0.0.1" || name === "localhost" || name.endsWith(".localhost");
  await context.route(
    (url) => url.protocol.startsWith("http") && !here(url.hostname),
    (route) => route.abort(),
  );
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const console = [];
  page.on("console", (message) => console.push(`[${message.type()}] ${message.text()}`));
  page.on("pageerror", (error) => console.push(`[error] ${error.message}`));
  return { page, console, close: () => context.close() };
}

/** What a test does on VS Code's page. */
export class Workbench {
  constructor(page, pictures) {
    this.page = page;
    this.pictures = pictures;
  }

  /** The editor that shows a file, by the end of its path. */
  editor(file) {
    return this.page.locator(`.editor-instance .monaco-editor[data-uri$="${file}"]`);
  }

  /** All lenses on show, as one reads them. */
  async lenses() {
    const texts = await this.page.locator(".editor-instance .codelens-decoration a").allTextContents();
    return texts.map((text) => text.replace(/\u00a0/g, " "));
  }

  lens(text) {
    return until(`the lens "${text}"; there are: ${text}`, async () =>
      (await this.lenses()).find((t) => t.includes(text)),
    ).catch(async () => {
      throw new Error(`no lens "${text}", but ${JSON.stringify(await this.lenses())}`);
    });
  }

  /** Clicks a lens: the one with `text` that comes first after a lens with `after`. */
  async clickLens(text, after) {
    const all = this.page.locator(".editor-instance .codelens-decoration a");
    const at = await until(`a lens ${text}`, async () => {
      const texts = await this.lenses();
      const from = after ? texts.findIndex((t) => t.includes(after)) : 0;
      const found = from < 0 ? -1 : texts.findIndex((t, i) => i >= from && t.includes(text));
      return found < 0 ? undefined : { found };
    });
    await all.nth(at.found).click();
  }

  get status() {
    return this.page.locator('[id="fastpipe.fastpipe.status"]');
  }

  get input() {
    return this.page.locator(".quick-input-widget:not([style*='display: none']) .quick-input-box input");
  }

  get rows() {
    return this.page.locator(".quick-input-widget:not([style*='display: none']) .quick-input-list .monaco-list-row");
  }

  /** Runs a command of the palette by its title. */
  async command(title) {
    await this.page.keyboard.press("F1");
    await this.input.fill(`>${title}`);
    const row = ".quick-input-list .monaco-list-row";
    // Longer titles start alike; what follows the title in a row's label is its key binding.
    await this.page.locator(`${row}[aria-label="${title}"], ${row}[aria-label^="${title},"]`).first().click();
  }

  /**
   * Waits until the row that Enter takes is the one with this text, and stays it: lists fill up in several rounds. Rows
   * found by what was typed have a highlight.
   */
  async focused(text, found = "") {
    const row = this.page.locator(`.quick-input-list .monaco-list-row.focused${found}`).filter({ hasText: text });
    let seen = 0;
    await until(`the row "${text}"`, async () => {
      seen = (await row.count()) > 0 ? seen + 1 : 0;
      return seen > 3;
    });
  }

  /** Opens a file of the workspace by name, through quick open. */
  async open(file) {
    await this.page.keyboard.press("Control+P");
    // A workbench that was just loaded may not listen to keys yet.
    await this.input.waitFor({ timeout: 10_000 }).catch(() => this.page.keyboard.press("Control+P"));
    await this.input.fill(file);
    await this.focused(path.basename(file), ":has(.highlight)");
    await this.page.keyboard.press("Enter");
    await this.editor(file).waitFor();
  }

  /** Opens a file through the explorer, unfolding folders on the way: the web has no search for files. */
  async openInExplorer(folders, file) {
    await this.command("View: Show Explorer");
    const item = (name) => this.page.locator(`.explorer-folders-view [role="treeitem"][aria-label^="${name}"]`).first();
    for (const folder of folders) {
      await item(folder).waitFor();
      if ((await item(folder).getAttribute("aria-expanded")) === "false") await item(folder).click();
    }
    await item(file).dblclick();
    await this.editor(file).waitFor();
  }

  /** Puts the cursor at a line and column (1-based) of the editor in front. */
  async goTo(line, column = 1) {
    await this.page.keyboard.press("Control+G");
    await this.input.fill(`:${line},${column}`);
    await this.page.keyboard.press("Enter");
    await until("the go-to box to close", async () => (await this.input.count()) === 0);
  }

  /** Hovers a word in the line of an editor that holds `line`, and gives the text that shows up. */
  async hover(file, line, word, expected) {
    const hover = this.page.locator(".monaco-hover:not(.hidden) .hover-contents");
    const found = this.editor(file).locator(".view-line").filter({ hasText: line }).first();
    await found.locator("span span").getByText(word, { exact: false }).first().hover();
    await hover.filter({ hasText: expected }).first().waitFor();
    return (await hover.allTextContents()).join("\n").replace(/\u00a0/g, " ");
  }

  /** Closes the editor in front. */
  async closeEditor() {
    await this.command("View: Close Editor");
    await until("the palette to close", async () => (await this.input.count()) === 0);
  }

  /** Texts of the lines of an editor that are on the screen. */
  async lines(editor = this.page.locator(".editor-instance .monaco-editor").last()) {
    const texts = await editor.locator(".view-line").allTextContents();
    return texts.map((text) => text.replace(/\u00a0/g, " "));
  }

  /** A picture of the whole window, when what slides in has come to rest. */
  async picture(name) {
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path: path.join(this.pictures, `${name}.png`) });
  }
}
