/**
 * Sources in one file, or a few: a runtime that reads a program from one file has it in a third of
 * the time that it takes from a hundred. What the sources say of their own place, the URL of their
 * module, stays what it is where they stand.
 *
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

/** Modules of npm that are not ECMAScript look for this. */
const REQUIRE = 'import { createRequire } from "node:module"; const require = createRequire("/");';
/** What only those need who pack, test or look at pages. */
const EXTERNAL = ["esbuild", "typescript", "playwright-core"];

/** A folder of this process for what is made from sources; it goes with the process. */
export function folderOfProcess(): string {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-packed-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes `name.mjs` into `folder`. Answers undefined where there is nothing to pack with. */
export async function bundle(
  source: string,
  folder: string,
  name: string,
): Promise<string | undefined> {
  const esbuild = await import("esbuild").catch(() => undefined);
  if (esbuild === undefined) return undefined;
  await esbuild.build({
    entryPoints: { [name]: source },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What is only imported when it is needed is only read then.
    splitting: true,
    format: "esm",
    platform: "node",
    target: "esnext",
    external: EXTERNAL,
    banner: { js: REQUIRE },
    logLevel: "silent",
    plugins: [places],
  });
  return join(folder, `${name}.mjs`);
}

/** Not as one word, as this module may be packed, too. */
const PLACE = ["import", "meta", "url"].join(".");

const places: Plugin = {
  name: "places",
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      if (!text.includes(PLACE)) return { loader: "ts", contents: text };
      const url = JSON.stringify(pathToFileURL(path).href);
      const contents = `const placeOfSource = ${url}; ${text.replaceAll(PLACE, "placeOfSource")}`;
      return { loader: "ts", contents };
    });
  },
};
