import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ANY_SUITES } from "../../suites/mod.ts";
import { crossed } from "../adapters/rpc/crossed.ts";
import { connectAdapter } from "../adapters/rpc/mod.ts";
import { ownCommand, pythonCommand } from "../adapters/rpc/paths.ts";
import { MAIN, servedAt } from "../adapters/rpc/served_child.ts";
import type { Target } from "../configuration.ts";
import { mesh } from "../formats.ts";
import { hopOf } from "../hops.ts";
import { openhcl } from "../implementations/openhcl.ts";
import { coreSettings } from "../matrix.ts";
import { product } from "../product.ts";
import { openReport } from "../report_file.ts";
import { call, inDirectory } from "./called.ts";
import { offered } from "./counter_product.ts";

const OPTIONS = { timeout: 120_000 };
const MACHINE = { devices: "relay", request: "none" };

/** Connects to what `target` says, for the time of `body`. */
async function connected(
  target: Target,
  body: (it: Awaited<ReturnType<typeof connectAdapter>>) => Promise<void>,
): Promise<void> {
  const options = { folder: ".", harness: "test", timeoutMs: 60_000, jobs: 1, limits: {} };
  const it = await connectAdapter(target, options);
  try {
    await body(it);
  } finally {
    await it.close();
  }
}

/** What `main` restores of what it has saved, by way of `target`, which says what is in states. */
async function tellsOfStates(target: Target): Promise<void> {
  await connected(target, async ({ adapter, space, hasCodec }) => {
    assert.equal(hasCodec, true);
    const settings = { ...coreSettings(space)[0], ...MACHINE };
    const hop = hopOf(space, "main", space.configurations[0] ?? {});
    await using rig = await adapter.rig(settings, 1);
    const first = await rig.start(hop);
    const saved = await first.save({
      correlationId: "00000000-0000-0000-0000-000000000001",
      settings,
    });
    await first[Symbol.asyncDispose]();
    await using machine = await rig.restore(hop, saved);
    const { codec } = machine;
    assert.ok(codec !== undefined);
    assert.deepEqual(codec.given, saved.bytes);
    const value = await codec.decode(saved.bytes);
    assert.deepEqual(value, mesh.decode("main", "underhill.ServicingState", saved.bytes));
    assert.deepEqual(Buffer.from(await codec.encode(value)), Buffer.from(saved.bytes));
    const torn = saved.bytes.subarray(0, saved.bytes.length - 1);
    await assert.rejects(codec.decode(torn), { name: "RefusedError", message: /offset \d+\)$/ });
    await assert.rejects(codec.encode({ units: 1 }), { name: "RefusedError" });
    // It goes on after that.
    assert.deepEqual(await codec.decode(saved.bytes), value);
  });
}

test("a served model says what is in states over standard input and output", OPTIONS, async () => {
  await tellsOfStates({ command: ownCommand(MAIN, "serve", "adapter", "openhcl") });
});

test("a served model says what is in states over a Unix socket", OPTIONS, async () => {
  await inDirectory(async (directory) => {
    const socket = join(directory, "s");
    await using _ = await servedAt("openhcl", "--socket", socket);
    await tellsOfStates({ socket });
  });
});

test("a served model says what is in states over HTTP", OPTIONS, async () => {
  await using child = await servedAt("openhcl", "--http", "0");
  await tellsOfStates({ url: child.address });
});

/** By scenario and path: how each cell of the run in `directory` came out. */
function cellsOf(directory: string): Map<string, string> {
  const cells = new Map<string, string>();
  for (const result of openReport(join(directory, "run.ndjson")).conditions()) {
    for (const { scenario, verdict, reason = "" } of result.cells) {
      const path = result.condition.path.map(({ release }) => release).join(">");
      const { devices } = result.condition.settings;
      cells.set(`${scenario} ${path} ${devices}`, `${verdict} ${reason}`.trim());
    }
  }
  return cells;
}

const NARROW = [
  "--where=writer.host=host & writer.pool=privatepool & reader.host=host",
  "--where=reader.pool=privatepool & request=none & devices=none,relay",
];

test(
  "a model in this process and the same one served restore each other's states",
  OPTIONS,
  async () => {
    await connected({ command: ownCommand(MAIN, "serve", "adapter", "openhcl") }, async (outer) => {
      const inner = { adapter: openhcl.adapter, space: outer.space, format: openhcl.codec };
      const { adapter, space } = crossed({ inner, outer });
      const judged = { suites: [...ANY_SUITES], oracles: [], expectations: [], recordings: {} };
      const both = { ...openhcl, ...judged, adapter, space };
      const own = { ...product, implementations: offered({ both }) };
      await inDirectory(async (directory) => {
        const releases = "writer=inner-1.8.2607,outer-main & reader=inner-main,outer-1.8.2607";
        const run = ["run", "--paths", "pairs", ...NARROW, "--where", releases, "--out", directory];
        const { code, err } = await call([...run, "--jobs", "1"], { product: own });
        assert.equal(code, 0, err);
        const cells = cellsOf(directory);
        assert.equal(cells.size, 3 * 4 * 2);
        for (const [name, how] of cells) assert.equal(how, "passed", name);
      });
    });
  },
);

test("a third party in another language says what is in states of the reference", {
  ...OPTIONS,
  skip: pythonCommand() === undefined ? "there is no Python" : false,
}, async () => {
  const codec = fileURLToPath(new URL("../adapters/rpc/mesh_codec.py", import.meta.url));
  const reference = { command: ownCommand(MAIN, "serve", "adapter", "openhcl") };
  for (const [words, verdict] of [
    [[], /^passed$/],
    [["forgets"], /^failed \d+ octets came back as \d+, which differ from octet \d+ on$/],
  ] as const) {
    await inDirectory(async (directory) => {
      const config = join(directory, "freezethaw.config.json");
      const theirs = { command: ["python3", codec, ...words] };
      writeFileSync(config, JSON.stringify({ adapters: { reference, theirs } }));
      const run = ["run", "--config", config, "--paths", "pairs", ...NARROW, "--out", directory];
      const { err } = await call([...run, "--where", "reader=theirs-1"], { product });
      assert.equal(err, "");
      const cells = cellsOf(directory);
      for (const release of ["2411", "2505", "main"]) {
        const path = `reference-${release}>theirs-1 relay`;
        assert.match(cells.get(`any-codec/state/comes-back-whole ${path}`) ?? "", verdict);
        const sees = cells.get(`any-machine/guest/sees-what-it-saw ${path}`);
        assert.equal(sees, "unsupported theirs-1 lacks observe");
      }
      const written = cells.get("any-codec/state/comes-back-whole theirs-1>theirs-1 relay");
      assert.equal(written, "unsupported theirs-1 lacks a state, as 1 cannot save");
    });
  }
});
