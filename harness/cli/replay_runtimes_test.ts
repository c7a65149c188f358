import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tokenOf } from "../replay_token.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const PROGRAMS = fileURLToPath(new URL("../../node_modules/.bin", import.meta.url));

/** The way to start a TypeScript program. */
const RUNTIMES = { node: [], deno: ["run", "-A", "--no-check"], bun: [] } as const;

const MAIN_HOP = "main[host,privatepool]";
const KEPT = "devices=nvme+mana request=nvme+mana";

/** Cells that pass, fail and break, with much in their transcripts. */
const CELLS = [
  {
    scenario: "oracle/exactly-once-io",
    condition: `openhcl@${MAIN_HOP}>${MAIN_HOP}>${MAIN_HOP} devices=nvme request=nvme flight=chain`,
  },
  {
    scenario: "oracle/all-or-nothing",
    condition: `openhcl@1.7.2511[host,privatepool]>${MAIN_HOP} ${KEPT} fault=nvme:crash-in:restore`,
  },
  {
    scenario: "servicing-basic/guest/comes-back-running",
    condition: `openhcl@2505[host,privatepool]>${MAIN_HOP} ${KEPT}`,
  },
];

function replayed(runtime: keyof typeof RUNTIMES, token: string) {
  const env = { ...process.env, PATH: `${PROGRAMS}${delimiter}${process.env.PATH}` };
  const command = runtime === "node" ? process.execPath : runtime;
  const args = [...RUNTIMES[runtime], MAIN, "run", "--replay", token];
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8", env });
  return { status, stdout, stderr, error };
}

const isNode = !("Deno" in globalThis || process.versions.bun);
const skip = isNode ? false : "Node starts the other runtimes, which need not start each other";

for (const cell of CELLS) {
  const name = `a token of ${cell.scenario} gives the same transcript on every runtime`;
  test(name, { skip, timeout: 120_000 }, () => {
    const token = tokenOf({ ...cell, seed: 3 });
    const node = replayed("node", token);
    assert.ok(node.stdout.includes(cell.condition), node.stderr);
    assert.match(node.stdout, /\nrestored|\nnot-restored/);
    for (const other of ["deno", "bun"] as const) assert.deepEqual(replayed(other, token), node);
  });
}
