/**
 * Streams that the real daemons refuse, die over or take in part: once they are repaired for a
 * daemon it takes them, and what is in its store then is what was said.
 *
 * Source: the lists below are what each daemon makes of them as they are, and are checked here.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readDump, readStream, repair, writeStream } from "../../../src/xenstore_stream/mod.ts";
import { read, request, write } from "../../facets/xenstore_requests.ts";
import type { Connection } from "./connection.ts";
import { INHERITED, InjectedDaemon } from "./injected_daemon.ts";
import { installed, type Program } from "./installation.ts";
import { REAL } from "./real.ts";
import { REAL_RELEASES, type RealRelease, releaseNamed } from "./releases.ts";

const FOLDER = new URL("../../../fixtures/xenstore/", import.meta.url);

/** Value and permissions by path. */
type Store = Readonly<Record<string, string>>;

const ROOT: Store = { "/": '"" n0' };
const ONE: Store = { ...ROOT, "/tool": '"" n0', "/a": '"va" n0' };

/** What each stream holds once it is repaired, by what it was made for. */
const INJECTED: Readonly<Record<string, Store>> = {
  basic: { ...ONE, "/a/b": '"v\\u0000b" n0 r3' },
  big_endian_flag: ROOT,
  bytes_after_END: ONE,
  conn_ring_of_absent_domain_9: ONE,
  duplicate_node: ONE,
  missing_parent: { ...ONE, "/x": '"" n0', "/x/y": '"v" n0' },
  no_END: ONE,
  no_GLOBAL_DATA: ROOT,
  no_root_node_record: { ...ROOT, "/a": '"va" n0' },
  non_zero_padding: ONE,
  perm_char_x: ONE,
  perm_count_0: ONE,
  reserved_flag_bit_1: ROOT,
  stale_perm_flag: { ...ONE, "/a": '"va" n0 r3' },
  truncated_in_record: ONE,
  tx_pending_delete_of_a: ONE,
  tx_pending_node: ONE,
  unknown_record_type_0x99: ONE,
  unpadded_len_spec_literal_len: { ...ONE, "/a/b": '"vb" n0' },
  version_0: ROOT,
  version_2: ONE,
  version_3: ROOT,
  watch_ext_per_spec_v2: ONE,
  watch_for_unknown_conn: ROOT,
};

/** Of these, C xenstored takes as they are. */
const TAKEN: Readonly<Record<string, readonly string[]>> = {
  both: [
    ...["basic", "bytes_after_END", "conn_ring_of_absent_domain_9", "no_END", "perm_char_x"],
    ...["no_root_node_record", "non_zero_padding", "stale_perm_flag", "truncated_in_record"],
    "unknown_record_type_0x99",
  ],
  "c-4.17": ["duplicate_node"],
  "c-4.20": ["no_GLOBAL_DATA"],
};

for (const release of REAL_RELEASES) {
  for (const [name, expected] of Object.entries(INJECTED)) {
    test(`${release.name} takes ${name}, repaired for it`, REAL, async () => {
      const { octets, holds } = repair(octetsOf(`injected/${name}.bin`), release.name);
      const store = await storeOf(release, octets);
      assert.deepEqual(store, forDialect(release, expected));
      const ownNodes = Object.keys(expected).length;
      assert.equal(holds.nodes, ownNodes);
    });
  }
}

for (const release of REAL_RELEASES.filter(({ dialect }) => dialect === "c")) {
  for (const [name, expected] of Object.entries(INJECTED)) {
    const isTaken = [...(TAKEN.both ?? []), ...(TAKEN[release.name] ?? [])].includes(name);
    test(
      `${release.name} ${isTaken ? "takes" : "does not take"} ${name} as it is`,
      REAL,
      async () => {
        const store = await storeOf(release, octetsOf(`injected/${name}.bin`));
        if (isTaken) assert.deepEqual(store, expected);
        else assert.notDeepEqual(store, expected);
      },
    );
  }
}

test("a watch works in each daemon that its stream was repaired for", REAL, async () => {
  for (const release of REAL_RELEASES) {
    for (const name of ["basic", "watch_ext_per_spec_v2"]) {
      const { octets } = repair(octetsOf(`injected/${name}.bin`), release.name);
      await using daemon = start(release, octets);
      const { client } = daemon;
      assert.equal((await client.ask(write("/a/q", "value"))).error, null);
      const events = await client.events();
      const mine = events.filter(({ path }) => path === "/a/q");
      assert.equal(mine.length, 1, `${release.name} ${name} ${daemon.ending}`);
    }
  }
});

const CAPTURED = readdirSync(new URL("streams/", FOLDER)).filter((name) =>
  /\.(?:binary|nodes_perms|large|watches|empty)\.(?:bin|db)$/.test(name),
);

for (const name of CAPTURED) {
  for (const release of REAL_RELEASES) {
    test(`${release.name} takes ${name}, repaired for it`, REAL, async () => {
      const octets = name.endsWith(".db") ? adoptedDump(name) : adoptedStream(name);
      const { octets: repaired } = repair(octets, release.name);
      const store = await storeOf(release, repaired);
      assert.deepEqual(store, forDialect(release, nodesOf(octets, release)));
    });
  }
}

function octetsOf(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)));
}

function start(release: RealRelease, octets: Uint8Array): InjectedDaemon {
  const domains = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return new InjectedDaemon(release, installed(release) as Program, octets, domains);
}

/** What is in the store of a daemon that begins with `octets`. */
async function storeOf(release: RealRelease, octets: Uint8Array): Promise<Store> {
  await using daemon = start(release, octets);
  const store: Record<string, string> = {};
  try {
    await walk(daemon.client, "/", store);
  } catch (error) {
    store[""] = String(error);
  }
  return store;
}

async function walk(client: Connection, path: string, store: Record<string, string>) {
  const names = await client.ask(request("DIRECTORY", path));
  const { body, error } = await client.ask(read(path));
  const perms = await client.ask(request("GET_PERMS", path));
  const shown = perms.body.split("\0").join(" ").trim();
  store[path] = error === null ? `${shownValue(body)} ${shown}` : error;
  for (const name of names.body.split("\0").filter((part) => part !== "")) {
    // Each oxenstored has these, and writes where its program lies.
    const child = `${path === "/" ? "" : path}/${name}`;
    if (name[0] !== "@" && child !== "/tool/xenstored") await walk(client, child, store);
  }
}

/** A value, of long ones the digest. */
function shownValue(value: string): string {
  if (value.length <= 64) return JSON.stringify(value);
  return `${value.length} ${createHash("sha256").update(value, "latin1").digest("hex")}`;
}

/** oxenstored has no stale permissions, and a node /tool of its own. */
function forDialect({ dialect }: RealRelease, store: Store): Store {
  if (dialect === "c") return store;
  const stale = store["/a"] === '"va" n0 r3' ? { "/a": '"va" n0' } : {};
  return { ...store, "/tool": store["/tool"] ?? '"" n0', ...stale };
}

/** The captured stream with the descriptors that a daemon of a test has. */
function adoptedStream(name: string): Uint8Array {
  const stream = readStream(octetsOf(`streams/${name}`));
  let isFirst = true;
  const records = stream.records.map((record) => {
    if (record.kind === "GLOBAL_DATA") {
      return { ...record, rwSocketFd: INHERITED.listener, evtchnFd: INHERITED.events };
    }
    if (record.kind !== "CONNECTION_DATA" || record.spec.type !== "socket" || !isFirst) {
      return record;
    }
    isFirst = false;
    // The answer to the update, which nobody here has asked for.
    const outData = new Uint8Array();
    return { ...record, spec: { type: "socket", fd: INHERITED.client } as const, outData };
  });
  return writeStream({ ...stream, records });
}

function adoptedDump(name: string): Uint8Array {
  const text = Buffer.from(octetsOf(`streams/${name}`)).toString("latin1");
  const [, fd] = /^socket,(\d+)$/m.exec(text) ?? [];
  const adopted = text
    .replace(/^global,\d+/m, `global,${INHERITED.listener}`)
    .replace(/^evtchn-dev,\d+/m, `evtchn-dev,${INHERITED.events}`)
    .replace(`socket,${fd}\n`, `socket,${INHERITED.client}\n`)
    .replaceAll(`watch,-${fd},`, `watch,-${INHERITED.client},`);
  return new Uint8Array(Buffer.from(adopted, "latin1"));
}

/** The nodes of a stream, by what it says itself; oxenstored takes values of 2048 octets. */
function nodesOf(octets: Uint8Array, { dialect }: RealRelease): Store {
  const isDump = octets[0] === "$".charCodeAt(0);
  const found = isDump ? readDump(octets).lines : readStream(octets).records;
  const store: Record<string, string> = {};
  for (const one of found) {
    if (one.kind !== "store" && one.kind !== "NODE_DATA") continue;
    const { path, value, perms } = one;
    if (path.includes("@") || path === "/tool/xenstored") continue;
    const shown = perms.map(({ perm, domid }) => `${perm}${domid}`).join(" ");
    const isTaken = dialect === "c" || isDump || value.length <= 2048;
    store[path] = `${shownValue(Buffer.from(isTaken ? value : []).toString("latin1"))} ${shown}`;
  }
  return store;
}

test("a domain owns nodes of C xenstored only when its ring is in the stream", REAL, async () => {
  const stream = readStream(octetsOf("injected/basic.bin"));
  const perms = [{ perm: "n", flags: 0, domid: 5 }];
  const value = new Uint8Array();
  const ids = { kind: "NODE_DATA", connId: 0, txId: 0, access: 0 } as const;
  const records = stream.records.toSpliced(-1, 0, { ...ids, perms, path: "/of5", value });
  const octets = writeStream({ ...stream, records });
  for (const name of ["c-4.17", "c-4.20"]) {
    await using daemon = start(releaseNamed(name) as RealRelease, octets);
    assert.equal((await daemon.client.ask(read("/"))).error, "closed");
    const store = await storeOf(releaseNamed(name) as RealRelease, repair(octets, name).octets);
    assert.equal(store["/of5"], '"" n0');
    assert.equal(Object.keys(store).length, 5);
  }
});
