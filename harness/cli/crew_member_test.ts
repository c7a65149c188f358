import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { Crew } from "../crew.ts";
import { openhcl } from "../implementations/openhcl.ts";
import { makePlan, type Planned } from "../plan.ts";
import { product } from "../product.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import { Selection } from "../selection.ts";
import { runCommandLine } from "./command_line.ts";
import type { CrewTask } from "./crew_member.ts";
import { silentShell } from "./silent_shell.ts";

const onNode = process.versions.deno === undefined && process.versions.bun === undefined;
/** Random ones among them. On Deno and Bun, whose threads are slow to begin, they are fewer. */
const [PARTS, LINES_MIN] = onNode
  ? ["lifetimes,ping-pong,triples,protocols,ids", 800]
  : ["lifetimes,triples,ids", 300];
/** Conditions of which two threads that are stopped early cannot have run all. */
const STOPPED = onNode ? 1_000 : 600;

const TASK: CrewTask = {
  implementation: "openhcl",
  patterns: [],
  seed: 1,
  retries: 0,
  attempts: 1,
  redact: false,
};

/** Conditions of the core grid. */
function planned(from: number, to: number): Planned[] {
  const { space, suites, oracles } = openhcl;
  const input = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles), seed: 1 };
  const plan = makePlan({ space, ...input }, new Selection({ parts: ["pairs"] }));
  return [
    ...Iterator.from(plan.conditions())
      .drop(from)
      .take(to - from),
  ];
}

/** The report of a run of slices and of longer paths that `jobs` threads share. */
async function reportOf(jobs: number): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "freezethaw-"));
  try {
    const args = ["run", "--paths", PARTS, "--reporter", "ndjson", "--out", out];
    assert.equal(await runCommandLine([...args, "--jobs", `${jobs}`], product, silentShell), 0);
    return readFileSync(join(out, "run.ndjson"), "utf8");
  } finally {
    rmSync(out, { recursive: true });
  }
}

test("a run that threads share gives the report of one thread", { timeout: 180_000 }, async () => {
  const alone = await reportOf(1);
  assert.ok(alone.split("\n").length > LINES_MIN, "the run is long enough to be shared");
  assert.ok((await reportOf(3)) === alone, "reports differ");
});

test("Crew.stop() ends with what was begun, without a gap", { timeout: 180_000 }, async () => {
  const crew = new Crew(product.worker, TASK, 2, planned(0, STOPPED));
  let text = "";
  for await (const { stretch } of crew.stretches()) {
    text += stretch.text;
    crew.stop();
  }
  const whole = await linesFrom(0, STOPPED);
  assert.ok(text.length > 0 && text.length < whole.length);
  assert.ok(whole.startsWith(text));
});

test("Crew goes on from a later condition", { timeout: 180_000 }, async () => {
  assert.ok((await linesFrom(0, 300)).endsWith(await linesFrom(100, 300)));
});

test("Crew judges by the expectations of its task", { timeout: 180_000 }, async () => {
  const surprises = async (task: CrewTask) => {
    let count = 0;
    const crew = new Crew(product.worker, task, 1, planned(0, 10));
    for await (const { stretch } of crew.stretches()) count += stretch.counts.surprises;
    return count;
  };
  assert.equal(await surprises(TASK), 0);
  assert.ok((await surprises({ ...TASK, expectations: [] })) > 0, "nothing is known to fail");
});

const VALID = "openhcl,xenstored,qemu,qemu-model,xenopsd";
const BROKEN = new RegExp(
  `Cannot serve as the implementation must be one of ${VALID}: current value is none`,
);

test("Crew passes on that a worker broke", { timeout: 180_000 }, async () => {
  const crew = new Crew(product.worker, { ...TASK, implementation: "none" }, 2, planned(0, 10));
  await assert.rejects(async () => {
    for await (const _ of crew.stretches());
  }, BROKEN);
});

/** Ends the run when it is asked before it has said that it listens. */
const LATE = `
import { parentPort } from "node:worker_threads";
import { setImmediate } from "node:timers/promises";
let listens = false;
parentPort.on("message", ({ number }) => {
  parentPort.postMessage(listens ? { number, stretch: number } : { broken: "asked too early" });
});
for (let turn = 0; turn < 10; turn++) await setImmediate();
listens = true;
parentPort.postMessage({ listens });
`;

test("Crew asks nothing of a worker that has not said that it listens", async () => {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-"));
  try {
    const path = join(folder, "late.mjs");
    writeFileSync(path, LATE);
    const crew = new Crew(pathToFileURL(path), TASK, 2, planned(0, 200));
    const stretches = [];
    for await (const { stretch } of crew.stretches()) stretches.push(stretch);
    assert.deepEqual(stretches, [0, 1, 2, 3, 4]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

async function linesFrom(from: number, to: number): Promise<string> {
  let text = "";
  const crew = new Crew(product.worker, TASK, 2, planned(from, to));
  for await (const { stretch } of crew.stretches()) {
    text += stretch.text;
  }
  return text;
}
