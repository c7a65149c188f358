/**
 * A toy machine that misbehaves in one of many ways, for tests: when a machine of release `bad` is
 * restored, unless the table says otherwise. With `1.0` and `2.0` it does as it should.
 *
 * Run: `hostile_adapter.ts NAME`, with a name of the table.
 *
 * @module
 */
import { spawn } from "node:child_process";
import { chmodSync, closeSync, mkdirSync, openSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly [name: string]: unknown };
}

/** Takes the place of the answer to `request`, which would have been `usual`. */
type Behaviour = (request: Request, usual: { readonly [name: string]: unknown }) => unknown;

/** Octets of a large piece. */
const PIECE = 1 << 16;

const FOREVER = 1 << 30;

/** By name: what it does at its method, `restore` unless `at` says so. */
const BEHAVIOURS: Readonly<Record<string, { readonly at?: string; readonly does: Behaviour }>> = {
  "exits-0": { does: () => process.exit(0) },
  "exits-3": { does: () => process.exit(3) },
  "is-killed": { does: () => process.kill(process.pid, "SIGKILL") },
  segfaults: { does: () => process.kill(process.pid, "SIGSEGV") },
  throws: {
    does() {
      writeSync(2, "Traceback: boom in /home/somebody/toy.py\n");
      process.exit(1);
    },
  },
  "answers-and-dies": {
    does(_, usual) {
      write(usual);
      process.exit(5);
    },
  },
  "dies-when-observed": { at: "observe", does: () => process.exit(6) },
  "closes-its-output": {
    does() {
      closeSync(1);
      setInterval(() => {}, FOREVER);
    },
  },
  "never-answers": { does: () => {} },
  spins: {
    does() {
      for (;;);
    },
  },
  "stops-itself": { does: () => process.kill(process.pid, "SIGSTOP") },
  "ignores-its-end": {
    does() {
      for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => {});
      setInterval(() => {}, FOREVER);
    },
  },
  "half-a-line": { does: () => writeSync(1, '{"jsonrpc":"2.0","id":') },
  "half-a-line-and-dies": {
    does() {
      writeSync(1, '{"jsonrpc":"2.0","id":');
      process.exit(7);
    },
  },
  "no-json": { does: () => writeSync(1, "Restoring the machine...\n") },
  "no-object": { does: () => writeSync(1, "[1, 2]\n") },
  null: { does: () => writeSync(1, "null\n") },
  octets: { does: () => writeSync(1, Uint8Array.of(0xff, 0xfe, 0x00, 0x0a)) },
  deep: { does: () => writeSync(1, `${"[".repeat(100_000)}\n`) },
  "wrong-id": { does: ({ id }, usual) => write({ ...usual, id: id + 1000 }) },
  "id-as-text": { does: ({ id }, usual) => write({ ...usual, id: String(id) }) },
  "no-id": { does: (_, { id: _id, ...rest }) => write(rest) },
  "id-before": { does: ({ id }, usual) => write({ ...usual, id: id - 1 }) },
  twice: {
    does(_, usual) {
      const line = `${JSON.stringify(usual)}\n`;
      writeSync(1, line + line);
    },
  },
  "result-and-error": {
    does: (_, usual) => write({ ...usual, error: { code: -32001, message: "no" } }),
  },
  neither: { does: ({ id }) => write({ jsonrpc: "2.0", id }) },
  "no-version": { does: (_, { jsonrpc: _jsonrpc, ...rest }) => write(rest) },
  "no-machine": { does: (_, usual) => write({ ...usual, result: { release: "bad" } }) },
  "machine-as-number": {
    does: (_, usual) => write({ ...usual, result: { machine: 1, release: "bad" } }),
  },
  "another-release": {
    does: (_, usual) =>
      write({ ...usual, result: { ...(usual.result as object), release: "1.0" } }),
  },
  "error-without-code": {
    does: ({ id }) => write({ jsonrpc: "2.0", id, error: { message: "x" } }),
  },
  "unknown-code": {
    does: ({ id }) => write({ jsonrpc: "2.0", id, error: { code: -1, message: "what" } }),
  },
  "refuses-in-many-lines": {
    does: ({ id }) =>
      write({ jsonrpc: "2.0", id, error: { code: -32001, message: "no\n  way\n" } }),
  },
  "cannot-do-that": {
    does: ({ id }) =>
      write({ jsonrpc: "2.0", id, error: { code: -32005, message: "not on this host" } }),
  },
  "says-what-it-may-not": { does: () => write({ jsonrpc: "2.0", method: "hello", params: {} }) },
  "asks-back": { does: () => write({ jsonrpc: "2.0", id: 1, method: "log", params: {} }) },
  "no-base64": {
    at: "save",
    does: (_, usual) => write({ ...usual, result: { state: { base64: "§" } } }),
  },
  "no-blob": { at: "save", does: (_, usual) => write({ ...usual, result: { state: "text" } }) },
  "frame-unasked": {
    at: "save",
    does: (_, usual) => write({ ...usual, result: { state: { frame: 3 } } }),
  },
  "endless-line": { does: () => flood(1, "x") },
  "endless-state": {
    at: "save",
    does() {
      writeSync(1, '{"jsonrpc":"2.0","id":1,"result":{"state":{"base64":"');
      flood(1, "A");
    },
  },
  "endless-result": {
    does({ id }) {
      writeSync(1, `{"jsonrpc":"2.0","id":${id},"result":{"machine":"`);
      flood(1, "m");
    },
  },
  "endless-blanks": { does: () => flood(1, "\n") },
  "endless-log": {
    does() {
      const params = { level: "info", text: "x".repeat(PIECE) };
      for (;;) write({ jsonrpc: "2.0", method: "log", params });
    },
  },
  "endless-error": { does: () => flood(2, "x") },
  "eats-memory": {
    does() {
      const held = Array.from({ length: 16 }, () => new Uint8Array(64 << 20).fill(1));
      setInterval(() => held, FOREVER);
    },
  },
  "leaves-a-child": {
    does() {
      idle(false);
      process.exit(8);
    },
  },
  "leaves-a-daemon": {
    does() {
      idle(true);
      process.exit(9);
    },
  },
  "forks-and-hangs": { does: () => void idle(false) },
  "forks-many": {
    does() {
      for (let at = 0; at < 24; at++) idle(false);
      setInterval(() => {}, FOREVER);
    },
  },
  "leaves-its-session": {
    does() {
      // The shell in between ends, so that nobody is the parent of what it starts.
      spawn("sh", ["-c", "setsid sleep 20 & exec true"], { stdio: "ignore", detached: true });
      setInterval(() => {}, FOREVER);
    },
  },
  "fills-a-file": {
    does() {
      const file = openSync(join(tmpdir(), "large"), "w");
      for (;;) writeSync(file, new Uint8Array(PIECE));
    },
  },
  "fills-its-folder": {
    does() {
      for (let at = 0; at < 32; at++) {
        writeFileSync(join(tmpdir(), `file-${at}`), new Uint8Array(16 * PIECE));
      }
      setInterval(() => {}, FOREVER);
    },
  },
  "hides-its-folder": {
    does() {
      mkdirSync(join(tmpdir(), "a/b"), { recursive: true });
      writeFileSync(join(tmpdir(), "a/b/c"), "left");
      chmodSync(join(tmpdir(), "a/b"), 0);
      process.exit(11);
    },
  },
};

/** A child that holds the pipes; one that is detached leaves the group, too. */
function idle(detached: boolean): void {
  const child = spawn("sleep", ["20"], { stdio: "inherit", detached });
  child.on("error", () => {});
}

function flood(descriptor: number, character: string): never {
  for (;;) writeSync(descriptor, character.repeat(PIECE));
}

function write(message: unknown): void {
  writeSync(1, `${JSON.stringify(message)}\n`);
}

const machines = new Map<string, string>();

function answer({ method, params }: Request): unknown {
  const { release, machine } = params as { readonly [name: string]: string };
  switch (method) {
    case "hello":
      return { protocol: 1, name: "hostile", releases: ["1.0", "2.0", "bad"], facets: ["observe"] };
    case "start":
    case "restore": {
      const name = `m${machines.size + 1}`;
      machines.set(name, release ?? "");
      return { machine: name, release };
    }
    case "save":
      return { state: { base64: "AAAA" } };
    case "observe":
      return { value: { memory: 1 } };
    default:
      machines.delete(machine ?? "");
      return {};
  }
}

const { at = "restore", does } = BEHAVIOURS[process.argv[2] ?? ""] ?? { does: () => {} };

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line) as Request;
  const release = request.params.release ?? machines.get(String(request.params.machine));
  const usual = { jsonrpc: "2.0", id: request.id, result: answer(request) };
  if (release === "bad" && request.method === at) does(request, usual);
  else write(usual);
}
