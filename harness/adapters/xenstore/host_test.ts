import {
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { encodeMessage, HEADER_LENGTH, TYPE } from "../../../src/xenstore/mod.ts";
import { readStream } from "../../../src/xenstore_stream/mod.ts";
import { DESCRIPTORS, targetOf } from "./descriptors.ts";
import { type HostSuccession, xenstore } from "./mod.ts";
import { Ring } from "./ring.ts";

const TIMEOUT = 20_000;
const PAGE_LENGTH = 4096;

/** A folder with a model in it, and its rings. */
class Place implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "freezethaw-host-"));
  readonly socket = join(this.folder, "socket");
  readonly left = Promise.withResolvers<HostSuccession>();
  #served: { stop(): Promise<void> } | undefined;

  async start(profile: string): Promise<void> {
    this.makeDomain(0);
    const { socket, folder: rings, left } = this;
    this.#served = await xenstore.host({ socket, rings, profile, left: left.resolve });
  }

  makeDomain(domid: number): void {
    writeFileSync(this.page(domid), new Uint8Array(PAGE_LENGTH));
  }

  page(domid: number): string {
    return join(this.folder, `dom${domid}.ring`);
  }

  raise(port: number): void {
    const octets = Buffer.alloc(4);
    octets.writeUInt32LE(port);
    writeSync(openSync(join(this.folder, "evtchn"), "r+"), octets);
  }

  async stop(): Promise<void> {
    await this.#served?.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** Asks by a socket, and takes all that comes as text. */
async function ask(socket: Socket, type: number, body: string): Promise<string> {
  const came = new Promise<Buffer>((resolve) => void socket.once("data", resolve));
  socket.write(encodeMessage(type, { reqId: 1, txId: 0 }, body));
  return (await came).toString("latin1", HEADER_LENGTH);
}

/** Puts a request into the ring of a domain and waits for what comes back. */
async function askByRing(place: Place, domid: number, type: number, body: string) {
  const path = place.page(domid);
  const page = openSync(path, "r+");
  const request = encodeMessage(type, { reqId: 1, txId: 0 }, body);
  const before = readFileSync(path);
  const [produced, came] = [before.readUInt32LE(2052), before.readUInt32LE(2060)];
  for (const [index, octet] of request.entries()) {
    writeSync(page, new Uint8Array([octet]), 0, 1, (produced + index) % 1024);
  }
  const end = Buffer.alloc(4);
  end.writeUInt32LE(produced + request.length);
  writeSync(page, end, 0, 4, 2052);
  place.raise(1000 + domid);
  for (;;) {
    const now = readFileSync(path);
    const until = now.readUInt32LE(2060);
    if (until !== came) {
      end.writeUInt32LE(until);
      writeSync(page, end, 0, 4, 2056);
      const octets = Array.from(
        { length: until - came },
        (_, at) => now[1024 + ((came + at) % 1024)],
      );
      return Buffer.from(octets as number[]).toString("latin1", HEADER_LENGTH);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test("A domain is answered by its ring, and more often than the ring is long", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.start("c");
  assertEquals(await askByRing(place, 0, TYPE.WRITE, "/a\0value"), "OK\0");
  for (let n = 0; n < 100; n++) {
    assertEquals(await askByRing(place, 0, TYPE.READ, "/a\0"), "value");
  }
});

test("A domain has a ring once it is introduced, and its end is told of", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.start("c");
  const socket = createConnection(place.socket);
  place.makeDomain(5);
  assertEquals(await ask(socket, TYPE.INTRODUCE, "5\x001\x005\0"), "OK\0");
  assertEquals(await askByRing(place, 5, TYPE.GET_DOMAIN_PATH, "5\0"), "/local/domain/5\0");
  const watched = await ask(socket, TYPE.WATCH, "@releaseDomain\0t\0");
  assert(watched.startsWith("OK\0"));
  const told = new Promise<Buffer>((resolve) => void socket.once("data", resolve));
  unlinkSync(place.page(5));
  place.raise(1);
  assert((await told).toString("latin1").includes("@releaseDomain\0t\0"));
  assertEquals(await ask(socket, TYPE.IS_DOMAIN_INTRODUCED, "5\0"), "F\0");
  socket.destroy();
});

test("Indices that cannot be stop a domain, and nobody else", { timeout: TIMEOUT }, async () => {
  await using place = new Place();
  await place.start("c");
  const socket = createConnection(place.socket);
  const page = openSync(place.page(0), "r+");
  writeSync(page, new Uint8Array([0xff, 0xff, 0xff, 0xff]), 0, 4, 2052);
  place.raise(1000);
  assertEquals(await ask(socket, TYPE.READ, "/\0"), "");
  socket.destroy();
});

test("Ring refuses a page that is not there", () => {
  assertThrows(() => new Ring("/no/such/page", undefined as never), Error, "ENOENT");
});

test("A model that is updated leaves its state and its clients, and goes on as another", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.start("c-4.17");
  const socket = createConnection(place.socket);
  assertEquals(await ask(socket, TYPE.WRITE, "/a\0value"), "OK\0");
  await ask(socket, TYPE.CONTROL, `live-update\0-f\0${process.execPath}\0`);
  const answered = ask(socket, TYPE.CONTROL, "live-update\0-s\0-t\x001\0");
  const { state, goOn } = await place.left.promise;
  const { records } = readStream(state);
  const ring = records.find((it) => it.kind === "CONNECTION_DATA");
  assert(ring?.kind === "CONNECTION_DATA" && ring.spec.type === "ring");
  assertEquals(ring.spec.evtchn, 1000);
  assertThrows(() => goOn("c-4.14", state), RangeError, "c-4.14 has no live update");
  goOn("c-4.20", state);
  assertEquals(await answered, "OK\0");
  assertEquals(await ask(socket, TYPE.READ, "/a\0"), "value");
  assertEquals(await askByRing(place, 0, TYPE.READ, "/a\0"), "value");
  socket.destroy();
});

/** Whether this process has events open in `folder`. */
function hasEventsOpen(folder: string): boolean {
  const path = join(folder, "evtchn");
  return readdirSync(DESCRIPTORS).some((fd) => targetOf(Number(fd)) === path);
}

async function untilClosed(folder: string): Promise<void> {
  while (hasEventsOpen(folder)) await new Promise((resolve) => setTimeout(resolve, 1));
}

test("A model that has left and is stopped leaves nothing open", { timeout: TIMEOUT }, async () => {
  await using place = new Place();
  await place.start("c");
  assert(hasEventsOpen(place.folder));
  const socket = createConnection(place.socket);
  await ask(socket, TYPE.CONTROL, `live-update\0-f\0${process.execPath}\0`);
  socket.write(encodeMessage(TYPE.CONTROL, { reqId: 1, txId: 0 }, "live-update\0-s\0-t\x001\0"));
  await place.left.promise;
  await place.stop();
  await untilClosed(place.folder);
  // Whoever gives its clients away is stopped as well.
  await place.stop();
  socket.destroy();
});

test("A model that cannot listen leaves nothing open", { timeout: TIMEOUT }, async () => {
  await using place = new Place();
  await place.start("c");
  await using other = new Place();
  const { socket } = place;
  const started = xenstore.host({ socket, rings: other.folder, profile: "c", left: () => {} });
  await assertRejects(() => started, RangeError, "in use");
  await untilClosed(other.folder);
});

test("A program that cannot be run is no successor, and the model goes on", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  await place.start("c");
  const unfit = join(place.folder, "unfit");
  writeFileSync(unfit, "#!/no/such/interpreter\n", { mode: 0o700 });
  const socket = createConnection(place.socket);
  assertEquals(await ask(socket, TYPE.CONTROL, `live-update\0-f\0${unfit}\0`), "OK\0");
  const text = await ask(socket, TYPE.CONTROL, "live-update\0-s\0-t\x001\0");
  assertEquals(text, "Error activating new binary\0");
  assertEquals(await ask(socket, TYPE.READ, "/\0"), "");
  socket.destroy();
});
