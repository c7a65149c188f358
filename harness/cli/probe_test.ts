import assert from "node:assert/strict";
import { test } from "node:test";
import type { ProbeDifference, ProbeState } from "../probe_state.ts";
import { call } from "./called.ts";
import { counterProduct } from "./counter_product.ts";
import type { Probe } from "./product.ts";

const UNKNOWN: ProbeDifference = {
  kind: "RM: ENOENT, not EIO",
  count: 3,
  known: null,
  steps: ['c0 WRITE "/a\\0"', 'c0 RM "/a\\0"'],
  ours: "RM OK",
  theirs: "ERROR EIO",
  repeats: true,
  token: "t1",
};
const KNOWN: ProbeDifference = { ...UNKNOWN, kind: "READ", known: "dies-of-read", count: 2 };
const NONE: ProbeState = { requests: 50, sequences: 1, shown: [], stale: [] };

/** Three daemons: one as the model, one that differs, one that is not there. */
function product(states: Readonly<Record<string, ProbeState>>) {
  const asked: [string, number, number][] = [];
  const probe: Probe = {
    daemons: ["right", "wrong", "absent"],
    unavailable: (daemon) => (daemon === "absent" ? "it is not fetched" : undefined),
    async *run(daemon, requests, seed) {
      asked.push([daemon, requests, seed]);
      yield await Promise.resolve(NONE);
      yield { ...(states[daemon] ?? NONE), requests };
    },
    replay: (token) =>
      token === "t1"
        ? Promise.resolve({ daemon: "wrong", shown: UNKNOWN })
        : Promise.reject(new RangeError(`Cannot replay token: ${token}`)),
  };
  return {
    product: { ...counterProduct(), probes: { store: () => Promise.resolve(probe) } },
    asked,
  };
}

test("probe asks all daemons that are there, and says which are not", async () => {
  const { product: all, asked } = product({});
  const { code, out, err } = await call(["probe", "store", "--requests", "9"], { product: all });
  assert.equal(code, 0);
  assert.deepEqual(asked, [
    ["right", 9, 1],
    ["wrong", 9, 1],
  ]);
  assert.match(out, /^right: 9 requests in 1 sequences, 0 unexplained differences, 0 known ones/);
  assert.equal(err, "Cannot probe absent: it is not fetched\n");
});

test("probe fails on an unexplained difference and prints how to see it again", async () => {
  const { product: all } = product({ wrong: { ...NONE, shown: [UNKNOWN, KNOWN] } });
  const { code, out } = await call(["probe", "store", "--daemon", "wrong"], { product: all });
  assert.equal(code, 1);
  const shown = [
    "wrong: 100000 requests in 1 sequences, 1 unexplained differences, 1 known ones (met 2 times)",
    "",
    "RM: ENOENT, not EIO, 3 times",
    '  c0 WRITE "/a\\0"',
    '  c0 RM "/a\\0"',
    "  model   RM OK",
    "  daemon  ERROR EIO",
    "  freezethaw probe store --replay t1",
    "  known as dies-of-read, met 2 times: the daemon answers ERROR EIO",
  ];
  assert.equal(out, `${shown.join("\n")}\n`);
});

test("probe passes with known differences, and fails on one that does not show", async () => {
  const known = product({ wrong: { ...NONE, shown: [KNOWN] } });
  assert.equal((await call(["probe", "store"], known)).code, 0);
  const stale = await call(["probe", "store"], product({ right: { ...NONE, stale: ["old"] } }));
  assert.equal(stale.code, 1);
  assert.match(stale.out, /stale: old does not show any more/);
});

test("probe keeps what it found when it is interrupted", async () => {
  const { product: all, asked } = product({ right: { ...NONE, shown: [UNKNOWN] } });
  const answer = await call(["probe", "store", "--json"], { product: all, interrupt: true });
  assert.equal(answer.code, 130);
  assert.deepEqual(asked, []);
  assert.deepEqual(JSON.parse(answer.out), []);
});

test("probe --json prints every difference with its steps and its token", async () => {
  const found = product({ wrong: { ...NONE, shown: [UNKNOWN] } });
  const { code, out } = await call(["probe", "store", "--json", "--seed", "4"], found);
  assert.equal(code, 1);
  const [right, wrong] = JSON.parse(out);
  assert.deepEqual([right.daemon, right.seed, right.shown], ["right", 4, []]);
  assert.deepEqual(wrong.shown, [UNKNOWN]);
});

test("probe --replay shows one difference, and refuses what is no token", async () => {
  const { code, out } = await call(["probe", "store", "--replay", "t1"], product({}));
  assert.equal(code, 1);
  assert.match(out, /^wrong\nRM: ENOENT, not EIO, 3 times\n/);
  const bad = await call(["probe", "store", "--replay", "t2"], product({}));
  assert.deepEqual([bad.code, bad.err], [2, "Cannot replay token: t2\n"]);
});

test("probe refuses a daemon that is not there, and a number that is none", async () => {
  for (const [args, message] of [
    [["--daemon", "absent"], "Cannot probe absent: it is not fetched\n"],
    [["--daemon", "rihgt"], 'Cannot find daemon "rihgt": valid are right'],
    [["--requests", "0"], "Cannot run as --requests must be an integer"],
  ] as const) {
    const { code, err } = await call(["probe", "store", ...args], product({}));
    assert.equal(code, 2);
    assert.equal(err.startsWith(message), true, err);
  }
});
