/**
 * Between binary streams, the draft and oxenstored's text dump, in both directions: what has a
 * place is there, and what has none is named.
 */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { fixture, fixtureNames } from "./fixture.ts";
import { inspect, type Repair, readDump, readStream, repair } from "./mod.ts";

function lines(octets: Uint8Array): string[] {
  return Buffer.from(octets).toString("latin1").trimEnd().split("\n");
}

function dump(...given: readonly string[]): Uint8Array {
  return new TextEncoder().encode(["$xenstored-dump-format", ...given, ""].join("\n"));
}

function losses({ changes }: Repair): string[] {
  return changes.flatMap(({ lost }) => (lost === undefined ? [] : [lost]));
}

/** Value and permissions by path, as both forms have them. */
function storeOf(octets: Uint8Array, layout?: "draft"): Record<string, string> {
  const isDump = octets[0] === "$".charCodeAt(0);
  const options = layout === undefined ? {} : { layout };
  const found = isDump ? readDump(octets).lines : readStream(octets, options).records;
  const store: Record<string, string> = {};
  for (const one of found) {
    if (one.kind !== "store" && one.kind !== "NODE_DATA") continue;
    const perms = one.perms.filter(({ flags }) => flags === 0);
    const shown = perms.map(({ perm, domid }) => `${perm}${domid}`).join(" ");
    const path = one.path.replace(/^\/@/, "@");
    store[path] = `${Buffer.from(one.value).toString("hex")} ${shown}`;
  }
  return store;
}

function values(store: Record<string, string>): string[] {
  return Object.entries(store).map(([path, shown]) => `${path} ${shown.split(" ")[0]}`);
}

for (const name of fixtureNames("streams", "").filter((it) => !it.includes("large"))) {
  test(`repair() takes all nodes of ${name} from one form to each other one`, () => {
    const octets = fixture(name);
    const expected = storeOf(octets);
    for (const target of ["text", "1", "2", "draft"]) {
      const repaired = repair(octets, target);
      const layout = target === "draft" ? ("draft" as const) : undefined;
      assert.deepEqual(storeOf(repaired.octets, layout), expected, target);
      const forced = target === "text" ? {} : { layout: target as "1" };
      const back = repair(repaired.octets, name.endsWith(".db") ? "text" : "1", forced);
      const returned = storeOf(back.octets);
      if (target !== "text" || name.endsWith(".db")) assert.deepEqual(returned, expected);
      // The rings of domains that own nodes have no place in a dump, so that domain 0 owns them.
      else assert.deepEqual(values(returned), values(expected));
    }
  });
}

test("a dump becomes a stream with its connections, and watches oldest first", () => {
  const given = dump(
    "global,3",
    "evtchn-dev,5,1",
    "dom,0,0,2,1000",
    "dom,5,77,7,1005",
    "watch,5,6e6577,32",
    "watch,5,6f6c64,31",
    "socket,8",
    "watch,-8,2f61,74",
    "store,2f,6e30,",
    "store,2f4072656c65617365446f6d61696e,6e3000723,",
    "store,2f4072656c65617365446f6d61696e,6e30007233,",
  );
  const repaired = repair(given, "c-4.20");
  assert.deepEqual(losses(repaired), ["whatever was in it"]);
  const { records } = readStream(repaired.octets);
  assert.deepEqual(
    records.map((record) => {
      if (record.kind === "GLOBAL_DATA") return [record.rwSocketFd, record.evtchnFd];
      if (record.kind === "CONNECTION_DATA") return record.spec;
      if (record.kind === "WATCH_DATA") return [record.connId, record.path];
      return record.kind === "NODE_DATA" ? record.path : record.kind;
    }),
    [
      [3, 5],
      { type: "ring", domid: 0, tdomid: 0x7ff4, evtchn: 1000 },
      { type: "ring", domid: 5, tdomid: 0x7ff4, evtchn: 1005 },
      [2, "old"],
      [2, "new"],
      { type: "socket", fd: 8 },
      [3, "/a"],
      "/",
      "@releaseDomain",
      "END",
    ],
  );
  const draft = readStream(repair(given, "draft").octets, { layout: "draft" }).records;
  const ring = draft.find((it) => it.kind === "CONNECTION_DATA" && it.connId === 2);
  assert.deepEqual(ring?.kind === "CONNECTION_DATA" && ring.spec, {
    type: "ring",
    domid: 5,
    tdomid: 0x7ff4,
    evtchn: 7,
    mfn: 77n,
  });
});

test("a dump without the local port of a domain says what that domain loses", () => {
  const given = dump("global,3", "dom,0,0,2,1000", "dom,5,77,7", "store,2f,6e30,");
  assert.deepEqual(losses(repair(given, "1")), ["events of domain 5 until it is introduced"]);
  assert.equal(repair(given, "text").changeCount, 0);
});

test("a draft has the page and the port that a dump needs", () => {
  const given = dump("global,3", "dom,5,77,7", "watch,5,2f61,74", "store,2f,6e30,");
  const draft = repair(given, "draft").octets;
  const back = repair(draft, "text", { layout: "draft" });
  assert.deepEqual(lines(back.octets), lines(given));
});

test("a ring of version 1 has no page, so that a dump is without it and its watches", () => {
  const repaired = repair(fixture("streams/4.20.watches.bin"), "text");
  assert.ok(
    losses(repaired).includes("the ring of domain 5 and its watches, until it is introduced"),
  );
  const written = lines(repaired.octets);
  assert.deepEqual(
    written.filter((line) => line.startsWith("dom,")),
    ["dom,0,0,0"],
  );
  assert.deepEqual(inspect(repaired.octets).violations, []);
});

test("what is under way in a connection is lost in a dump, or the connection with it", () => {
  // Seven octets of a header, and a header with a part of its body.
  const cut = repair(fixture("streams/4.20.pending_in.bin"), "text");
  const dropped = cut.changes.filter(({ action }) => action === "dropped");
  assert.equal(dropped.length, 2);
  for (const { text } of dropped) assert.match(text, /a message is under way in it/);
  // A request that waits is whole.
  const delayed = repair(fixture("streams/4.20.delayed.bin"), "text");
  assert.ok(losses(delayed).some((lost) => /^\d+ octets of requests and /.test(lost)));
  assert.ok(delayed.changes.every(({ action }) => action !== "dropped"));
});

test("a dump is repaired as a dump: lines, owners, parents and its end", () => {
  const given = dump(
    "global,3",
    "nonsense",
    "watch,9,2f61,74",
    "watch,-8,2f61,74",
    "socket,8",
    "store,2f612f62,6e30,76",
    "store,2f,6e30,",
    "store,2f,6e30,78",
  );
  const repaired = repair(given.subarray(0, -1), "oxenstored-4.20");
  assert.deepEqual(lines(repaired.octets).slice(1), [
    "global,3",
    "socket,8",
    "watch,-8,2f61,74",
    "store,2f,6e30,78",
    "store,2f61,6e30,",
    "store,2f612f62,6e30,76",
  ]);
  assert.deepEqual(repaired.changes.map(({ action }) => action).sort(), [
    "added",
    "changed",
    "dropped",
    "dropped",
    "dropped",
    "moved",
  ]);
  assert.equal(repair(repaired.octets, "text").changeCount, 0);
});

test("permissions of a domain that is gone do not come to a dump", () => {
  const repaired = repair(fixture("streams/4.20.stale_perm.bin"), "text");
  const node = readDump(repaired.octets).lines.find(
    (line) => line.kind === "store" && line.path === "/s/x",
  );
  assert.ok(node?.kind === "store");
  assert.deepEqual(node.perms, [{ perm: "n", flags: 0, domid: 0 }]);
  const [change] = repaired.changes.filter(({ text }) => text.includes("stale"));
  assert.equal(change?.text, 'the stale permissions r7 w8 of "/s/x" have no place');
});

test("values and paths that oxenstored leaves out are told before it does", () => {
  const repaired = repair(fixture("streams/4.20.large.bin"), "text");
  assert.deepEqual(
    losses(repaired).filter((lost) => lost.startsWith("the value")),
    ['the value of "/l/v4000", 4000 octets', 'the value of "/l/v4087", 4087 octets'],
  );
});
