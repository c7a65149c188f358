import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { test } from "node:test";
import { encodeMessage, TYPE } from "../../../src/xenstore/mod.ts";
import { compareOn, type Step, stepOfText } from "../../xenstore_probe/mod.ts";
import { PROBED } from "./probed.ts";
import { REAL } from "./real.ts";

/** A domain that speaks and goes, and a client whose connection is closed. */
const STEPS: readonly Step[] = [
  'c0 INTRODUCE "5\\01\\05\\0"',
  'dom5 READ "/\\0"',
  'xen DESTROY "5"',
  'c1 WRITE "/a\\0\\{v*5000}"',
].map(stepOfText);

for (const probed of PROBED) {
  test(`a probe of ${probed.name} leaves no descriptor of its clients open`, REAL, async () => {
    const { requests, difference } = await compareOn(probed, STEPS);
    assert.deepEqual([requests, difference], [3, undefined]);
    assert.deepEqual(
      targets().filter((path) => path.includes("/freezethaw-xs-")),
      [],
    );
  });
}

const WRITE_LEFT = encodeMessage(TYPE.WRITE, { reqId: 1, txId: 0 }, "/left\0value");

/** Somebody leaves with a watch and a transaction, and after so many octets of a request. */
function leavingAfter(count: number): Step[] {
  const octets = Buffer.from(WRITE_LEFT.subarray(0, count)).toString("latin1");
  const leave: Step = { client: "c1", kind: "LEAVE", tx: "", opens: "", body: octets, times: 1 };
  const before = ['c1 WATCH "/left\\0t\\0"', 'c1 TRANSACTION_START > t1 "\\0"'];
  const after = ['c0 READ "/left\\0"', 'c1 READ @t1 "/left\\0"', 'c1 RM "/left\\0"'];
  return [...before.map(stepOfText), leave, ...after.map(stepOfText)];
}

for (const probed of PROBED) {
  test(`${probed.name} has a request whose client has left, when it was whole`, REAL, async () => {
    for (const count of [0, 1, 15, 16, 20, WRITE_LEFT.length - 1, WRITE_LEFT.length]) {
      const { requests, difference } = await compareOn(probed, leavingAfter(count));
      assert.deepEqual([count, requests, difference], [count, 5, undefined]);
    }
    // A model that has less of it than the daemon would be noticed.
    await using daemon = await probed.start();
    await daemon.leave("c1", WRITE_LEFT);
    const question = encodeMessage(TYPE.READ, { reqId: 2, txId: 0 }, "/left\0");
    const { heard } = await daemon.ask("c0", [question], 1, false);
    assert.deepEqual([heard.length, heard[0]?.body], [1, "value"]);
  });
}

test("each daemon shows domains of more than 31 bits as its model does", REAL, async () => {
  for (const probed of PROBED) {
    for (const domid of [
      "-1",
      "4294967295",
      "2147483647",
      "2147483648",
      "-2147483647",
      "1000000000",
    ]) {
      const made = [`"/b\\0n0\\0r${domid}\\0"`, '"/b\\0"'];
      const steps = [`c0 WRITE ${made[1]}`, `c0 SET_PERMS ${made[0]}`, `c0 GET_PERMS ${made[1]}`];
      const { difference } = await compareOn(probed, steps.map(stepOfText));
      assert.deepEqual([probed.name, domid, difference], [probed.name, domid, undefined]);
    }
  }
});

/** What the descriptors of this process stand for. */
function targets(): string[] {
  return readdirSync("/proc/self/fd").map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      return "";
    }
  });
}
