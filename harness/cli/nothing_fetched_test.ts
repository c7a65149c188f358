import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { inDirectory } from "./called.ts";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const RUN = "Deno" in globalThis ? ["run", "-A", MAIN] : [MAIN];
const MKFIFO = execFileSync("/bin/sh", ["-c", "command -v mkfifo"], { encoding: "utf8" }).trim();

/** The command on a machine without a compiler, without apt, and with nothing fetched. */
function call(directory: string, args: readonly string[]) {
  const nothing = join(directory, "bin");
  mkdirSync(nothing, { recursive: true });
  // Every machine has this one; the model needs it.
  symlinkSync(MKFIFO, join(nothing, "mkfifo"));
  const { HOME = "" } = process.env;
  const env = { PATH: nothing, HOME, FREEZETHAW_CACHE: join(directory, "cache") };
  const options = { env, cwd: directory, encoding: "utf8", timeout: 60_000 } as const;
  return spawnSync(process.execPath, [...RUN, ...args], options);
}

test("fetch says in a line each what is missing, and tries the rest", { timeout: 60_000 }, () =>
  inDirectory((directory) => {
    const { status, stdout, stderr } = call(directory, ["fetch", "xenstored"]);
    assert.deepEqual([status, stdout], [1, ""]);
    const lines = stderr.trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => line.replace(/dpkg|apt-get/, "a program")),
      [
        "Cannot fetch bookworm: a program is not installed",
        "Cannot fetch trixie: a program is not installed",
        "Cannot fetch stand-in for Xen: gcc is not installed",
      ],
    );
    return Promise.resolve();
  }),
);

test("run says of each daemon why it is not there, and blames nobody", { timeout: 60_000 }, () =>
  inDirectory((directory) => {
    const asked = ["run", "--implementation", "xenstored", "--out", "out", "--json"];
    const { status, stdout } = call(directory, [...asked, "--paths", "pairs"]);
    const { unsupported, end } = JSON.parse(stdout);
    assert.deepEqual([status, end.surprises, end.stale], [0, 0, []]);
    // The model is there all the same.
    assert.ok(end.verdicts.passed > 0);
    const reasons = unsupported
      .map(({ reason }: { reason: string }) => reason)
      .filter((reason: string) => reason.includes("cannot be started"))
      .sort();
    const hint = "is not fetched; run freezethaw fetch xenstored";
    assert.deepEqual(reasons, [
      `c-4.17 cannot be started: Debian bookworm ${hint}`,
      `c-4.20 cannot be started: Debian trixie ${hint}`,
      `oxenstored-4.17 cannot be started: Debian bookworm ${hint}`,
      `oxenstored-4.20 cannot be started: Debian trixie ${hint}`,
    ]);
    assert.ok(readFileSync(join(directory, "out", "run.ndjson"), "utf8").length > 1000);
    return Promise.resolve();
  }),
);

test("soak says why a daemon is not there, and exits 2", { timeout: 60_000 }, () =>
  inDirectory((directory) => {
    const { status, stderr } = call(directory, ["soak", "xenstored", "--release", "c-4.20"]);
    assert.equal(status, 2);
    assert.match(stderr, /^Cannot soak c-4\.20: Debian trixie is not fetched; run .*\n$/);
    return Promise.resolve();
  }),
);
