import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { product } from "../product.ts";
import { type Answer, call, inDirectory } from "./called.ts";

const isNode = !("Deno" in globalThis || "Bun" in globalThis);
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const skip = isNode ? !hasPython && "python3 is not on this machine" : "runs on Node";
const options = { skip, timeout: 120_000 };

const ROOT = new URL("../../", import.meta.url);
/** What is written where the README is followed. */
const OURS = /^(?:mine|reports)(?=\/|$)/;
/** Where the map begins to say what a folder is for. */
const MAP_COLUMN = 36;
const TITLE = "\n## Plug in yours\n";

/** The blocks of a section of the README in `language`, in their order. */
function blocks(language: string): string[] {
  const text = readFileSync(new URL("README.md", ROOT), "utf8");
  const [section = ""] = text.slice(text.indexOf(TITLE) + TITLE.length).split(/^## /m);
  const found = section.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].flatMap(([, name, body = ""]) => (name === language ? [body] : []));
}

/** Does what the lines say, in `directory`; the answers of our own commands. */
async function obey(lines: string, directory: string): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const line of lines.trimEnd().split("\n")) {
    const words = line.split(" ").map((word) => word.replace(OURS, `${directory}/$&`));
    const [program, from = "", to = ""] = words;
    if (program === "cp") {
      copyFileSync(new URL(from, ROOT), join(to, from.split("/").at(-1) ?? ""));
      continue;
    }
    assert.deepEqual(words.slice(0, 5), ["npm", "run", "-s", "freezethaw", "--"], line);
    const args = words.slice(5);
    const out = args[0] === "run" ? ["--out", join(directory, "reports")] : [];
    answers.push(await call([...args, ...out], { product }));
  }
  return answers;
}

/** Puts the monitor of the README in place of the toy. */
function plugIn(directory: string): void {
  const adapter = join(directory, "mine/adapter.py");
  const parts = readFileSync(adapter, "utf8").split(/^(# ---- .* ----)$/m);
  assert.equal(parts.length, 5);
  parts[2] = `\n\n${blocks("python")[0]}\n\n`;
  writeFileSync(adapter, parts.join(""));
}

/** A configuration beside the first one, with what the README expects. */
function expectKnown(directory: string): void {
  const text = readFileSync(join(directory, "mine/freezethaw.config.ts"), "utf8");
  const known = text.replace("\n});", `\n${blocks("ts")[0]?.trimEnd()}\n});`);
  writeFileSync(join(directory, "mine/known.config.ts"), known);
}

function demandShown(text: string, answers: readonly Answer[]): void {
  const shown = answers.map(({ out }) => out).join("");
  for (const line of text.split("\n")) {
    assert.ok(shown.includes(`${line}\n`), `${line}\n\nis not in\n\n${shown}`);
  }
}

test("What the README says to plug in a monitor works as it stands", options, () =>
  inDirectory(async (directory) => {
    const [begin = "", look = "", decide = ""] = blocks("sh");
    const [grid = "", decision = ""] = blocks("text");
    await obey(begin, directory);
    plugIn(directory);
    const [doctor, red] = await obey(look, directory);
    assert.equal(doctor?.out, '"toy", 1.0,2.0: 0 defects, 0 advice\n');
    assert.equal(red?.code, 1);
    demandShown(grid, [red as Answer]);
    const decided = await obey(decide, directory);
    assert.deepEqual(
      decided.map(({ code }) => code),
      [1, 0],
    );
    demandShown(decision, decided);
    expectKnown(directory);
    const again = look.replaceAll("freezethaw.config.ts", "known.config.ts");
    const green = await obey(again, directory);
    assert.deepEqual(
      green.map(({ code }) => code),
      [0, 0],
    );
  }),
);

test("README's map of the repository has every folder of code", () => {
  const text = readFileSync(new URL("README.md", ROOT), "utf8");
  const [, map = ""] = text.slice(text.indexOf("## Where things are")).split("```");
  for (const top of ["src", "harness", "suites"]) {
    const rows = map.split("\n").filter((row) => row.startsWith(`${top}/`));
    const named = new Set(
      rows.flatMap((row) => row.slice(0, MAP_COLUMN).match(/\w+(?=\/)/g) ?? []),
    );
    const entries = readdirSync(new URL(top, ROOT), { withFileTypes: true });
    const folders = entries.filter((it) => it.isDirectory()).map(({ name }) => name);
    assert.deepEqual(
      folders.filter((name) => !named.has(name)),
      [],
    );
  }
});
