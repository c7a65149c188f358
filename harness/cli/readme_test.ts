import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";

const isNode = !("Deno" in globalThis || "Bun" in globalThis);
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const skip = isNode ? !hasPython && "python3 is not on this machine" : "runs on Node";

const ROOT = new URL("../../", import.meta.url);
const TITLE = "\n## Plug in yours\n";

/** The blocks of a section of the README in `language`, in their order. */
function blocks(language: string): string[] {
  const text = readFileSync(new URL("README.md", ROOT), "utf8");
  const [section = ""] = text.slice(text.indexOf(TITLE) + TITLE.length).split(/^## /m);
  const found = section.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...found].flatMap(([, name, body = ""]) => (name === language ? [body] : []));
}

/** Does what a line says, in `directory`; the answer of a command of ours. */
async function obey(line: string, directory: string) {
  const words = line.split(" ").map((word) => word.replace(/^mine/, join(directory, "mine")));
  const [program, from = "", to = ""] = words;
  if (program === "cp")
    return copyFileSync(new URL(from, ROOT), join(to, from.split("/")[1] ?? ""));
  assert.deepEqual(words.slice(0, 5), ["npm", "run", "-s", "freezethaw", "--"], line);
  const args = words.slice(5);
  const out = args[0] === "run" ? ["--out", join(directory, "reports")] : [];
  return await call([...args, ...out], { product });
}

test(
  "What the README says to plug in a monitor works as it stands",
  { skip, timeout: 120_000 },
  () =>
    inDirectory(async (directory) => {
      const [begin = "", look = ""] = blocks("sh");
      const [monitor = ""] = blocks("python");
      for (const line of begin.trimEnd().split("\n")) await obey(line, directory);

      const adapter = join(directory, "mine/adapter.py");
      const parts = readFileSync(adapter, "utf8").split(/^(# ---- .* ----)$/m);
      assert.equal(parts.length, 5);
      parts[2] = `\n\n${monitor}\n\n`;
      writeFileSync(adapter, parts.join(""));

      const [doctor = "", run = ""] = look.trimEnd().split("\n");
      const examined = await obey(doctor, directory);
      assert.equal(examined?.out, '"toy", 1.0,2.0: 0 defects, 0 advice\n');
      const red = await obey(run, directory);
      assert.equal(red?.code, 1);
      for (const line of (blocks("text")[0] ?? "").split("\n")) {
        assert.ok(red?.out.includes(`${line}\n`), `${line}\n\nis not in\n\n${red?.out}`);
      }

      const text = readFileSync(join(directory, "mine/freezethaw.config.ts"), "utf8");
      writeFileSync(
        join(directory, "mine/freezethaw.config.known.ts"),
        text.replace("\n});", `\n${blocks("ts")[0]?.trimEnd()}\n});`),
      );
      const green = await obey(run.replace("config.ts", "config.known.ts"), directory);
      assert.equal(green?.code, 0, green?.out);
    }),
);
