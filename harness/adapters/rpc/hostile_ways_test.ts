import assert from "node:assert/strict";
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { test } from "node:test";
import type { Target } from "../../configuration.ts";
import { cellsBeside, hostileCommand } from "./hostile_cells.ts";

type Way = "socket" | "http";

const GONE = {
  socket: /^the adapter closed its socket$/,
  http: /^the adapter cannot be reached: /,
};
const SILENT = /^no answer to (restore|observe) within \d+ ms$/;
const NO_ANSWER = /answered no JSON object that is an answer$/;

/** By behaviour: the verdict of its cell, and its reason on each way. */
const EXPECTED: Readonly<Record<string, readonly [verdict: string, reason: Record<Way, RegExp>]>> =
  {
    "exits-3": ["crashed", GONE],
    "is-killed": ["crashed", GONE],
    "dies-when-observed": ["crashed", GONE],
    "half-a-line-and-dies": ["crashed", GONE],
    "never-answers": ["hung", both(SILENT)],
    "half-a-line": ["hung", both(SILENT)],
    spins: ["hung", both(SILENT)],
    "no-json": ["error", { socket: /wrote no JSON in a line/, http: NO_ANSWER }],
    octets: ["error", { socket: /wrote no JSON in a line/, http: NO_ANSWER }],
    "wrong-id": ["error", both(/an answer with id \d+ was not asked for$/)],
    "id-before": ["error", both(/an answer with id \d+ came a second time$/)],
    neither: ["error", both(/its answer to restore must have "jsonrpc": "2.0" and either/)],
    "no-machine": ["error", both(/\/result\/machine must be text that is not empty/)],
    "says-what-it-may-not": ["error", { socket: /may only say log unasked/, http: NO_ANSWER }],
    "no-base64": ["error", both(/\/result\/state\/base64 must be base64$/)],
    "endless-line": [
      "error",
      { socket: /wrote a line of more than \d+ octets$/, http: /answered more than \d+ octets$/ },
    ],
    "endless-log": [
      "error",
      { socket: /wrote more than \d+ octets beside its answers$/, http: NO_ANSWER },
    ],
  };

function both(reason: RegExp): Record<Way, RegExp> {
  return { socket: reason, http: reason };
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

function started(behaviour: string, children: Set<Child>): Child {
  const [program = "", ...args] = hostileCommand(behaviour);
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
  children.add(child);
  child.stdin.on("error", () => {});
  child.once("exit", () => children.delete(child));
  return child;
}

/** A server that starts a process for each connection. */
function atSocket(behaviour: string, children: Set<Child>): Server {
  return createServer((socket) => {
    const child = started(behaviour, children);
    socket.on("error", () => {});
    socket.pipe(child.stdin);
    child.stdout.pipe(socket);
    socket.once("close", () => child.kill("SIGKILL"));
  });
}

/** Likewise; a line of the process is an answer, and what comes in between is of the next one. */
function atPort(behaviour: string, children: Set<Child>): Server {
  const known = new Map<string, Child>();
  return createHttpServer(async (request: IncomingMessage, response: ServerResponse) => {
    const name = String(request.headers["freezethaw-connection"]);
    const child = known.get(name) ?? started(behaviour, children);
    known.set(name, child);
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const write = (chunk: Buffer) => {
      response.write(chunk);
      if (chunk.includes("\n")) finish();
    };
    const die = () => request.socket.destroy();
    const finish = () => {
      child.stdout.off("data", write);
      child.off("exit", die);
      response.end();
    };
    child.stdout.on("data", write);
    child.once("exit", die);
    response.once("close", finish);
    child.stdin.write(`${Buffer.concat(chunks)}\n`);
  });
}

async function judge(behaviour: string, way: Way, directory: string): Promise<void> {
  const children = new Set<Child>();
  const server = (way === "socket" ? atSocket : atPort)(behaviour, children);
  const path = join(directory, behaviour);
  if (way === "socket") server.listen(path);
  else server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = (way === "http" ? server.address() : { port: 0 }) as AddressInfo;
  const target: Target = way === "socket" ? { socket: path } : { url: `http://127.0.0.1:${port}/` };
  try {
    const [before, own, after] = await cellsBeside(behaviour, target);
    const [verdict, reason] = EXPECTED[behaviour] as (typeof EXPECTED)[string];
    const name = `${behaviour} by ${way}`;
    const [cell] = own?.cells ?? [];
    assert.equal(cell?.verdict, verdict, `${name}: ${cell?.reason}`);
    assert.match(cell?.reason ?? "", reason[way], name);
    assert.equal(before?.cells[0]?.verdict, "passed", `${name}: ${before?.cells[0]?.reason}`);
    assert.equal(after?.cells[0]?.verdict, "passed", `${name}: ${after?.cells[0]?.reason}`);
  } finally {
    for (const child of children) child.kill("SIGKILL");
    server.close();
  }
}

const isNode = !("Deno" in globalThis || "Bun" in globalThis);
const names = Object.keys(EXPECTED).filter((_, at) => isNode || at % 4 === 0);
const LANES = 4;

for (const way of ["socket", "http"] as const) {
  test(`${names.length} hostile adapters by ${way} cost their own cell a verdict, and no more`, {
    timeout: 240_000,
  }, async () => {
    const directory = mkdtempSync(join(tmpdir(), "hostile-"));
    try {
      // Most of it is waiting.
      const lanes = Array.from({ length: LANES }, async (_, lane) => {
        for (const [at, name] of names.entries()) {
          if (at % LANES === lane) await judge(name, way, directory);
        }
      });
      await Promise.all(lanes);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
}
