/** Disks that are full in the middle of a run: its own, and the one of the programs it starts. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openReport } from "../report_file.ts";
import { call, inDirectory } from "./called.ts";
import { counterImplementation, counterProduct, offered } from "./counter_product.ts";
import type { Product } from "./product.ts";

const LIMIT = { timeout: 60_000 };
const HINT = "the results so far are kept. The same command with --resume goes on from there\n";

/** Room that is enough for some conditions of the counter, and not for all of them. */
const ROOM = "size=16k";

function whyNotMounted(): string | false {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  try {
    execFileSync("unshare", ["-m", "true"], { stdio: "ignore" });
    return false;
  } catch {
    return "nothing may be mounted here";
  }
}

/** A counter whose first rigs are made, before the disk of its programs is full. */
function counterWithRigs(count: number): Product {
  const product = counterProduct();
  const counter = counterImplementation();
  let left = count;
  const adapter = {
    ...counter.adapter,
    rig: (...asked: Parameters<typeof counter.adapter.rig>) => {
      if (left-- > 0) return counter.adapter.rig(...asked);
      const full = new Error("ENOSPC: no space left on device, write");
      return Promise.reject(Object.assign(full, { code: "ENOSPC" }));
    },
  };
  return { ...product, implementations: offered({ counter: { ...counter, adapter } }) };
}

test("run on a full disk says so in one line, and exits 3", {
  ...LIMIT,
  skip: process.platform === "linux" ? false : "needs /dev/full",
}, async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "run.ndjson");
    symlinkSync("/dev/full", path);
    const { code, err } = await call(["run", "--out", directory]);
    assert.deepEqual([code, err], [3, `Cannot write ${path}: ENOSPC; ${HINT}`]);
  });
});

test("run whose report finds the disk full says so in one line, and exits 3", {
  ...LIMIT,
  skip: process.platform === "linux" ? false : "needs /dev/full",
}, async () => {
  await inDirectory(async (directory) => {
    const path = join(directory, "junit.xml");
    symlinkSync("/dev/full", path);
    const { code, err } = await call(["run", "--out", directory]);
    assert.deepEqual([code, err], [3, `Cannot write ${path}: ENOSPC\n`]);
    assert.ok(openReport(join(directory, "run.ndjson")).end !== undefined);
  });
});

test("run whose programs find the disk full blames none of them, and can be resumed", {
  ...LIMIT,
}, async () => {
  await inDirectory(async (directory) => {
    const args = ["run", "--out", directory, "--paths", "pairs"];
    const { code, err } = await call(args, { product: counterWithRigs(5) });
    assert.equal(code, 3);
    assert.match(
      err,
      /^Cannot set up the rig as the disk is full: ENOSPC: [^\n]*; the results so far/,
    );
    assert.ok(err.endsWith(HINT) && err.indexOf("\n") === err.length - 1, err);
    const kept = [...openReport(join(directory, "run.ndjson")).conditions()];
    assert.ok(kept.length > 0);
    for (const { cells } of kept) {
      for (const { verdict } of cells) assert.notEqual(verdict, "error");
    }
    const resumed = await call([...args, "--resume"]);
    const whole = readFileSync(join(directory, "run.ndjson"), "utf8");
    const again = await call(args);
    assert.equal(readFileSync(join(directory, "run.ndjson"), "utf8"), whole);
    assert.deepEqual([resumed.code, resumed.out], [again.code, again.out]);
  });
});

test("run goes on where a full disk has cut its report, once there is room", {
  ...LIMIT,
  skip: whyNotMounted(),
}, async () => {
  await inDirectory(async (directory) => {
    execFileSync("mount", ["-t", "tmpfs", "-o", ROOM, "none", directory]);
    try {
      const args = ["run", "--out", directory, "--reporter", "ndjson"];
      const path = join(directory, "run.ndjson");
      const { code, err } = await call(args);
      assert.deepEqual([code, err], [3, `Cannot write ${path}: ENOSPC; ${HINT}`]);
      const kept = [...openReport(path).conditions()].length;
      assert.ok(kept > 0);
      execFileSync("mount", ["-o", "remount,size=16m", directory]);
      const resumed = await call([...args, "--resume"]);
      const whole = readFileSync(path, "utf8");
      assert.ok([...openReport(path).conditions()].length > kept);
      const again = await call(args);
      assert.equal(readFileSync(path, "utf8"), whole);
      assert.deepEqual([resumed.code, resumed.out], [again.code, again.out]);
    } finally {
      execFileSync("umount", [directory]);
    }
  });
});
