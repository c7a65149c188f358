/**
 * What real daemons made of streams that were given to them by hand, line by line: the daemons that
 * are here do the same again, the model does so or is known to differ, and scenarios cover each.
 *
 * Source: fixtures/xenstore/inject-results.txt, of C xenstored 4.17, 4.20 and 4.22.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { InjectedDaemon } from "../harness/adapters/xenstored/injected_daemon.ts";
import { installed, type Program } from "../harness/adapters/xenstored/installation.ts";
import { REAL } from "../harness/adapters/xenstored/real.ts";
import { REAL_RELEASES } from "../harness/adapters/xenstored/releases.ts";
import type { XenstoreReply, XenstoreRequest } from "../harness/facets/xenstore.ts";
import { read, request, write } from "../harness/facets/xenstore_requests.ts";
import { type Connection, encodeMessage, PROFILES, restore, TYPE } from "../src/xenstore/mod.ts";
import { INJECTED } from "./xenstore_rows_table.ts";

const FOLDER = new URL("../fixtures/xenstore/", import.meta.url);
/** Transaction of the streams that have one. */
const TXID = 7;

interface Line {
  readonly release: string;
  readonly stream: string;
  /** Exit code, or a signal as a negative number; null while the daemon runs. */
  readonly code: number | null;
  /** What was answered, by what it was asked for; nothing when there was no answer. */
  readonly answers: Readonly<Record<string, string>>;
  readonly fatal: string | undefined;
}

const LINES = readFileSync(new URL("inject-results.txt", FOLDER), "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map(lineOf);

function lineOf(text: string): Line {
  const found = /^(\S+)c +(.+?) +rc=(None|-?\d+) +(.*)$/.exec(text);
  assert.ok(found !== null, text);
  const [, version = "", name = "", code = "", rest = ""] = found;
  const answers: Record<string, string> = {};
  for (const [, key = "", body = ""] of rest.matchAll(/\b(a|dir|perms|endtx)=b'([^']*)'/g)) {
    answers[key] = body.replaceAll("\\x00", "\0");
  }
  return {
    release: `c-${version}`,
    stream: name.replace(/\W+/g, "_").replace(/_$/, ""),
    code: code === "None" ? null : Number(code),
    answers,
    fatal: /FATAL: ([^'"]+)/.exec(rest)?.[1],
  };
}

const QUESTIONS: Readonly<Record<string, readonly [XenstoreRequest, number]>> = {
  a: [read("/a"), 0],
  dir: [request("DIRECTORY", "/a"), 0],
  perms: [request("GET_PERMS", "/a"), 0],
  endtx: [request("TRANSACTION_END", "T"), TXID],
};

async function answersOf(
  asked: readonly string[],
  ask: (request: XenstoreRequest, txid: number) => Promise<XenstoreReply>,
): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const key of asked) {
    const [question, txid] = QUESTIONS[key] as readonly [XenstoreRequest, number];
    const { error, body } = await ask(question, txid);
    if (error === "closed") return {};
    answers[key] = error === null ? body : `${error}\0`;
  }
  return answers;
}

function octetsOf(stream: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`injected/${stream}.bin`, FOLDER)));
}

test("each line is of a stream that is there, and scenarios cover it", () => {
  assert.equal(LINES.length, 75);
  for (const { stream } of LINES) assert.ok(Array.isArray(INJECTED[stream]), stream);
  assert.equal(new Set(LINES.map(({ stream }) => stream)).size, Object.keys(INJECTED).length);
});

for (const { release, stream, code, answers, fatal } of LINES) {
  const real = REAL_RELEASES.find(({ name }) => name === release);
  if (real === undefined) continue;
  test(`${release} does with ${stream} as it did`, REAL, async () => {
    await using daemon = new InjectedDaemon(real, installed(real) as Program, octetsOf(stream));
    // Whoever answered nothing is asked all the same.
    const asked = Object.keys(answers).length === 0 ? ["a"] : Object.keys(answers);
    const heard = await answersOf(asked, (it, txid) => daemon.client.ask(it, txid)).catch(
      () => ({}),
    );
    assert.deepEqual(heard, answers);
    if (code !== null) await daemon.closed;
    const ending = code === null ? undefined : code < 0 ? "SIGSEGV" : `exit code ${code}`;
    await Promise.resolve();
    assert.equal(daemon.ending?.slice(0, ending?.length), ending);
    if (fatal !== undefined) assert.ok(daemon.ending?.includes(fatal), daemon.ending);
  });
}

/**
 * Where the model does otherwise than the daemons that it stands for, as the specification has it
 * or as a daemon that dies is no model.
 */
const OTHERWISE: Readonly<Record<string, string>> = {
  unpadded_len_spec_literal_len: "it counts padding as the stream does, and loses no record",
  tx_pending_node: "what is pending is not committed; the transaction ends with EAGAIN",
  tx_pending_delete_of_a: "what is pending is not committed; the transaction ends with EAGAIN",
  no_END: "a stream without its end is refused",
  truncated_in_record: "a stream without its end is refused",
  no_GLOBAL_DATA: "it is refused, and nobody dies of it or goes on without a socket",
  perm_char_x: "a permission that there is not is refused",
  duplicate_node: "a node that comes twice is refused, as 4.20 does",
  watch_ext_per_spec_v2: "version 2 is read as specified",
  empty_path_wlen_0_END_only: "a stream of END only is refused, and nobody dies of it",
};

/** What the model makes of a stream: its answers, or that it refuses it. */
async function madeByModel({ release, stream, answers }: Line): Promise<unknown> {
  const profile = PROFILES[release];
  assert.ok(profile !== undefined);
  try {
    const daemon = restore(octetsOf(stream), { profile });
    const client = [...daemon.connections()].find((one) => one.kind === "socket") as Connection;
    const asked = Object.keys(answers).length === 0 ? ["a"] : Object.keys(answers);
    return await answersOf(asked, (asking, txId) => {
      const type = TYPE[asking.kind];
      daemon.receive(client, encodeMessage(type, { reqId: 1, txId }, asking.body));
      const body = Buffer.from(client.output().subarray(16)).toString("latin1");
      return Promise.resolve({ error: null, body, reqId: 1 });
    });
  } catch (error) {
    assert.ok(error instanceof Error);
    return "refused";
  }
}

test("the model does the same of each line, or is known to do otherwise", async () => {
  const unlike = new Set<string>();
  for (const line of LINES) {
    const made = await madeByModel(line);
    const theirs = line.code === null ? line.answers : "refused";
    try {
      assert.deepEqual(made, theirs);
    } catch {
      unlike.add(line.stream);
    }
  }
  assert.deepEqual([...unlike].sort(), Object.keys(OTHERWISE).sort());
});

test("basic has its watch, which is told of both nodes below", REAL, async () => {
  for (const real of REAL_RELEASES.filter(({ dialect }) => dialect === "c")) {
    await using daemon = new InjectedDaemon(real, installed(real) as Program, octetsOf("basic"));
    for (const path of ["/a/q", "/a/q/r"]) await daemon.client.ask(write(path, "v"));
    const events = await daemon.client.events();
    assert.deepEqual(
      events.map(({ path, token }) => `${path} ${token}`),
      ["/a/q tok", "/a/q/r tok"],
    );
  }
});
