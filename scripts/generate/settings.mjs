/**
 * `npm run docs [-- --print]`: writes docs/settings.md (or prints it) from what declares the settings: schemas/settings.schema.json for
 * `[tool.fastpipe]`, package.json and package.nls.json for VS Code. A test compares the page with what this gives.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8"));
const PAGE = path.join(root, "docs/settings.md");

const code = (value) => `\`${JSON.stringify(value)}\``;
const cell = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`).join("\n");

function projectSettings() {
  const { properties } = read("schemas/settings.schema.json");
  const rows = Object.entries(properties).map(([name, { description, enum: values, default: fallback, examples }]) => [
    `\`${name}\``,
    values ? values.map(code).join(", ") : `list, such as ${code(examples[0])}`,
    fallback === undefined ? "found" : code(fallback),
    description,
  ]);
  const example = Object.entries(properties).map(
    ([name, { default: fallback, examples }]) => `${name} = ${JSON.stringify(examples?.[0] ?? fallback)}`,
  );
  return { table: table(["setting", "value", "default", "what it does"], rows), example: example.join("\n") };
}

function editorSettings() {
  const { contributes } = read("package.json");
  const texts = read("package.nls.json");
  const said = (text) => text.replace(/^%(.*)%$/, (_, key) => texts[key] ?? missing(key));
  const sections = [contributes.configuration].flat();
  const rows = sections.flatMap(({ properties }) =>
    Object.entries(properties).map(([name, setting]) => [
      `\`${name}\``,
      (setting.enum ?? (setting.type === "boolean" ? [true, false] : [])).map(code).join(", ") || setting.type,
      code(setting.default),
      setting.scope,
      said(setting.markdownDescription ?? setting.description),
    ]),
  );
  return table(["setting", "value", "default", "scope", "what it does"], rows);
}

function missing(key) {
  throw new Error(`package.nls.json has no ${key}`);
}

/** The page as it should be. */
function settingsPage() {
  const project = projectSettings();
  return `# Settings

<!-- Made by \`npm run docs\` from schemas/settings.schema.json, package.json and package.nls.json: change those. -->

None is needed. Settings that change what counts as a change are the project's, in \`pyproject.toml\`, so that the editor,
the terminal and CI agree; settings of the editor only change what it shows.

## The project's: \`[tool.fastpipe]\`

\`\`\`toml
[tool.fastpipe]
${project.example}
\`\`\`

${project.table}

A name that is misspelt is an error with its line, never ignored; a watched function or a folder that is not there is a
warning. What the levels ignore, rule by rule:
[manifest.md](manifest.md). The table's schema, for editors that check TOML:
[settings.schema.json](../schemas/settings.schema.json).

The root of a project is the nearest folder upward with a \`fastpipe.lock\`, a \`[tool.fastpipe]\` table or \`.git\`.

## The editor's: VS Code

${editorSettings()}

Those of scope \`resource\` may differ from folder to folder of a workspace.

## Other editors

The same settings without \`fastpipe.\` in front are asked for as the section \`fastpipe\` (\`workspace/configuration\`), or
taken from \`initializationOptions\`:

\`\`\`json
{ "settings": { "codeLens": { "enabled": true }, "hover": { "enabled": true }, "notices": { "enabled": false } } }
\`\`\`

## The environment

| variable | what it does |
| --- | --- |
| \`NO_COLOR\` | the command line never colours, unless \`--color always\` says so |
| \`FASTPIPE_NO_CACHE\` | \`.fastpipe/cache/\` is neither read nor written, and compiled code not kept, as with \`--no-cache\` |
| \`XDG_CACHE_HOME\` | the command line keeps its compiled code in \`fastpipe\` in it; without, in the system's folder for such |
| \`VIRTUAL_ENV\`, \`CONDA_PREFIX\` | where versions of \`package_deps\` are looked up, after \`.venv\` and \`venv\` in the root |
`;
}

if (process.argv.includes("--print")) process.stdout.write(settingsPage());
else writeFileSync(PAGE, settingsPage());
