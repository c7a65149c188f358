import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Client, ClientError } from "./client.ts";
import { jsonText, parseJson } from "./client_json.ts";
import { replayTrace } from "./client_trace.ts";
import { messageSwitch, xenopsd } from "./mod.ts";
import { SERVICE_QUEUE } from "./switch_service.ts";

const TIMEOUT = 30_000;
const TRACE = readFileSync(
  new URL("../../../fixtures/xenopsd/updates_trace.ndjson", import.meta.url),
  "utf8",
);

/** A service, and a switch before it, in a folder of their own. */
class Place implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "freezethaw-client-"));
  readonly api = { path: join(this.folder, "api") };
  readonly switch = { path: join(this.folder, "switch") };
  readonly clients: Client[] = [];
  #port = 0;
  #served: { stop(): Promise<void> }[] = [];

  async serve(): Promise<this> {
    this.#served.push(await messageSwitch.serve({ socket: this.switch.path }));
    const profile = "reference";
    this.#port = await freePort();
    const [socket, port] = [this.api.path, this.#port];
    const options = { socket, port, switch: this.switch.path, profile, instanceId: "one" };
    this.#served.push(await xenopsd.serve(options));
    return this;
  }

  async client(way: string): Promise<Client> {
    const client =
      way === "HTTP" || way === "a port"
        ? Client.overHttp(way === "HTTP" ? this.api : { port: this.#port, host: "127.0.0.1" })
        : way === "frames"
          ? Client.overFrames(this.api)
          : await Client.overSwitch(this.switch, SERVICE_QUEUE, `client-${this.clients.length}`);
    this.clients.push(client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.clients) client.close();
    for (const served of this.#served.toReversed()) await served.stop();
    rmSync(this.folder, { recursive: true });
  }
}

/** A port that nobody listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

for (const way of ["HTTP", "a port", "frames", "a switch"]) {
  test(`a client over ${way} is told what the trace of updates says`, {
    timeout: TIMEOUT,
  }, async () => {
    await using place = await new Place().serve();
    assert.deepEqual(await replayTrace(await place.client(way), TRACE), []);
  });
}

test("replayTrace() tells where a server differs", { timeout: TIMEOUT }, async () => {
  await using place = await new Place().serve();
  const trace = [
    '{"call":"UPDATES.last_id","result":7}',
    '{"call":"VM.exists","params":{"id":"a"},"error":"Does_not_exist"}',
    '{"call":"VM.stat","params":{"id":"a"},"error":"Cancelled"}',
    '{"call":"VM.stat","params":{"id":"a"},"result":[]}',
    '{"call":"query","params":{"unit":null},"result":{"name":"xenops"}}',
    '{"call":"query","params":{"unit":null},"result":{"nickname":"xenops"}}',
  ].join("\n");
  const differences = await replayTrace(await place.client("HTTP"), trace);
  assert.deepEqual(
    differences.map((line) => line.replace(/found \{.*/, "found {")),
    [
      "line 1, UPDATES.last_id: expected 7, found 0",
      "line 2, VM.exists: expected Does_not_exist, found false",
      "line 3, VM.stat: expected Cancelled, found Does_not_exist",
      "line 4, VM.stat: expected a result, found Does_not_exist",
      'line 6, query: expected {"nickname":"xenops"}, found {',
    ],
  );
});

test("a call that blocks does not hold up others behind a switch", {
  timeout: TIMEOUT,
}, async () => {
  await using place = await new Place().serve();
  const client = await place.client("a switch");
  const token = await client.call("UPDATES.last_id");
  const blocked = client.call("UPDATES.get", { last_id: token });
  await client.call("UPDATES.inject_barrier", { vm_id: "a", id: 7 });
  const [barriers] = (await blocked) as [unknown];
  assert.deepEqual(barriers, [[7, []]]);
});

test("an error has a tag and a payload", { timeout: TIMEOUT }, async () => {
  await using place = await new Place().serve();
  const client = await place.client("HTTP");
  await assert.rejects(client.call("Task.stat", { id: "9" }), (error) => {
    assert.ok(error instanceof ClientError);
    assert.deepEqual([error.tag, error.payload], ["Does_not_exist", ["task", "9"]]);
    return true;
  });
  await assert.rejects(client.call("Task.fly", { id: "9" }), /Internal_error/);
});

test("parseJson() and jsonText() keep 64 bits", () => {
  const text = '{"a":9007199254740993,"b":"9007199254740993 \\"1\\"","c":-5,"d":0.5}';
  assert.equal(jsonText(parseJson(text)), text);
  assert.deepEqual(parseJson("[9007199254740993,7]"), [9_007_199_254_740_993n, 7]);
});
