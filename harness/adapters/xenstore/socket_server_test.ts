import { mkdtempSync, rmSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { xenstore } from "./mod.ts";

const TIMEOUT = 20_000;

function message(type: number, body: string): Buffer {
  const octets = Buffer.alloc(16 + body.length);
  octets.writeUInt32LE(type, 0);
  octets.writeUInt32LE(body.length, 12);
  octets.write(body, 16, "latin1");
  return octets;
}

/** A client that collects what comes. */
class Client {
  readonly socket: Socket;
  received: Buffer = Buffer.alloc(0);
  closed = false;
  #wake = () => {};

  constructor(path: string) {
    this.socket = createConnection(path);
    this.socket.on("data", (chunk: Buffer) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.#wake();
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends a request and takes the next message. */
  async ask(type: number, body: string): Promise<string> {
    this.socket.write(message(type, body));
    return await this.next();
  }

  async next(): Promise<string> {
    await this.until(() => this.received.length >= 16 && this.received.length >= this.#end());
    const end = this.#end();
    const text = this.received.toString("latin1", 16, end);
    this.received = this.received.subarray(end);
    return text;
  }

  #end(): number {
    return 16 + this.received.readUInt32LE(12);
  }
}

async function serving(use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-serve-"));
  const socket = join(folder, "socket");
  const options = { socket, profile: "c", inherit: false, now: () => 0 };
  const server = await xenstore.serve(options);
  try {
    await use(socket);
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
}

test("A served daemon answers, tells watches, and survives its own live update", {
  timeout: TIMEOUT,
}, async () => {
  await serving(async (path) => {
    const [client, other] = [new Client(path), new Client(path)];
    assertEquals(await client.ask(4, "/a\0t\0"), "OK\0");
    assertEquals(await client.next(), "/a\0t\0");
    assertEquals(await other.ask(11, "/a/b\0v"), "OK\0");
    assertEquals(await client.next(), "/a/b\0t\0");
    // The program that runs is its own successor.
    assertEquals(await other.ask(0, `live-update\0-f\0${process.argv[1]}\0`), "OK\0");
    assertEquals(await other.ask(0, "live-update\0-s\0-t\x000\0"), "OK\0");
    assertEquals(await other.ask(2, "/a/b\0"), "v");
    assertEquals(await other.ask(11, "/a/c\0v"), "OK\0");
    assertEquals(await client.next(), "/a/c\0t\0");
    client.socket.destroy();
    other.socket.destroy();
  });
});

test("A client that leaves half a header harms nobody", { timeout: TIMEOUT }, async () => {
  await serving(async (path) => {
    const [half, client] = [new Client(path), new Client(path)];
    half.socket.write(message(2, "/\0").subarray(0, 9));
    assertEquals(await client.ask(11, "/a\0v"), "OK\0");
    half.socket.destroy();
    assertEquals(await client.ask(2, "/a\0"), "v");
    client.socket.destroy();
  });
});

test("A payload that is too long ends its connection, and that one only", {
  timeout: TIMEOUT,
}, async () => {
  await serving(async (path) => {
    const [bad, client] = [new Client(path), new Client(path)];
    bad.socket.write(message(11, `/a\0${"x".repeat(5000)}`));
    await bad.until(() => bad.closed);
    assertEquals(await client.ask(3, "/\0"), "n0\0");
    client.socket.destroy();
  });
});

/** More events of 1.8 KB than the 16 MiB that the model lets wait for one client. */
const EVENTS = 12_000;

test("A client that never reads its events is let go, and others are served all the while", {
  timeout: 60_000,
}, async () => {
  await serving(async (path) => {
    const [deaf, client] = [new Client(path), new Client(path)];
    assertEquals(await deaf.ask(4, `/a\0${"t".repeat(900)}\0`), "OK\0");
    await deaf.next();
    deaf.socket.pause();
    for (let event = 0; event < EVENTS; event++) {
      assertEquals(await client.ask(11, `/a/${event}${"n".repeat(900)}\0v`), "OK\0");
    }
    deaf.socket.resume();
    await deaf.until(() => deaf.closed);
    // What the two sockets held came; what waited in the daemon is gone.
    assertEquals(deaf.received.length < 2 ** 22, true);
    client.socket.destroy();
  });
});

test("Hundreds of clients that leave half a header harm nobody", {
  timeout: 60_000,
}, async () => {
  await serving(async (path) => {
    const halves = Array.from({ length: 300 }, () => new Client(path));
    for (const { socket } of halves) socket.write(message(2, "/\0").subarray(0, 9));
    const client = new Client(path);
    for (let turn = 0; turn < 20; turn++) assertEquals(await client.ask(11, "/a\0v"), "OK\0");
    for (const { socket } of halves) socket.destroy();
    assertEquals(await client.ask(2, "/a\0"), "v");
    client.socket.destroy();
  });
});

test("A flood from a client that does not read is answered whole once it reads", {
  timeout: TIMEOUT,
}, async () => {
  await serving(async (path) => {
    const client = new Client(path);
    assertEquals(await client.ask(11, `/a\0${"x".repeat(4000)}`), "OK\0");
    client.socket.pause();
    const count = 800;
    for (let index = 0; index < count; index++) client.socket.write(message(2, "/a\0"));
    const other = new Client(path);
    assertEquals((await other.ask(2, "/a\0")).length, 4000);
    client.socket.resume();
    await client.until(() => client.received.length === count * 4016);
    client.socket.destroy();
    other.socket.destroy();
  });
});
