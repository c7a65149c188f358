import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { readDump } from "../xenstore_stream/mod.ts";
import { Daemon, PROFILES, type Profile, restore, save } from "./mod.ts";
import { TestClient } from "./test_client.ts";

const OCAML = PROFILES.ocaml as Profile;
const FIXTURES = new URL("../../fixtures/xenstore/streams/", import.meta.url);

/** A daemon, and what it leaves when it goes. */
function updatable(): { daemon: Daemon; left: () => Uint8Array | undefined } {
  let state: Uint8Array | undefined;
  const daemon = new Daemon({
    profile: OCAML,
    perform: () => {
      state = save(daemon, { version: 1 });
      return undefined;
    },
  });
  return { daemon, left: () => state };
}

function update(client: TestClient, ...args: string[]): string | undefined {
  return client.ask("CONTROL", ["live-update", ...args, ""].join("\0"));
}

test("oxenstored answers BUSY, goes once that is read, and says OK to whoever asks next", () => {
  const { daemon, left } = updatable();
  const [client, other] = [new TestClient(daemon), new TestClient(daemon)];
  client.ask("WRITE", "/a\0v");
  client.ask("WATCH", "/a\0t\0");
  [client, other].forEach(({ connection }, index) => {
    connection.descriptor = 20 + index;
  });
  assertEquals(update(client, "-f", "/bin/true"), "OK");
  assertEquals(left(), undefined);
  assertEquals(update(client, "-s", "-t", "5"), "BUSY");
  daemon.advanceTo(1);
  const next = restore(left() as Uint8Array, { profile: OCAML });
  const [, first, second] = [...next.connections()].map((it) => new TestClient(next, it));
  assertEquals(first?.connection.descriptor, 20);
  assertEquals(first?.ask("READ", "/a\0"), "v");
  assertEquals(update(second as TestClient, "-s"), "OK");
  assertEquals(second?.ask("WRITE", "/a/b\0"), "OK\0");
  first?.answer();
  assertEquals(first?.events, ["/a/b\0t\0"]);
});

test("oxenstored waits for transactions and names who has them in the end", () => {
  const { daemon, left } = updatable();
  const [client, other] = [new TestClient(daemon), new TestClient(daemon)];
  assertEquals(other.ask("TRANSACTION_START", "\0"), "1\0");
  update(client, "-f", "/bin/true");
  assertEquals(update(client, "-s", "-t", "5"), "BUSY");
  daemon.advanceTo(4);
  assertEquals(update(client, "-s"), "BUSY");
  daemon.advanceTo(5);
  assertEquals(update(client, "-s"), 'A2: 1 tx, out: false, perm: 0"rw"');
  assertEquals(left(), undefined);
});

test("oxenstored goes ahead when the transaction ends, and starts new ones meanwhile", () => {
  const { daemon, left } = updatable();
  const [client, other] = [new TestClient(daemon), new TestClient(daemon)];
  other.ask("TRANSACTION_START", "\0");
  update(client, "-f", "/bin/true");
  update(client, "-s", "-t", "5");
  assertEquals(other.ask("TRANSACTION_START", "\0"), "2\0");
  other.ask("TRANSACTION_END", "T\0", 1);
  daemon.advanceTo(1);
  assertEquals(left(), undefined);
  other.ask("TRANSACTION_END", "T\0", 2);
  daemon.advanceTo(2);
  assertEquals(left() !== undefined, true);
});

test("An update of oxenstored that is forced is never done and never given up", () => {
  const { daemon, left } = updatable();
  const [client, other] = [new TestClient(daemon), new TestClient(daemon)];
  other.ask("TRANSACTION_START", "\0");
  update(client, "-f", "/bin/true");
  assertEquals(update(client, "-s", "-t", "1", "-F"), "BUSY");
  daemon.advanceTo(100);
  assertEquals(update(client, "-s"), "BUSY");
  assertEquals(update(client, "-a"), "OK");
  daemon.advanceTo(101);
  assertEquals(left(), undefined);
});

test("oxenstored waits for half a request, and for a domain that acts for another", () => {
  const { daemon } = updatable();
  const [client, half] = [new TestClient(daemon), new TestClient(daemon)];
  daemon.receive(half.connection, new Uint8Array(9));
  client.ask("INTRODUCE", "6\x001\x009\0");
  client.ask("SET_TARGET", "6\x005\0");
  update(client, "-f", "/bin/true");
  update(client, "-s", "-t", "1");
  daemon.advanceTo(1);
  const reason = ['A2: 0 tx, out: false, perm: 0"rw"', 'D6: 0 tx, out: false, perm: 6"rw"5"rw"'];
  assertEquals(update(client, "-s"), reason.join("\n"));
});

for (const file of readdirSync(FIXTURES).filter((it) => it.endsWith(".db"))) {
  test(`restore() takes ${file}, and save() writes the same lines`, () => {
    const octets = new Uint8Array(readFileSync(new URL(file, FIXTURES)));
    const daemon = restore(octets, { profile: OCAML });
    const { lines } = readDump(octets);
    const evtchn = lines.find(({ kind }) => kind === "evtchn-dev");
    const global = lines.find(({ kind }) => kind === "global");
    const saved = save(daemon, {
      version: 1,
      listener: global?.kind === "global" ? global.fd : -1,
      events: evtchn?.kind === "evtchn-dev" ? evtchn.fd : -1,
      portOf: (domid) => 1000 + domid,
    });
    // Connections and nodes may be in another order.
    assertEquals(sorted(saved), sorted(octets));
  });
}

function sorted(octets: Uint8Array): string[] {
  return Buffer.from(octets).toString("latin1").split("\n").sort();
}

test("restore() of oxenstored refuses a stream of records, and C xenstored a text", () => {
  const { daemon } = updatable();
  const text = save(daemon, { version: 1 });
  const stream = save(new Daemon({ profile: PROFILES.c as Profile }), { version: 1 });
  assertThrows(() => restore(stream, { profile: OCAML }), Error, "$xenstored-dump-format");
  assertThrows(() => restore(text, { profile: PROFILES.c as Profile }), Error, '"xenstore"');
});

test("restore() refuses a text whose line of descriptors is missing or bare", () => {
  const text = Buffer.from(save(updatable().daemon, { version: 1 })).toString("latin1");
  restore(Buffer.from(text, "latin1"), { profile: OCAML });
  for (const line of ["", "global,\n", "global,x\n"]) {
    const changed = Buffer.from(text.replace("global,-1\n", line), "latin1");
    const reason = 'must have a line "global": there is none';
    assertThrows(() => restore(changed, { profile: OCAML }), RangeError, reason);
  }
});

test("restore() refuses a stream of a version that came later than the daemon", () => {
  const daemon = new Daemon({ profile: PROFILES["c-4.22"] as Profile });
  const stream = save(daemon, { version: 2 });
  restore(stream, { profile: PROFILES["c-4.22"] as Profile });
  const old = { profile: PROFILES["c-4.20"] as Profile };
  assertThrows(() => restore(stream, old), RangeError, "must be at most 1: current value is 2");
});
