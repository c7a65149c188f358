import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { examine } from "./doctor.ts";

const SICK = fileURLToPath(new URL("./sick.js", import.meta.url));
const WORDS = [...("Deno" in globalThis ? ["run", "-A"] : []), SICK];
const PATIENCE = { timeoutMs: 100_000, slowMs: 100_000 };

/** Calls `body` with a socket at which an adapter with `sickness` listens, one for each talk. */
async function listening(sickness: string, body: (socket: string) => Promise<void>) {
  const directory = mkdtempSync(join(tmpdir(), "freezethaw-"));
  const path = join(directory, "s");
  const children = new Set<ChildProcess>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const child = spawn(process.execPath, [...WORDS, sickness], { stdio: "pipe" });
    children.add(child);
    child.stdin.on("error", () => {});
    socket.on("error", () => child.kill());
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  try {
    await body(path);
  } finally {
    server.close();
    for (const child of children) child.kill();
    rmSync(directory, { recursive: true });
  }
}

for (const [sickness, expected] of [
  ["", []],
  ["doubled-answer", ["doubled-answer"]],
  ["dies", ["dies"]],
] as const) {
  test(`examine() of an adapter at a socket: ${sickness || "healthy"}`, { timeout: 60_000 }, () =>
    listening(sickness, async (socket) => {
      const { chart } = await examine({ socket }, PATIENCE);
      assert.deepEqual(
        chart.findings.map(({ code }) => code),
        expected,
      );
      assert.match(chart.notes.join(), /^starts, ends and other processes, as the adapter is not/);
    }),
  );
}

test("examine() says that nobody is at a socket", async () => {
  const { chart } = await examine({ socket: "/nobody/here" }, PATIENCE);
  const [{ code = "", what = "" } = {}] = chart.findings;
  assert.deepEqual(
    [code, what],
    ["no-start", "it ended before it answered hello: its socket failed: ENOENT"],
  );
});

test("examine() of an adapter behind HTTP", { timeout: 60_000 }, async () => {
  const child = spawn(process.execPath, [...WORDS, "release-lies"], { stdio: "pipe" });
  // One request after the other, as the doctor asks.
  const server = createHttpServer((request, response) => {
    child.stdout.once("data", (answer: Buffer) => response.end(answer.toString().trimEnd()));
    request.pipe(child.stdin, { end: false });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const { chart } = await examine({ url }, PATIENCE);
    assert.deepEqual(
      chart.findings.map(({ code }) => code),
      ["release-lies"],
    );
  } finally {
    child.kill();
    server.close();
    server.closeAllConnections();
  }
  const { chart } = await examine({ url }, PATIENCE);
  assert.equal(chart.findings[0]?.code, "no-start");
});
