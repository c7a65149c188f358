import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { launch } from "./launch.ts";
import { STDERR_MAX } from "./launched.ts";

const LIMIT = { timeout: 20_000, skip: process.platform === "win32" ? "no sh" : false };

function shell(script: string, ...args: string[]) {
  return launch({ command: "/bin/sh", args: ["-c", script, "sh", ...args], env: {} });
}

test("launch() tells how a program ended, and all that it said", LIMIT, async () => {
  const program = shell("echo one >&2; echo two; echo three >&2; exit 3");
  assert.deepEqual(await program.exited, { code: 3, signal: null });
  assert.equal(program.stderr(), "one\nthree\n");
  const next = shell("exit 0");
  assert.deepEqual(await next.exited, { code: 0, signal: null });
  assert.equal(next.stderr(), "");
});

test("launch() tells the signal that ended a program, and adds no words", LIMIT, async () => {
  const program = shell("echo now >&2; kill -SEGV $$");
  assert.deepEqual(await program.exited, { code: null, signal: "SIGSEGV" });
  assert.equal(program.stderr(), "now\n");
});

test("launch() hands over arguments and variables as they are", LIMIT, async () => {
  const words = ["it's", 'a "b"  $HOME `id` \\n *', "", "-qmp", "two\nlines"];
  for (const args of [words.slice(0, -1), words]) {
    const script = 'printf "%s|" "$FREEZETHAW_WORD" "$@" >&2';
    const env = { FREEZETHAW_WORD: "it's $HOME" };
    const program = launch({ command: "/bin/sh", args: ["-c", script, "sh", ...args], env });
    assert.deepEqual(await program.exited, { code: 0, signal: null });
    assert.equal(program.stderr(), `${["it's $HOME", ...args].join("|")}|`);
  }
});

test("kill() ends programs that run side by side, each alone", LIMIT, async () => {
  const programs = ["one", "two", "three"].map((word) => shell(`echo ${word} >&2; read -r line`));
  const waiting = ["a", "b", "c"].map(() => launch({ command: "sleep", args: ["600"], env: {} }));
  // Who reads has nothing to read, and ends by itself.
  for (const program of programs) assert.deepEqual((await program.exited).code, 1);
  assert.deepEqual(
    programs.map((program) => program.stderr()),
    ["one\n", "two\n", "three\n"],
  );
  const [first, ...others] = waiting;
  first?.kill();
  assert.deepEqual(await first?.exited, { code: null, signal: "SIGKILL" });
  first?.kill();
  const after = shell("exit 7");
  assert.equal((await after.exited).code, 7);
  for (const other of others) other.kill();
  for (const other of others) assert.equal((await other.exited).signal, "SIGKILL");
});

/** The group that a process is of, which an interrupt from a terminal goes to as a whole. */
const GROUP = "read -r pid name state parent group rest </proc/self/stat; echo $group >&2";
const GROUPS = { ...LIMIT, skip: process.platform === "linux" ? false : "no /proc" };

test("launch() starts a program where no interrupt from a terminal goes", GROUPS, async () => {
  const own = readFileSync("/proc/self/stat", "utf8").split(" ")[4];
  // Words with an end of line are not told to a shell.
  for (const more of [[], ["two\nlines"]]) {
    const program = shell(GROUP, ...more);
    await program.exited;
    assert.match(program.stderr(), /^\d+\n$/);
    assert.notEqual(program.stderr().trim(), own);
  }
});

/** How this runtime runs a module that it is told. */
const EVALUATE =
  "Deno" in globalThis ? ["eval"] : "Bun" in globalThis ? ["-e"] : ["--input-type=module", "-e"];

/** A program, and one that it has started, with the same pipe at their end. */
const PAIR = 'exec >"$1"; sleep 60 & echo started; exec sleep 60';

/** Where a pipe of this name may be. */
class Pipe implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "freezethaw-launch-"));
  readonly path = join(this.#folder, "fifo");

  static async make(): Promise<Pipe> {
    const pipe = new Pipe();
    const made = launch({ command: "mkfifo", args: [pipe.path], env: {} });
    assert.equal((await made.exited).code, 0);
    return pipe;
  }

  /** All that comes, once nobody has the other end; calls `begun` at the first of it. */
  read(begun: () => void): Promise<string> {
    const reader = spawn("cat", [this.path]);
    reader.stdout.once("data", begun);
    return text(reader.stdout);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }
}

test("A program goes with whoever started it, however that ends", LIMIT, async () => {
  // What is brought is started in another way on Node.
  for (const isBrought of [false, true]) {
    using pipe = await Pipe.make();
    const module = JSON.stringify(new URL("./launch.ts", import.meta.url).href);
    const source = `
      const { launch } = await import(${module});
      const args = ["-c", ${JSON.stringify(PAIR)}, "sh", ${JSON.stringify(pipe.path)}];
      await launch({ command: "/bin/sh", args, env: {}, isBrought: ${isBrought} }).exited;`;
    const starter = spawn(process.execPath, [...EVALUATE, source]);
    assert.equal(await pipe.read(() => starter.kill("SIGKILL")), "started\n");
  }
});

test("kill() ends what was brought with all that it has started", LIMIT, async () => {
  using pipe = await Pipe.make();
  const args = ["-c", PAIR, "sh", pipe.path];
  const program = launch({ command: "/bin/sh", args, env: {}, isBrought: true });
  assert.equal(await pipe.read(() => program.kill()), "started\n");
  assert.deepEqual(await program.exited, { code: null, signal: "SIGKILL" });
});

test("What a program has left behind goes with it", LIMIT, async () => {
  // Nobody would say that it has ended as long as anybody has its standard error.
  const program = launch({
    command: "/bin/sh",
    args: ["-c", "sleep 600 & exit 5"],
    env: {},
    isBrought: true,
  });
  assert.deepEqual(await program.exited, { code: 5, signal: null });
});

test("launch() keeps the end of what a program says", LIMIT, async () => {
  const program = shell("head -c 300000 /dev/zero | tr '\\0' x >&2; echo end >&2");
  assert.equal((await program.exited).code, 0);
  assert.equal(program.stderr().length, STDERR_MAX);
  assert.match(program.stderr(), /^x+end\n$/);
});

test("launch() says of a program that is not there that it is not", LIMIT, async () => {
  const program = launch({ command: "/no/such/program", args: [], env: {} });
  assert.notEqual((await program.exited).code, 0);
  assert.match(program.stderr(), /not found|ENOENT|No such file/);
});
