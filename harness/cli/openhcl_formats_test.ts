/**
 * The command line on the real formats. Bytes and answers are upstream's own (see
 * fixtures/openhcl); what a run does on the real implementation is tested by running it.
 */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openhcl } from "../implementations/openhcl.ts";
import { product } from "../product.ts";
import { call, inDirectory } from "./called.ts";
import { FormatError, type Json } from "./product.ts";

interface GoldenRow {
  readonly kind: "encode" | "decode";
  readonly release: string;
  readonly message: string;
  readonly description: string;
  readonly value_json?: Json;
  readonly hex: string;
  readonly ok?: boolean;
  readonly result?: string;
}

const GOLDEN = JSON.parse(fixture("golden.json")) as readonly GoldenRow[];
const { mesh } = product.formats;
assert.ok(mesh !== undefined);

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/openhcl/${name}`, import.meta.url), "utf8");
}

function octets(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

test("decode and encode of mesh agree with upstream's bytes in JSON", () => {
  const rows = GOLDEN.filter(({ kind, message }) => kind === "encode" && !message.includes("@"));
  assert.ok(rows.length > 20, `${rows.length} rows`);
  for (const { release, message, value_json, hex, description } of rows) {
    const encoded = mesh.encode(release, message, value_json ?? null);
    assert.equal(Buffer.from(encoded).toString("hex"), hex, description);
    const again = mesh.encode(release, message, mesh.decode(release, message, octets(hex)));
    assert.equal(Buffer.from(again).toString("hex"), hex, description);
  }
});

test("decode of mesh fails in upstream's words, with an offset", () => {
  const rows = GOLDEN.filter(({ kind, ok }) => kind === "decode" && ok === false);
  assert.ok(rows.length > 0);
  for (const { release, message, hex, result = "", description } of rows) {
    assert.throws(
      () => mesh.decode(release, message, octets(hex)),
      (error) => {
        assert.ok(error instanceof FormatError, String(error));
        assert.ok(result.includes(error.message), `${description}: ${error.message} (${result})`);
        assert.ok(error.offset !== undefined && error.offset <= hex.length / 2);
        return true;
      },
    );
  }
});

test("encode of mesh refuses JSON that does not fit, as a FormatError", () => {
  for (const value of [null, 7, [], { cpu: "x" }, { colour: 1 }] as const) {
    assert.throws(() => mesh.encode("2505", "nvme_driver.IoQueueSavedState", value), FormatError);
  }
});

test("decodeState opens the blobs of units and lists unknown fields", async () => {
  const implementation = openhcl;
  const { adapter, space } = implementation;
  const [inputs] = space.configurations;
  const settings = { devices: "nvme", request: "nvme", lifetime: "Default", fault: "none" };
  await using rig = await adapter.rig(settings, 1);
  const hop = { implementation: "openhcl", release: "main", inputs: inputs ?? {} };
  await using machine = await rig.start(hop);
  const correlationId = "00112233-4455-4677-8899-aabbccddeeff";
  const saved = await machine.save({ correlationId, settings });
  assert.equal(implementation.correlationIdOf(saved), correlationId);

  const own = mesh.decodeState("main", saved.bytes) as unknown as Opened;
  assert.equal(own.message, "underhill.ServicingState");
  assert.deepEqual(own.unknown, []);
  assert.ok(own.value.units.length > 5);
  const opened = own.value.units.filter(({ state }) => state.value !== undefined);
  assert.ok(
    opened.some(({ name }) => name === "vmbus"),
    "a unit is shown as a message",
  );

  const older = mesh.decodeState("2411", saved.bytes) as unknown as Opened;
  const numbers = older.unknown.filter(({ unit }) => unit === null).map(({ number }) => number);
  assert.ok(numbers.includes(10_000), `unknown to 2411: ${numbers}`);
});

interface Opened {
  readonly message: string;
  readonly value: {
    readonly units: readonly { readonly name: string; readonly state: { readonly value?: Json } }[];
  };
  readonly unknown: readonly { readonly unit: string | null; readonly number: number }[];
}

test("diff shows that ephemeral guest state of 1.7 is unreadable for 2505", () => {
  const { lines } = product.schemas.diff("1.7.2511", "2505");
  const text = lines.join("\n");
  assert.match(text, /underhill\.ServicingInitState\n +#6 vmgs: /);
  assert.match(text, /2505 reads what 1\.7\.2511/);
  assert.match(text, /1\.7\.2511 reads what 2505/);
});

test("explain tells since when a field exists", () => {
  const { lines, json } = product.schemas.explain("nvme_driver.IoQueueSavedState");
  assert.match(lines.join("\n"), /unmapped +bool +since 1\.7\.2511/);
  assert.equal((json as { name: string }).name, "nvme_driver.IoQueueSavedState");
});

test("every message of every release can be named", () => {
  for (const release of mesh.releases) {
    const names = mesh.messages(release);
    assert.ok(names.includes("underhill.ServicingState"), release);
    assert.equal(names.includes("mana_driver.ManaSavedState"), !["2411", "2505"].includes(release));
  }
});

test("run --file judges upstream's own servicing state at every reader", {
  timeout: 20_000,
}, async () => {
  const row = GOLDEN.find(
    ({ kind, release, message }) =>
      kind === "encode" && release === "2505" && message === "underhill.ServicingState",
  );
  assert.ok(row !== undefined);
  await inDirectory(async (directory) => {
    const file = join(directory, "state.bin");
    writeFileSync(file, octets(row.hex));
    const chosen = ["--where", "writer=2505", "--where", "lifetime=Default"];
    const few = ["--where", "devices=none", "--where", "writer.host=host"];
    const args = ["run", "--file", file, ...chosen, ...few, "--json", "--out", directory];
    const { code, out, err } = await call(args, { product });
    assert.equal(err, "");
    assert.deepEqual(JSON.parse(out).surprises, []);
    assert.equal(code, 0);
  });
});

test("decodeState refuses more units than a state can have, and lists few of many unknown fields", {
  timeout: 20_000,
}, () => {
  const row = GOLDEN.find(
    ({ kind, message }) => kind === "encode" && /ServicingState$/.test(message),
  );
  assert.ok(row !== undefined);
  const { release, hex } = row;
  const opened = (text: string, count: number) =>
    mesh.decodeState(release, octets(hex + text.repeat(count))) as unknown as Opened;
  const own = opened("", 0).value.units.length;
  assert.equal(opened("1200", 10_000 - own).value.units.length, 10_000);
  assert.throws(() => opened("1200", 10_001 - own), {
    message: "more than 10000 units",
    path: "underhill.ServicingState.units",
  });
  assert.equal(opened("7800", 9_999).unknown.length, 9_999);
  assert.equal(opened("7800", 10_000).unknown.length, 10_000);
  assert.equal(opened("7800", 10_001).unknown.length, 10_000);
});
