import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { CrashedError, type RunningMachine } from "../../adapter.ts";
import { read, request, watch, write } from "../../facets/xenstore_requests.ts";
import { xenstoredAdapter } from "./adapter.ts";
import { REAL } from "./real.ts";
import { releaseNamed, understands } from "./releases.ts";

const QUIET = { forced: "no" };
const REQUEST = { correlationId: "", settings: QUIET };

function hop(release: string) {
  return { implementation: "xenstored", release, inputs: {} };
}

async function withRig(
  work: (rig: Awaited<ReturnType<ReturnType<typeof xenstoredAdapter>["rig"]>>) => Promise<void>,
) {
  await using rig = await xenstoredAdapter().rig(QUIET, 1);
  await work(rig);
}

function client(machine: RunningMachine) {
  assert.ok(machine.xenstore !== undefined);
  return machine.xenstore.socket("test");
}

for (const [from, into] of [
  ["c-4.17", "c-4.20"],
  ["c-4.20", "c-4.17"],
  ["oxenstored-4.17", "oxenstored-4.20"],
  ["oxenstored-4.20", "oxenstored-4.17"],
] as const) {
  test(`${from} is updated into ${into} with its store, a connection and a watch`, REAL, () =>
    withRig(async (rig) => {
      const old = await rig.start(hop(from));
      assert.equal(old.release, from);
      assert.equal((await client(old).ask(write("/a", "value"))).error, null);
      assert.equal((await client(old).ask(watch("/a", "token"))).error, null);
      assert.deepEqual(await client(old).events(), [{ path: "/a", token: "token" }]);
      const saved = await old.save(REQUEST);
      assert.equal(saved.writer.release, from);
      assert.ok(saved.bytes.length > 100);

      const young = await rig.restore(hop(into), saved);
      assert.equal(young.release, into);
      assert.equal((await client(young).ask(read("/a"))).body, "value");
      assert.equal((await client(young).ask(write("/a/b", ""))).error, null);
      assert.deepEqual(await client(young).events(), [{ path: "/a/b", token: "token" }]);
    }),
  );
}

for (const [from, into, words] of [
  ["c-4.17", "oxenstored-4.20", /exit code 2.*unknown option '-N'/],
  ["oxenstored-4.17", "c-4.20", /exit code 1.*unrecognized option '--restart'/],
] as const) {
  test(`${into} dies of the arguments that ${from} starts it with`, REAL, () =>
    withRig(async (rig) => {
      const saved = await (await rig.start(hop(from))).save(REQUEST);
      await assert.rejects(rig.restore(hop(into), saved), (error: Error) => {
        assert.ok(error instanceof CrashedError);
        assert.match(error.message, words);
        return true;
      });
    }),
  );
}

test("save is refused while a transaction is open, and the daemon goes on", REAL, () =>
  withRig(async (rig) => {
    const machine = await rig.start(hop("c-4.20"));
    assert.equal((await client(machine).ask(request("TRANSACTION_START", ""))).error, null);
    await assert.rejects(machine.save(REQUEST), {
      name: "SaveError",
      message: /c-4\.20 answers "Domains with long running transactions: Domain 0: \d+ s/,
      machineRuns: true,
    });
    assert.equal((await client(machine).ask(write("/a", ""))).error, null);
  }),
);

test("a domain speaks by its ring before and after an update", REAL, () =>
  withRig(async (rig) => {
    const old = await rig.start(hop("c-4.17"));
    const domain = old.xenstore?.domain(5);
    assert.ok(domain !== undefined);
    const path = await domain.ask(request("GET_DOMAIN_PATH", "5"));
    assert.deepEqual([path.error, path.body], [null, "/local/domain/5\0"]);
    const young = await rig.restore(hop("c-4.20"), await old.save(REQUEST));
    const again = await young.xenstore?.domain(5).ask(request("GET_DOMAIN_PATH", "5"));
    assert.deepEqual([again?.error, again?.body], [null, "/local/domain/5\0"]);
  }),
);

test("a rig that has ended leaves no process", REAL, async () => {
  const before = children();
  await withRig(async (rig) => {
    await rig.start(hop("c-4.17"));
    assert.equal(children().length, before.length + 1);
  });
  assert.deepEqual(children(), before);
});

/** Processes that this one has started. */
function children(): string[] {
  return readdirSync("/proc").filter((name) => {
    if (!/^[0-9]+$/.test(name)) return false;
    try {
      const [, parent] = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8")) ?? [];
      return Number(parent) === process.pid;
    } catch {
      // It has ended in between.
      return false;
    }
  });
}

test("a runtime that cannot adopt a connection lacks the way from a process to the model", () => {
  const reference = {
    command: () => Promise.resolve([]),
    host: () => Promise.reject(new Error("not asked")),
  };
  const bun = xenstoredAdapter({ ...reference, whyNotInherit: "it cannot" });
  const lacks = (a: string, b: string) => bun.lacksAfter?.(hop(a), hop(b));
  const reason = "the connections of a process (it cannot)";
  assert.equal(lacks("c-4.17", "reference-c-4.20"), reason);
  assert.equal(lacks("reference-c-4.20", "c-4.17"), undefined);
  assert.equal(lacks("reference-c-4.20", "reference-c-4.22"), undefined);
  assert.equal(lacks("c-4.17", "c-4.20"), undefined);
  const node = xenstoredAdapter({ ...reference, whyNotInherit: undefined });
  assert.equal(node.lacksAfter?.(hop("c-4.17"), hop("reference-c-4.20")), undefined);
});

test("releases know the state of those that have written it", () => {
  const knows = (reader: string, writer: string) =>
    understands(releaseNamed(reader), releaseNamed(writer));
  assert.equal(knows("c-4.20", "reference-c-4.20"), true);
  assert.equal(knows("reference-c-4.22", "c-4.17"), true);
  assert.equal(knows("c-4.20", "reference-c-4.22"), false);
  assert.equal(knows("reference-oxenstored-4.20", "oxenstored-4.17"), true);
  assert.equal(knows("reference-c-4.20", "oxenstored-4.17"), false);
  assert.equal(knows("reference-c-4.14", "c-4.17"), false);
  assert.equal(knows("c-4.17", "reference-c-4.14"), false);
});
