/**
 * What the harness costs over a script that sends the same requests: one update of a real daemon,
 * by way of a condition with one scenario, and by hand. Both take turns, so that a busy machine
 * slows down both, and both do all there is to a cell: a folder, a process, a store, an update into
 * another release, a look at the store, and the end of the process.
 *
 * A difference of medians above the limit makes the exit code 1. Nothing in the tests runs this.
 *
 * Run: `node harness/adapters/xenstored/cell_bench.ts`, `deno run -A ...`, `bun ...`.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check } from "../../check.ts";
import { read, request, write } from "../../facets/xenstore_requests.ts";
import { medianOf } from "../../growth.ts";
import { planOf } from "../../plan.ts";
import { bindScenarios } from "../../program.ts";
import { Run } from "../../run.ts";
import { scenario, suite } from "../../scenario.ts";
import { xenstoredAdapter } from "./adapter.ts";
import { installed, type Program, whyNotInstalled } from "./installation.ts";
import { encodeRequest, MessageCutter } from "./message.ts";
import { shimPath } from "./paths.ts";
import { realNamed } from "./releases.ts";
import { xenstoredSpace } from "./space.ts";

const [FROM, INTO] = ["c-4.17", "c-4.20"];
const CONDITION = `xenstored@${FROM}>${INTO}`;
const ROUNDS = 60;
/** Rounds before them, until the runtime is warm. */
const WARM_ROUNDS = 10;
/** Milliseconds that the harness may cost. */
const COST_MAX_MS = 10;
/** How often the script looks for the socket. */
const LOOK_MS = 1;

const keeps = scenario({
  name: "node/is-kept",
  must: "A node is there after the update",
  source: "Xen, docs/designs/xenstore-migration.md",
  needs: ["xenstore"],
  preparation: {
    name: "one-node",
    needs: ["xenstore"],
    async apply({ xenstore }) {
      const { error } = (await xenstore?.socket("client").ask(write("/a", "value"))) ?? {};
      check(error === null, `writing is answered ${error}`);
    },
  },
  async after({ xenstore }) {
    const { body } = await xenstore.socket("client").ask(read("/a"));
    check(body === "value", `the node is ${body}`);
  },
});

async function main(): Promise<void> {
  const whyNot = whyNotInstalled();
  if (whyNot !== undefined) {
    console.log(`${CONDITION}: not run: ${whyNot}`);
    return;
  }
  const samples: [harness: number, script: number][] = [];
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round++) {
    const works = [byHarness, byScript];
    if (round % 2 === 1) works.reverse();
    const times = new Map<() => Promise<void>, number>();
    for (const work of works) times.set(work, await timed(work));
    if (round < WARM_ROUNDS) continue;
    samples.push([times.get(byHarness) ?? 0, times.get(byScript) ?? 0]);
  }
  const [harness, script] = [0, 1].map((who) => medianOf(samples.map((pair) => pair[who] ?? 0)));
  const cost = medianOf(samples.map(([one, other]) => one - other));
  const text = [harness, script, cost].map((ms) => `${(ms ?? 0).toFixed(1)} ms`);
  console.log(`${CONDITION}: by the harness ${text[0]}, by a script ${text[1]}, cost ${text[2]}`);
  if (cost > COST_MAX_MS) process.exitCode = 1;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

async function byHarness(): Promise<void> {
  const scenarios = bindScenarios([suite("bench", [keeps])]);
  const common = { space: xenstoredSpace, scenarios, oracles: [], seed: 1 };
  const plan = planOf(xenstoredSpace, CONDITION);
  const run = new Run({ ...common, adapter: xenstoredAdapter(), plan, expectations: [] });
  for await (const { cells } of run.results()) {
    const [cell] = cells;
    if (cell?.verdict !== "passed") throw new Error(`Cannot measure: ${cell?.reason}`);
  }
}

/** The least that does the same: one socket, no state read, no script between the daemons. */
async function byScript(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-bare-"));
  const [old, young] = [FROM, INTO].map((name) => programOf(name ?? "")) as [Program, Program];
  writeFileSync(join(folder, "dom0.ring"), new Uint8Array(4096));
  writeFileSync(join(folder, "xsd_port"), "2");
  const target = join(folder, "target.sh");
  const command = [young.loader, "--library-path", young.libraries, young.path];
  writeFileSync(target, `#!/bin/sh\nexec ${command.join(" ")} "$@"\n`);
  chmodSync(target, 0o755);
  const path = join(folder, "socket");
  const child = spawn(old.loader, ["--library-path", old.libraries, old.path, "-N"], {
    stdio: "ignore",
    env: {
      PATH: "/usr/bin:/bin",
      LD_PRELOAD: shimPath(),
      XSHIM_DIR: folder,
      XENSTORED_RUNDIR: folder,
      XENSTORED_ROOTDIR: folder,
      XENSTORED_PATH: path,
    },
  });
  const ended = once(child, "close");
  try {
    while (!existsSync(path)) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const socket = await connected(path);
    await ask(socket, encodeRequest("WRITE", 1, 0, write("/a", "value").body));
    for (const flags of [
      ["-f", target],
      ["-s", "-t", "2"],
    ]) {
      const { body } = request("CONTROL", "live-update", ...flags);
      const answer = await ask(socket, encodeRequest("CONTROL", 2, 0, body));
      if (answer !== "OK\0") throw new Error(`Cannot measure: ${answer}`);
    }
    const is = await ask(socket, encodeRequest("READ", 3, 0, read("/a").body));
    if (is !== "value") throw new Error(`Cannot measure: the node is ${is}`);
    socket.destroy();
  } finally {
    child.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A socket can be there before somebody listens. */
async function connected(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect(path);
    const stands = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    if (stands) return socket;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function ask(socket: Socket, octets: Uint8Array): Promise<string> {
  const cutter = new MessageCutter();
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    const hear = (chunk: Buffer) => {
      for (const { body } of cutter.cut(chunk)) {
        socket.off("data", hear);
        socket.off("error", reject);
        resolve(body);
      }
    };
    socket.on("data", hear);
    socket.write(octets);
  });
}

function programOf(name: string): Program {
  const program = installed(realNamed(name));
  if (typeof program === "string") throw new Error(`Cannot measure: ${program}`);
  return program;
}

await main();
