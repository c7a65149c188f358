import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { encodeMessage, TYPE } from "../../src/xenstore/mod.ts";
import { xenstore } from "../adapters/xenstore/mod.ts";

const TIMEOUT = 60_000;

/** A folder with a daemon in a process of its own. */
class Place implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "freezethaw-serve-"));
  readonly socket = join(this.folder, "socket");
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  errors = "";

  /** Where there is "$dir" in an option, it means this folder. */
  constructor(...options: readonly string[]) {
    const [program = "", ...args] = xenstore.command;
    const own = options.map((option) => option.replace("$dir", this.folder));
    this.child = spawn(program, [...args, "--socket", this.socket, ...own], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.errors += chunk;
    });
    this.ended = new Promise((resolve) => void this.child.on("close", resolve));
  }

  /** The file is there before somebody listens at it, so only a connection tells. */
  async listens(): Promise<void> {
    while (!(await this.#accepts())) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  #accepts(): Promise<boolean> {
    if (!existsSync(this.socket)) return Promise.resolve(false);
    return new Promise((resolve) => {
      const socket = createConnection(this.socket);
      socket.on("error", () => resolve(false));
      socket.on("connect", () => {
        socket.destroy();
        resolve(true);
      });
    });
  }

  /** A script that goes on with `words`; where there is "$dir" it means this folder. */
  wrapper(words: readonly string[]): string {
    const path = join(this.folder, "wrapper");
    writeFileSync(path, `#!/bin/sh\ndir='${this.folder}'\nexec ${words.join(" ")}\n`);
    chmodSync(path, 0o700);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode === null) this.child.kill("SIGTERM");
    await this.ended;
    rmSync(this.folder, { recursive: true });
  }
}

/** A client, and all that it was sent. */
class Client {
  readonly #socket: Socket;
  #text = "";
  #closed = false;
  #wake = () => {};

  constructor(place: Place) {
    this.#socket = createConnection(place.socket);
    this.#socket.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("latin1");
      this.#wake();
    });
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  send(type: number, body: string): void {
    this.#socket.write(encodeMessage(type, { reqId: 1, txId: 0 }, body));
  }

  /** Waits until it was sent `text`, or nothing more can come. */
  async hears(text: string): Promise<boolean> {
    while (!this.#text.includes(text) && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const heard = this.#text.includes(text);
    this.#text = "";
    return heard;
  }

  /** Whether a request is answered with `text`. */
  async asks(type: number, body: string, text: string): Promise<boolean> {
    this.send(type, body);
    return await this.hears(text);
  }

  async update(program: string): Promise<boolean> {
    assert(await this.asks(TYPE.CONTROL, `live-update\0-f\0${program}\0`, "OK\0"));
    return await this.asks(TYPE.CONTROL, "live-update\0-s\0-t\x001\0", "OK\0");
  }

  leave(): void {
    this.#socket.destroy();
  }
}

const inherits = { skip: xenstore.whyNotInherit ?? false, timeout: TIMEOUT };

/** A process that Deno did not start is told nothing of its descriptors. */
const UNTOLD = ["env", "-u", "DENO_EXTRA_STDIO_FDS"];

for (const [how, told, rings] of [
  ["", [], []],
  [" and its events, though nobody tells it of them", UNTOLD, ["--rings", "$dir"]],
] as const) {
  test(
    `serve is updated into another program with its connections${how}, and ends with it`,
    inherits,
    async () => {
      await using place = new Place("--profile", "c-4.17", ...rings);
      await place.listens();
      const [client, other] = [new Client(place), new Client(place)];
      assert(await other.asks(TYPE.WATCH, "/a\0t\0", "/a\0t\0"));
      const words = ["--socket", '"$dir/socket"', "--restore", '"$dir/state_dump"', "--inherit"];
      const command = [...told, ...xenstore.command, ...words, ...rings];
      const program = place.wrapper([...command, "--profile", "c-4.20"]);
      assert(await client.update(program));
      assert(await client.asks(TYPE.WRITE, "/a/b\0value", "OK\0"));
      assert(await other.hears("/a/b\0t\0"));
      const late = new Client(place);
      assert(await late.asks(TYPE.READ, "/a/b\0", "value"));
      // What comes after that ends at once.
      assertEquals(await client.update(place.wrapper(["sh", "-c", "'exit 7'"])), false);
      for (const it of [client, other, late]) it.leave();
      assertEquals(await place.ended, 7);
    },
  );
}

test("serve refuses a state that it cannot read, and says where", {
  timeout: TIMEOUT,
}, async () => {
  const state = join(mkdtempSync(join(tmpdir(), "freezethaw-state-")), "state");
  writeFileSync(state, "xenstore");
  await using place = new Place("--restore", state);
  assertEquals(await place.ended, 2);
  assertEquals(
    place.errors,
    "Cannot decode header at offset 8: must have 16 octets: current size is 8\n",
  );
});
