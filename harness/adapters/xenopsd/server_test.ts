import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { RpcDict, readRequest, XenopsError } from "../../../src/xenops_interface/mod.ts";
import { apiServer } from "./api_server.ts";
import { type BegunCall, Driver, type SteppedMachine } from "./driver.ts";
import { switchServer } from "./switch_server.ts";
import { SERVICE_QUEUE, SwitchService } from "./switch_service.ts";

const TIMEOUT = 30_000;

const broke = (error: unknown) => {
  throw error;
};

/** A machine of a few lines: it answers, waits and fails as it is told. */
class Toy implements SteppedMachine {
  readonly waiting: { state: BegunCall["state"]; result?: unknown; onSettled?: () => void }[] = [];
  readonly called: string[] = [];
  abandoned = 0;
  taskCount = 0;
  #tasks = 0;

  call(method: string, params: Record<string, unknown>): BegunCall {
    this.called.push(method);
    if (method === "UPDATES.get") {
      const call = { state: "waiting" as const, abandon: () => void this.abandoned++ };
      this.waiting.push(call);
      return call;
    }
    if (method === "VM.start") return { state: "done", result: `${this.#tasks++}` };
    if (method === "UPDATES.last_id") return { state: "done", result: 47 };
    const error = new XenopsError("Does_not_exist", ["VM", `${params.id}/config`]);
    return { state: "failed", error };
  }

  /** Ends a call that waits. */
  step(): boolean {
    if (this.called.at(-1) !== "UPDATES.last_id") return false;
    const call = this.waiting.shift();
    if (call === undefined) return false;
    call.state = "done";
    call.result = [[], [["Vm", "u"]], 47];
    call.onSettled?.();
    return true;
  }
}

/** What a peer sends, as text. */
class Peer {
  readonly socket: Socket;
  #text = "";
  #isClosed = false;
  #wake = () => {};

  constructor(path: string) {
    this.socket = createConnection(path);
    this.socket.on("data", (chunk: Uint8Array) => {
      this.#text += Buffer.from(chunk).toString("utf8");
      this.#wake();
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.#isClosed = true;
      this.#wake();
    });
  }

  write(text: string): void {
    this.socket.write(text);
  }

  /** The answer to a POST, or to a GET without body. */
  async ask(path: string, body?: string, type = "application/json"): Promise<string> {
    const length = body === undefined ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`;
    const method = body === undefined ? "GET" : "POST";
    this.write(`${method} ${path} HTTP/1.1\r\nContent-Type: ${type}\r\n${length}\r\n${body ?? ""}`);
    return await this.hears(/^HTTP\/1.1 (\d+) .*?content-length: (\d+).*?\r\n\r\n/s);
  }

  /** Waits for a head, and answers the status and the body behind it. */
  async hears(head: RegExp): Promise<string> {
    for (;;) {
      const found = head.exec(this.#text);
      const end = (found?.[0].length ?? 0) + Number(found?.[2] ?? 0);
      if (found !== null && this.#text.length >= end) {
        const body = this.#text.slice(found[0].length, end);
        this.#text = this.#text.slice(end);
        return `${found[1]} ${body}`;
      }
      if (this.#isClosed) return `closed ${this.#text}`;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async closed(): Promise<string> {
    while (!this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#text;
  }
}

/** A folder with servers, and a machine behind them. */
class Place implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "freezethaw-wire-"));
  readonly api = join(this.folder, "api");
  readonly toy = new Toy();
  readonly driver = new Driver(this.toy, { broke });
  readonly #servers: Server[] = [];

  async serve(server = apiServer((...args) => this.driver.perform(...args)), path = this.api) {
    this.#servers.push(server);
    await new Promise<void>((resolve) => void server.listen(path, () => resolve()));
  }

  peer(path = this.api): Peer {
    return new Peer(path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.driver.stop();
    for (const server of this.#servers) await new Promise((resolve) => server.close(resolve));
    rmSync(this.folder, { recursive: true });
  }
}

const LAST_ID = '{"method":"UPDATES.last_id","params":[{"debug_info":"d"}],"id":7}';
const GET = '{"method":"UPDATES.get","params":[{"debug_info":"d"}],"id":7}';
const START = '{"method":"VM.start","params":[{"paused":false,"id":"u","debug_info":"d"}],"id":7}';
const STAT = '{"method":"VM.stat","params":[{"id":"u","debug_info":"d"}],"id":7}';

test("apiServer() answers JSON, XML and framed JSON at one socket", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.serve();
  const peer = place.peer();
  assert.equal(await peer.ask("/", LAST_ID), '200 {"result":47,"error":null,"id":0}');
  assert.equal(
    await peer.ask("/anything", STAT),
    '200 {"result":null,"error":["Does_not_exist",["VM","u/config"]],"id":0}',
  );
  const xml =
    "<methodCall><methodName>UPDATES.last_id</methodName><params><param><value><struct><member>" +
    "<name>debug_info</name><value>d</value></member></struct></value></param></params>" +
    "</methodCall>";
  const answer = await peer.ask("/", xml, "text/xml");
  assert.match(answer, /^200 <\?xml.*<name>Value<\/name><value>47<\/value>/);
  assert.match(await peer.ask("/", xml, ""), /<value>47<\/value>/);
  peer.socket.destroy();
  const framed = place.peer();
  framed.write(`${String(LAST_ID.length).padStart(16, "0")}${LAST_ID}`);
  framed.write(`${String(STAT.length).padStart(16, "0")}${STAT.slice(0, 5)}`);
  assert.equal(
    await framed.hears(/^(000000000000)(\d{4})/),
    `000000000000 {"result":47,"error":null,"id":0}`,
  );
  framed.write(STAT.slice(5));
  assert.match(await framed.hears(/^(000000000000)(\d{4})/), /"Does_not_exist"/);
  framed.socket.destroy();
});

test("apiServer() answers what is wrong, and stays", { timeout: TIMEOUT }, async () => {
  await using place = new Place();
  await place.serve();
  const peer = place.peer();
  assert.equal(await peer.ask("/"), "404 ");
  const failure = (reason: string) => `200 {"result":null,"error":["Internal_error","${reason}`;
  assert.ok(
    (await peer.ask("/", "{")).startsWith(failure("Cannot read JSON as a text at offset 1")),
  );
  const unknown = LAST_ID.replace("last_id", "first_id");
  assert.ok(
    (await peer.ask("/", unknown)).startsWith(failure("Cannot call a method as it must be")),
  );
  assert.ok((await peer.ask("/", "[]")).startsWith(failure("Cannot read a request as a dict")));
  assert.match(await peer.ask("/", "<methodCall>", "text/xml"), /Failure.*Cannot read XML/);
  peer.write("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n\xff");
  assert.equal(await peer.ask("/", LAST_ID).then((text) => text.slice(0, 4)), "200 ");
  peer.socket.destroy();
});

for (const [what, text, status] of [
  ["a POST without a length", "POST / HTTP/1.1\r\n\r\n", 411],
  ["chunks", "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 411],
  ["two lengths", "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400],
  ["a length that is none", "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400],
  ["a length that is too large", "POST / HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n", 413],
  ["no HTTP", "hello\r\n\r\n", 400],
  ["headers without end", `GET / HTTP/1.1\r\na: ${"b".repeat(20_000)}`, 431],
  ["a frame that is too large", "9999999999999999", 400],
  ["a frame without a length", "12345678 9012345", 400],
] as const) {
  test(`apiServer() refuses ${what}, and ends the connection`, { timeout: TIMEOUT }, async () => {
    await using place = new Place();
    await place.serve();
    const peer = place.peer();
    peer.write(text);
    const answer = await peer.closed();
    assert.match(
      answer,
      new RegExp(`^HTTP/1.1 ${status} .*\r\n\r\nCannot read a request as [^\n]*\n$`, "s"),
    );
  });
}

test("Driver ends a call that waits, and forgets one whose client has gone", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.serve();
  const [waiter, leaver, other] = [place.peer(), place.peer(), place.peer()];
  const answer = waiter.ask("/", GET);
  void leaver.ask("/", GET);
  while (place.toy.waiting.length < 2) await new Promise((resolve) => setImmediate(resolve));
  leaver.socket.destroy();
  while (place.toy.abandoned === 0) await new Promise((resolve) => setImmediate(resolve));
  await other.ask("/", LAST_ID);
  assert.equal(await answer, '200 {"result":[[],[["Vm","u"]],47],"error":null,"id":0}');
  for (const peer of [waiter, other]) peer.socket.destroy();
});

test("Driver refuses calls and tasks beyond its limits", { timeout: TIMEOUT }, async () => {
  const toy = new Toy();
  const driver = new Driver(toy, { broke });
  const get = { method: "UPDATES.get", params: [new RpcDict([["debug_info", "d"]])] };
  const gone = new AbortController();
  const waits = Array.from({ length: 4096 }, () =>
    driver.perform(get, gone.signal).catch(() => {}),
  );
  await assert.rejects(driver.perform(get), /Cannot hold more than 4096 calls that wait/);
  gone.abort();
  await Promise.all(waits);
  assert.equal(toy.abandoned, 4096);
  const start = readRequest(START);
  toy.taskCount = 65_535;
  assert.equal(await driver.perform(start), "0");
  toy.taskCount = 65_536;
  await assert.rejects(driver.perform(start), /Cannot hold more than 65536 tasks/);
  driver.stop();
});

test("switchServer() tells who is not logged in, and what it does not know", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.serve(switchServer());
  const peer = place.peer();
  assert.equal(await peer.ask("/persistent/q"), "404 Please log in.");
  assert.equal(await peer.ask("/login/me%3A1"), "200 ");
  assert.equal(await peer.ask("/persistent/a%2Fb"), "200 a/b");
  assert.equal(await peer.ask("/list/a"), '200 ["a/b"]');
  assert.equal(await peer.ask("/request/missing/me", "x"), "200 []");
  assert.equal(await peer.ask("/ack/a/x"), "404 ");
  assert.equal(await peer.ask("/%zz"), "404 ");
  assert.equal(await peer.ask("/transfer", '{"queues":[]}'), "400 Cannot read a transfer\n");
  peer.socket.destroy();
});

test("switchServer() ends the queues of a session with its last connection", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.serve(switchServer());
  const [one, two, other] = [place.peer(), place.peer(), place.peer()];
  for (const peer of [one, two]) await peer.ask("/login/client");
  await one.ask("/transient/mine");
  await one.ask("/persistent/ours");
  await other.ask("/login/other");
  one.socket.destroy();
  assert.equal(await two.ask("/list/"), '200 ["mine","ours"]');
  two.socket.destroy();
  while ((await other.ask("/list/")) !== '200 ["ours"]');
  other.socket.destroy();
});

/** As the client of xapi does it: two connections of one session, and a queue for answers. */
async function clientOf(place: Place, path: string) {
  const [requests, events] = [place.peer(path), place.peer(path)];
  for (const peer of [requests, events]) await peer.ask("/login/client");
  await requests.ask("/transient/client");
  await requests.ask(`/persistent/${SERVICE_QUEUE}`);
  const send = async (text: string) => await requests.ask(`/request/${SERVICE_QUEUE}/client`, text);
  const transfer = async (from: string) =>
    (await events.ask("/transfer", `{${from}"timeout":30.0,"queues":["client"]}`)).slice(4);
  return { requests, events, send, transfer };
}

test("SwitchService answers over a switch, and bare text to what is no request", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  const path = join(place.folder, "switch");
  await place.serve(switchServer(), path);
  const service = new SwitchService(path, "service", (...args) => place.driver.perform(...args));
  await service.start();
  const client = await clientOf(place, path);
  assert.equal(await client.send(LAST_ID), `200 [["${SERVICE_QUEUE}",1]]`);
  const [first] = JSON.parse(await client.transfer("")).messages;
  assert.deepEqual(first, [
    ["client", 2],
    {
      payload: '{"result":47,"error":null,"id":0}',
      kind: ["Response", [SERVICE_QUEUE, 1]],
    },
  ]);
  assert.equal(await client.events.ask("/ack/client/2"), "200 ");
  await client.send("{");
  const reply = JSON.parse(await client.transfer('"from":"2",'));
  assert.match(reply.messages[0][1].payload, /^Cannot read JSON/);
  assert.equal(reply.next, "4");
  // What is answered is acknowledged, and not delivered again.
  const left = `{"timeout":0,"queues":["${SERVICE_QUEUE}"]}`;
  while ((await client.events.ask("/transfer", left)) !== '200 {"messages":[],"next":"-1"}');
  service.stop();
  for (const peer of [client.requests, client.events]) peer.socket.destroy();
});

test("a request that was not answered before a crash is delivered again", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  const path = join(place.folder, "switch");
  await place.serve(switchServer(), path);
  const first = new SwitchService(path, "service:1", (...args) => place.driver.perform(...args));
  await first.start();
  const client = await clientOf(place, path);
  await client.send(GET);
  while (place.toy.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
  first.stop();
  const performed: string[] = [];
  const second = new SwitchService(path, "service:2", ({ method }) => {
    performed.push(method);
    return Promise.resolve([[], [], 0n]);
  });
  await second.start();
  const reply = JSON.parse(await client.transfer(""));
  assert.equal(reply.messages[0][1].payload, '{"result":[[],[],0],"error":null,"id":0}');
  assert.deepEqual(performed, ["UPDATES.get"]);
  second.stop();
  for (const peer of [client.requests, client.events]) peer.socket.destroy();
});
