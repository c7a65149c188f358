import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { cellsBeside, hostileCommand } from "./hostile_cells.ts";

/** By behaviour: the verdict of its cell, and its reason. */
const EXPECTED: Readonly<Record<string, readonly [verdict: string, reason: RegExp]>> = {
  "exits-0": ["crashed", /^the adapter ended: exit code 0$/],
  "exits-3": ["crashed", /^the adapter ended: exit code 3$/],
  "is-killed": ["crashed", /^the adapter ended: SIGKILL$/],
  segfaults: ["crashed", /^the adapter ended: SIGSEGV$/],
  throws: ["crashed", /^the adapter ended: exit code 1, after "Traceback: boom in \S+"$/],
  "answers-and-dies": ["crashed", /^the adapter ended: exit code 5$/],
  "dies-when-observed": ["crashed", /^the adapter ended: exit code 6$/],
  "closes-its-output": ["crashed", /^the adapter ended: SIGKILL$/],
  "never-answers": ["hung", /^no answer to restore within \d+ ms$/],
  spins: ["hung", /^no answer to restore within \d+ ms$/],
  "stops-itself": ["hung", /^no answer to restore within \d+ ms$/],
  "ignores-its-end": ["hung", /^no answer to restore within \d+ ms$/],
  "half-a-line": ["hung", /^no answer to restore within \d+ ms$/],
  "half-a-line-and-dies": ["crashed", /^the adapter ended: exit code 7$/],
  "no-json": ["error", /the adapter wrote no JSON in a line: "Restoring the machine..."$/],
  "no-object": ["error", /wrote a line with no JSON object: "\[1, 2\]"$/],
  null: ["error", /wrote a line with no JSON object: "null"$/],
  octets: ["error", /wrote no JSON in a line/],
  deep: ["error", /wrote no JSON in a line/],
  "wrong-id": ["error", /an answer with id \d+ was not asked for$/],
  "id-as-text": ["error", /an answer with id "\d+" was not asked for$/],
  "no-id": ["error", /an answer with id absent was not asked for$/],
  "id-before": ["error", /an answer with id \d+ came a second time$/],
  twice: ["error", /an answer with id \d+ came a second time$/],
  "result-and-error": ["error", /its answer to restore must have "jsonrpc": "2.0" and either/],
  neither: ["error", /its answer to restore must have "jsonrpc": "2.0" and either/],
  "no-version": ["error", /its answer to restore must have "jsonrpc": "2.0" and either/],
  "no-machine": ["error", /\/result\/machine must be text that is not empty: .* absent$/],
  "machine-as-number": ["error", /\/result\/machine must be text that is not empty: .* 1$/],
  "another-release": ["error", /^Planned bad, but 1.0 restored$/],
  "error-without-code": ["error", /\/error\/code must be an integer/],
  "unknown-code": ["error", /restore was answered with error -1: what$/],
  "refuses-in-many-lines": ["refused", /^no way$/],
  "cannot-do-that": ["unsupported", /^Cannot restore bad: not on this host$/],
  "says-what-it-may-not": ["error", /may only say log unasked: it said "hello"$/],
  "asks-back": ["error", /may only say log unasked: it said "log"$/],
  "no-base64": ["error", /\/result\/state\/base64 must be base64$/],
  "no-blob": ["error", /\/result\/state must be an object: current value is "text"$/],
  "frame-unasked": ["error", /its state must have octets$/],
  "endless-line": ["error", /wrote a line of more than \d+ octets$/],
  "endless-state": ["error", /wrote a line of more than \d+ octets$/],
  "endless-result": ["error", /wrote a line of more than \d+ octets$/],
  "endless-blanks": ["error", /wrote more than 1000 empty lines in a row$/],
  "endless-log": ["error", /wrote more than \d+ octets beside its answers$/],
  "endless-error": ["error", /wrote more than \d+ octets beside its answers$/],
  "eats-memory": ["crashed", /^the adapter holds more than \d+ octets$/],
  "leaves-a-child": ["crashed", /^the adapter ended: exit code 8$/],
  "leaves-a-daemon": ["crashed", /^the adapter ended: exit code 9$/],
  "forks-and-hangs": ["hung", /^no answer to restore within \d+ ms$/],
  "forks-many": ["crashed", /^the adapter has more than 20 processes$/],
  "leaves-its-session": ["hung", /^no answer to restore within \d+ ms$/],
  // Runtimes may ignore the signal, and have the write fail.
  "fills-a-file": ["crashed", /^the adapter ended: (SIGXFSZ|exit code 1, after ".*EFBIG)/],
  "fills-its-folder": ["crashed", /^the adapter has files of more than \d+ octets$/],
  "hides-its-folder": ["crashed", /^the adapter ended: exit code 11$/],
};

const isNode = !("Deno" in globalThis || "Bun" in globalThis);
// What the processes do is the same everywhere; a part shows that this runtime can end them.
const names = Object.keys(EXPECTED).filter((_, at) => isNode || at % 4 === 0);
const LANES = 4;

test(`${names.length} hostile adapters cost their own cell a verdict, and nothing else`, {
  timeout: 240_000,
}, async () => {
  // Deno writes to files of its own, which grow beyond the limit of these adapters.
  const cache = mkdtempSync(join(tmpdir(), "hostile-"));
  try {
    // Most of it is waiting.
    const lanes = Array.from({ length: LANES }, async (_, lane) => {
      for (const [at, name] of names.entries()) if (at % LANES === lane) await judge(name, cache);
    });
    await Promise.all(lanes);
  } finally {
    rmSync(cache, { recursive: true });
  }
});

async function judge(name: string, cache: string): Promise<void> {
  const target = { command: hostileCommand(name), env: { DENO_DIR: cache } };
  const [before, own, after] = await cellsBeside(name, target);
  const [verdict, reason] = EXPECTED[name] as readonly [string, RegExp];
  const [cell] = own?.cells ?? [];
  assert.equal(cell?.verdict, verdict, `${name}: ${cell?.reason}`);
  assert.match(cell?.reason ?? "", reason, name);
  assert.equal(before?.cells[0]?.verdict, "passed", `${name}: ${before?.cells[0]?.reason}`);
  assert.equal(after?.cells[0]?.verdict, "passed", `${name}: ${after?.cells[0]?.reason}`);
}
