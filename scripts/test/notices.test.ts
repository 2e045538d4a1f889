/** Whatever is bundled comes with its licence, and is exactly what was looked at. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { thirdPartyNotices } from "../notices.mjs";

const repository = fileURLToPath(new URL("../..", import.meta.url));

it("names every package of a bundle, with its whole licence", async () => {
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: ["cli/src/main.ts"],
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    logLevel: "error",
    external: ["@fastpipe/server/node"],
  });
  const notices = thirdPartyNotices([metafile]);
  const bundled = new Set(
    Object.keys(metafile.inputs).flatMap((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  expect([...bundled]).toEqual(expect.arrayContaining(["commander", "yaml", "imurmurhash"]));
  for (const name of [...bundled, "web-tree-sitter", "tree-sitter-python"]) {
    const [, notice = ""] = notices.split(`\n${name} `);
    expect(notice.split("-".repeat(80))[0], name).toMatch(/copyright[\s\S]*(?:permission|permitted)/i);
  }
  expect(notices).toContain("UNICODE LICENSE V3");
});

it("rests on exact versions, each with its checksum", () => {
  const read = (file: string) => JSON.parse(readFileSync(path.join(repository, file), "utf8"));
  for (const folder of [".", ...read("package.json").workspaces]) {
    const { dependencies, devDependencies } = read(`${folder}/package.json`);
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect(version, `${folder}: ${name}`).toMatch(/^\d+\.\d+\.\d+$/);
    }
  }
  for (const [place, { integrity, link }] of Object.entries<Record<string, unknown>>(
    read("package-lock.json").packages,
  )) {
    if (place.includes("node_modules/") && !link) expect(integrity, place).toMatch(/^sha512-/);
  }
});
