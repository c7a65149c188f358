import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { METHODS } from "../../../src/xenops_interface/mod.ts";
import { Client, ClientError } from "./client.ts";
import type { Json } from "./client_json.ts";
import { xenopsd } from "./mod.ts";

const TIMEOUT = 60_000;
const [CALLS, STREAMS] = [1000, 60];

const VM: Json = {
  id: "x",
  ssidref: 0,
  xsdata: {},
  platformdata: {},
  bios_strings: {},
  ty: ["HVM", {}],
  suppress_spurious_page_faults: false,
  memory_static_max: 1,
  memory_dynamic_max: 1,
  memory_dynamic_min: 1,
  vcpu_max: 1,
  vcpus: 1,
  scheduler_params: { affinity: [] },
  on_crash: ["Start"],
  on_shutdown: ["Start"],
  on_reboot: ["Start"],
  pci_msitranslate: false,
  pci_power_mgmt: false,
};

/** What parameters are when they are right, by name. */
const RIGHT: Readonly<Record<string, Json>> = {
  id: "x",
  vm: VM,
  vbd: { id: ["x", "xvda"] },
  vif: { id: ["x", "0"] },
  unit: null,
  metadata: JSON.stringify({ vm: VM }),
  force: true,
  paused: false,
  save_state: false,
  suspend_vdi: ["VDI", "s"],
  xsdata: {},
  vcpus: 1,
  cmd: "halt",
  args: ["x"],
  vm_id: "x",
  pool_size: 3,
  timeout: 0,
};
const WRONG: readonly Json[] = [
  null,
  -1,
  1.5,
  "",
  "../..",
  "\0",
  [],
  {},
  [["a"]],
  "a".repeat(5000),
];

/** A place in a sequence that is the same each time. */
function drawer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };
}

/** A server at a socket in a folder of its own, with a database there. */
async function serve() {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-hostile-"));
  const socket = join(folder, "socket");
  const [profile, instanceId, database] = ["reference", "one", join(folder, "database")];
  const served = await xenopsd.serve({ socket, profile, instanceId, database });
  const client = Client.overHttp({ path: socket });
  return {
    socket,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await served.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

test("a served xenopsd answers calls with any parameters", { timeout: TIMEOUT }, async () => {
  await using place = await serve();
  const draw = drawer(1);
  const methods = Object.keys(METHODS).filter((name) => name !== "DEBUG.shutdown");
  const tags = new Set<string>();
  for (let calls = 0; calls < CALLS; calls++) {
    const params: { [key: string]: Json } = {};
    for (const [key, right] of Object.entries(RIGHT)) {
      params[key] = draw(10) > 0 ? right : (WRONG[draw(WRONG.length)] as Json);
    }
    const method = methods[draw(methods.length)] as string;
    if (/^(?:VBD|VIF|PCI|VUSB|VGPU)\./.test(method) && draw(4) > 0) params.id = ["x", "xvda"];
    const answer = await place.client.call(method, params).catch((error: unknown) => error);
    assert.ok(!(answer instanceof Error) || answer instanceof ClientError, `${answer}`);
    tags.add(answer instanceof ClientError ? answer.tag : "a result");
  }
  // It was not all refused, and not all for one reason.
  for (const tag of ["a result", "Internal_error", "Does_not_exist"]) {
    assert.ok(tags.has(tag), `${tag} in ${[...tags]}`);
  }
});

test("a served xenopsd outlives streams of any octets", { timeout: TIMEOUT }, async () => {
  await using place = await serve();
  const draw = drawer(2);
  for (let streams = 0; streams < STREAMS; streams++) {
    const heads = [
      "",
      "POST / HTTP/1.1\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n",
      "00000000000",
    ];
    const octets = Buffer.from(Array.from({ length: draw(300) }, () => draw(256)));
    const socket = connect(place.socket);
    await new Promise<void>((resolve) => {
      socket.on("error", () => {});
      socket.resume();
      socket.on("close", () => resolve());
      socket.end(Buffer.concat([Buffer.from(heads[draw(heads.length)] ?? ""), octets]));
    });
  }
  assert.equal(await place.client.call("UPDATES.last_id"), 0);
});

test("a record that cannot be written fails its call in one line", {
  timeout: TIMEOUT,
}, async () => {
  await using place = await serve();
  const vm = { ...VM, id: "a".repeat(10_000) };
  await assert.rejects(place.client.call("VM.add", { vm }), (error) => {
    assert.ok(error instanceof ClientError);
    const reason = "Cannot write a file of the database: the system says ENAMETOOLONG";
    assert.deepEqual([error.tag, error.payload], ["Internal_error", reason]);
    return true;
  });
  assert.equal(await place.client.call("VM.add", { vm: VM }), "x");
});
