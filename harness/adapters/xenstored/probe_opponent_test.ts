import assert from "node:assert/strict";
import { readdirSync, readlinkSync } from "node:fs";
import { test } from "node:test";
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
