/** Programs that somebody brings and that are no QEMU: scripts that do one thing wrong each. */
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { CrashedError, HungError, RefusedError } from "../../adapter.ts";
import { qemuAdapter } from "./adapter.ts";
import { Fitness } from "./fitness.ts";
import type { Program } from "./installation.ts";

const LIMIT = {
  timeout: 60_000,
  skip: process.platform === "win32" ? "needs a shell of POSIX" : false,
};
/** Less than any QEMU may take, as none of these ever comes. */
const LIMIT_MS = 300;

class Script implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "freezethaw-script-"));
  readonly path = join(this.folder, "mine");

  /** `lines` may write into the folder, which is `$here`. */
  constructor(lines: string) {
    writeFileSync(this.path, `#!/bin/sh\nhere=${this.folder}\n${lines}\n`);
    chmodSync(this.path, 0o755);
  }

  get program(): Program {
    return { command: this.path, args: [], env: {}, version: "mine", isBrought: true };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

function unfit(kind: new (message: string) => Error, says: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof kind, String(error));
    assert.match(error.message, says);
    assert.ok(error.message.length < 1000 && !error.message.includes("\n"), error.message);
    return true;
  };
}

test("A program that never answers hangs", LIMIT, async () => {
  using script = new Script("exec sleep 600");
  const fitness = new Fitness(LIMIT_MS);
  await assert.rejects(
    fitness.demand(script.program),
    unfit(HungError, /^hang: QEMU comes to no monitor: it said nothing$/),
  );
});

test("A program that ends tells how, or why in its own words", LIMIT, async () => {
  for (const [lines, kind, says] of [
    ["exit 7", RefusedError, /^absent: exit code 7 before the monitor came, it said nothing$/],
    [
      "echo 'bad option -qmp' >&2; exit 1",
      RefusedError,
      /^absent: exit code 1 .*, bad option -qmp$/,
    ],
    [
      "echo 'mine: terminating on signal 2 from pid 7 (<unknown process>)' >&2; exit 0",
      Error,
      /^somebody has ended a QEMU: .*terminating on signal 2/,
    ],
    ["kill -ABRT $$", CrashedError, /^crash: SIGABRT: it said nothing$/],
    ["printf 'a\\033[31mb\\rc\\n' >&2; exit 1", RefusedError, /^absent: .*, a\?\[31mb; c$/],
  ] as const) {
    using script = new Script(lines);
    await assert.rejects(new Fitness().demand(script.program), unfit(kind, says));
  }
});

test("A program that floods standard error without end is ended", LIMIT, async () => {
  using script = new Script("exec yes flood >&2");
  await assert.rejects(
    new Fitness().demand(script.program),
    unfit(HungError, /^hang: it was ended after more than 16 MiB on standard error: .*flood/),
  );
});

test("What is no QEMU is started once, however many machines it is asked for", LIMIT, async () => {
  using script = new Script("echo start >> $here/starts; exit 1");
  const adapter = qemuAdapter([{ name: "bare", args: [] }], { mine: script.path });
  for (const machine of ["pc-q35-5.2", "q35", "pc"]) {
    await using rig = await adapter.rig({ devices: "bare", machine, mode: "cold" }, 1);
    const hop = { implementation: "qemu", release: "mine", inputs: {} };
    await assert.rejects(rig.start(hop), /^RefusedError: absent: exit code 1 before/);
  }
  assert.equal(readFileSync(join(script.folder, "starts"), "utf8"), "start\n");
});
