import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { readStream, writeStream } from "../xenstore_stream/mod.ts";
import type { DaemonOptions } from "./daemon_options.ts";
import { Daemon, PROFILES, type Profile, restore, save } from "./mod.ts";
import { TestClient } from "./test_client.ts";
import { octetsOf } from "./text.ts";
import { encodeMessage, TYPE } from "./wire.ts";

const C = PROFILES.c as Profile;
const FIXTURES = new URL("../../fixtures/xenstore/", import.meta.url);

/** A daemon that is its own successor; `next` is who came out. */
function updatable(): { daemon: Daemon; next: () => Daemon | undefined; options: DaemonOptions } {
  let successor: Daemon | undefined;
  const options: DaemonOptions = {
    profile: C,
    perform(update) {
      successor = restore(save(daemon, { version: 1, update }), { profile: C });
      return undefined;
    },
  };
  const daemon = new Daemon(options);
  return { daemon, next: () => successor, options };
}

function moved(client: TestClient, next: Daemon): TestClient {
  const id = [...client.daemon.connections()].indexOf(client.connection);
  return new TestClient(next, [...next.connections()][id] as never);
}

test("Live update keeps nodes, permissions and watches, and the successor answers", () => {
  const { daemon, next } = updatable();
  const client = new TestClient(daemon);
  client.ask("WRITE", "/a/b\0v");
  client.ask("SET_PERMS", "/a/b\0n0\0r0\0");
  client.ask("WATCH", "/a\0t\0");
  assertEquals(client.ask("CONTROL", "live-update\0-f\0/bin/true\0"), "OK\0");
  assertEquals(client.ask("CONTROL", "live-update\0-s\0-t\x005\0"), undefined);
  const after = moved(client, next() as Daemon);
  assertEquals(after.answer(), "OK\0");
  assertEquals(after.ask("READ", "/a/b\0"), "v");
  assertEquals(after.ask("GET_PERMS", "/a/b\0"), "n0\0r0\0");
  after.ask("WRITE", "/a/c\0");
  assertEquals(after.events, ["/a/c\0t\0"]);
});

test("Live update waits for a transaction, delays new ones, and gives up in the end", () => {
  const { daemon, next } = updatable();
  const [client, other, third] = [0, 1, 2].map(() => new TestClient(daemon)) as [
    TestClient,
    TestClient,
    TestClient,
  ];
  assertEquals(other.ask("TRANSACTION_START", "\0"), "1\0");
  client.ask("CONTROL", "live-update\0-f\0/bin/true\0");
  client.ask("CONTROL", "live-update\0-s\0-t\x005\0");
  assertEquals(third.ask("TRANSACTION_START", "\0"), undefined);
  assertEquals(third.ask("READ", "/\0"), "");
  daemon.advanceTo(4);
  assertEquals(client.answer(), undefined);
  daemon.advanceTo(5);
  const reason = "Domains with long running transactions:\nDomain 0: 5 s\0";
  assertEquals(client.answer(), reason);
  assertEquals(next(), undefined);
  assertEquals(third.answer(), "1\0");
});

test("Live update goes ahead when the transaction ends, and delayed requests come along", () => {
  const { daemon, next } = updatable();
  const [client, other, third] = [0, 1, 2].map(() => new TestClient(daemon)) as [
    TestClient,
    TestClient,
    TestClient,
  ];
  other.ask("TRANSACTION_START", "\0");
  client.ask("CONTROL", "live-update\0-f\0/bin/true\0");
  client.ask("CONTROL", "live-update\0-s\0-t\x005\0");
  third.ask("TRANSACTION_START", "\0");
  other.ask("TRANSACTION_END", "T\0", 1);
  const after = moved(third, next() as Daemon);
  after.daemon.proceed(after.connection);
  assertEquals(after.answer(), "1\0");
});

test("Forced live update drops transactions", () => {
  const { daemon, next } = updatable();
  const [client, other] = [new TestClient(daemon), new TestClient(daemon)];
  other.ask("TRANSACTION_START", "\0");
  client.ask("CONTROL", "live-update\0-f\0/bin/true\0");
  client.ask("CONTROL", "live-update\0-s\0-t\x001\0-F\0");
  daemon.advanceTo(1);
  assertEquals(moved(client, next() as Daemon).answer(), "OK\0");
  assertEquals(moved(other, next() as Daemon).ask("READ", "/\0", 1), "ENOENT\0");
});

test("Cancelled live update tells its client so", () => {
  const { daemon } = updatable();
  const [client, other] = [new TestClient(daemon), new TestClient(daemon)];
  other.ask("TRANSACTION_START", "\0");
  client.ask("CONTROL", "live-update\0-f\0/bin/true\0");
  client.ask("CONTROL", "live-update\0-s\0-t\x005\0");
  assertEquals(other.ask("CONTROL", "live-update\0-a\0"), "OK\0");
  assertEquals(client.answer(), "Cancellation was requested\0");
});

test("A request and its answer may be cut at any octet by a live update", () => {
  const request = encodeMessage(TYPE.READ, { reqId: 9, txId: 0 }, "/a\0");
  for (let cut = 0; cut <= request.length; cut++) {
    const daemon = new Daemon({ profile: C });
    const client = new TestClient(daemon);
    client.ask("WRITE", "/a\0value");
    daemon.receive(client.connection, request.slice(0, cut));
    const sent = client.connection.output(cut);
    const next = restore(save(daemon, { version: 1 }), { profile: C });
    const after = moved(client, next).connection;
    next.receive(after, request.slice(cut));
    const all = [...sent, ...after.output()];
    const whole = [...encodeMessage(TYPE.READ, { reqId: 9, txId: 0 }, octetsOf("value"))];
    assertEquals([cut, all], [cut, whole]);
  }
});

for (const folder of ["streams", "injected"]) {
  for (const file of readdirSync(new URL(`${folder}/`, FIXTURES)).filter((it) =>
    it.endsWith(".bin"),
  )) {
    test(`restore() takes or refuses ${folder}/${file}, and what it takes it can save`, () => {
      const octets = new Uint8Array(readFileSync(new URL(`${folder}/${file}`, FIXTURES)));
      let daemon: Daemon;
      try {
        daemon = restore(octets, { profile: C });
      } catch (error) {
        assertEquals(folder, "injected");
        assertEquals(/^Cannot |^Expected /.test(String((error as Error).message)), true);
        return;
      }
      const once = save(daemon, { version: 1 });
      assertEquals(save(restore(once, { profile: C }), { version: 1 }), once);
      if (folder === "injected") return;
      // Nodes may be in another order, but are the same.
      assertEquals(nodesOf(once), nodesOf(octets));
    });
  }
}

function nodesOf(octets: Uint8Array): string[] {
  return readStream(octets)
    .records.flatMap((it) => (it.kind === "NODE_DATA" ? [it] : []))
    .map(({ path, perms, value }) => JSON.stringify([path, perms, [...value]]))
    .sort();
}

test("restore() refuses a watch of a connection that is not there, naming the record", () => {
  const daemon = new Daemon({ profile: C });
  new TestClient(daemon).ask("WATCH", "/a\0t\0");
  const octets = save(daemon, { version: 1 });
  const watch = readStream(octets).records.find(({ kind }) => kind === "WATCH_DATA");
  octets[(watch?.offset ?? 0) + 8] = 99;
  assertThrows(() => restore(octets, { profile: C }), RangeError, "WATCH_DATA");
});

for (const [file, reason] of [
  ["reserved_flag_bit_1", "flags must be 0 or 1: they are 2"],
  ["no_GLOBAL_DATA", "must have GLOBAL_DATA: there is none"],
  ["version_0", "must be 1 or 2: current value is 0"],
  ["version_3", "must be 1 or 2: current value is 3"],
] as const) {
  test(`restore() refuses ${file} in every profile that reads streams`, () => {
    const octets = new Uint8Array(readFileSync(new URL(`injected/${file}.bin`, FIXTURES)));
    for (const profile of Object.values(PROFILES)) {
      if (profile.state !== "stream") continue;
      assertThrows(() => restore(octets, { profile }), Error, reason);
    }
  });
}

test("restore() refuses every flag that is reserved, and a stream of END only", () => {
  const whole = save(new Daemon({ profile: C }), { version: 1 });
  const { layout } = readStream(whole);
  for (let bit = 1; bit < 32; bit++) {
    const flagged = whole.slice();
    flagged[15 - (bit >> 3)] = 1 << (bit & 7);
    const reason = `flags must be 0 or 1: they are ${2 ** bit}`;
    assertThrows(() => restore(flagged, { profile: C }), RangeError, reason);
  }
  const end = writeStream({ layout, records: [{ kind: "END" }] });
  assertThrows(() => restore(end, { profile: C }), RangeError, "must have GLOBAL_DATA");
});

test("A transaction of the stream ends with EAGAIN and commits nothing", () => {
  const octets = new Uint8Array(readFileSync(new URL("injected/tx_pending_node.bin", FIXTURES)));
  const daemon = restore(octets, { profile: C });
  const client = new TestClient(
    daemon,
    [...daemon.connections()].find((it) => it.transactions.size > 0) as never,
  );
  const txId = [...client.connection.transactions.keys()][0] as number;
  assertEquals(client.ask("TRANSACTION_END", "T\0", txId), "EAGAIN\0");
  assertEquals(client.ask("DIRECTORY", "/a\0"), "");
});
