import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { assert, assertEquals } from "@std/assert";
import { Client } from "../adapters/xenopsd/client.ts";
import type { Json } from "../adapters/xenopsd/client_json.ts";

const TIMEOUT = 60_000;
const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
const RUN = process.versions.deno === undefined ? [] : ["run", "-A"];

/** A folder with daemons in processes of their own. */
class Place implements AsyncDisposable {
  readonly folder = mkdtempSync(join(tmpdir(), "freezethaw-xenopsd-"));
  readonly api = join(this.folder, "api");
  readonly database = join(this.folder, "database");
  readonly #children: { child: ChildProcess; ended: Promise<unknown> }[] = [];
  errors = "";

  /** Serves until the process ends; answers its exit code, or the signal that ended it. */
  async serve(what: string, socket: string, ...options: readonly string[]) {
    const args = [...RUN, MAIN, "serve", what, "--socket", socket, ...options];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
    const ended = new Promise<number | string | null>((resolve) => {
      child.on("close", (code, signal) => resolve(code ?? signal));
    });
    this.#children.push({ child, ended });
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    child.stderr?.on("data", (chunk: Buffer) => {
      this.errors += chunk;
      if (this.errors.includes("Serving ")) resolve();
    });
    await Promise.race([ready, ended]);
    this.errors = "";
    return { child, ended };
  }

  serveXenopsd(...options: readonly string[]) {
    return this.serve("xenopsd", this.api, "--database", this.database, ...options);
  }

  /** A folder in which the host cannot be read, if that is what it is about. */
  prepared(what: string): string {
    const domains = join(this.database, ".host", "dom");
    mkdirSync(domains, { recursive: true });
    if (what === "a damaged host") writeFileSync(join(domains, "1"), '"x"');
    return this.database;
  }

  client(): Client {
    return Client.overHttp({ path: this.api });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { child, ended } of this.#children) {
      child.kill("SIGKILL");
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }
}

const VM: { readonly [key: string]: Json } = {
  id: "vm",
  ssidref: 0,
  xsdata: {},
  platformdata: {},
  bios_strings: {},
  ty: ["HVM", {}],
  suppress_spurious_page_faults: false,
  memory_static_max: 1_073_741_824,
  memory_dynamic_max: 1_073_741_824,
  memory_dynamic_min: 1_073_741_824,
  vcpu_max: 1,
  vcpus: 1,
  scheduler_params: { affinity: [] },
  on_crash: ["Shutdown"],
  on_shutdown: ["Shutdown"],
  on_reboot: ["Start"],
  pci_msitranslate: false,
  pci_power_mgmt: false,
};

/** Waits for the end of a task, told by events. */
async function finished(client: Client, method: string, params: { [key: string]: Json }) {
  const task = await client.call(method, params);
  for (let last: { last_id?: Json } = {}; ; ) {
    const { state } = (await client.call("Task.stat", { id: task })) as { state: [string, Json] };
    if (state[0] !== "Pending") return state[0];
    const [, , token] = (await client.call("UPDATES.get", { ...last, timeout: 1 })) as Json[];
    last = { last_id: token as Json };
  }
}

async function powerOf(client: Client, id: string) {
  const [, state] = (await client.call("VM.stat", { id })) as [
    Json,
    { power_state: string; domids: number[] },
  ];
  return [state.power_state, ...state.domids];
}

test("serve xenopsd leaves objects and domains to the next process when it is killed", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  const first = await place.serveXenopsd();
  let client = place.client();
  for (const id of ["vm", "halted", "../odd"]) await client.call("VM.add", { vm: { ...VM, id } });
  const vbd = { id: ["vm", "xvda"], backend: ["Local", "/dev/sda"] };
  await client.call("VBD.add", { vbd });
  assertEquals(await finished(client, "VM.start", { id: "vm", paused: false }), "Completed");
  assertEquals(await finished(client, "VM.unpause", { id: "vm" }), "Completed");
  const { instance_id: before } = (await client.call("query", { unit: null })) as {
    instance_id: Json;
  };
  first.child.kill("SIGKILL");
  assertEquals(await first.ended, "SIGKILL");
  client.close();
  // What a crash or a stranger has left does no harm.
  writeFileSync(join(place.database, "VM", "halted", "config"), '{"id":"hal');
  writeFileSync(join(place.database, "VM", "vm", "vbd.xvda.tmp"), "");
  await place.serveXenopsd();
  client = place.client();
  assertEquals(await powerOf(client, "vm"), ["Running", 1]);
  assertEquals(await powerOf(client, "../odd"), ["Halted"]);
  const [, plugged] = (await client.call("VBD.stat", { id: ["vm", "xvda"] })) as [Json, Json];
  assertEquals(plugged, {
    active: true,
    plugged: true,
    backend_present: ["Local", "/dev/sda"],
  });
  assertEquals(await client.call("VM.exists", { id: "halted" }), false);
  const { instance_id: after } = (await client.call("query", { unit: null })) as {
    instance_id: Json;
  };
  assert(before !== after);
  assertEquals(await finished(client, "VM.shutdown", { id: "vm" }), "Completed");
  assert(!existsSync(join(place.database, ".host", "dom")));
  client.close();
});

test("a suspend image and the id of the last domain outlive a process that is killed", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  const first = await place.serveXenopsd();
  let client = place.client();
  await client.call("VM.add", { vm: { ...VM } });
  const suspend_vdi = ["VDI", "sr/suspend"];
  assertEquals(await finished(client, "VM.start", { id: "vm", paused: false }), "Completed");
  assertEquals(await finished(client, "VM.unpause", { id: "vm" }), "Completed");
  assertEquals(await finished(client, "VM.suspend", { id: "vm", suspend_vdi }), "Completed");
  first.child.kill("SIGKILL");
  await first.ended;
  client.close();
  await place.serveXenopsd();
  client = place.client();
  assertEquals(await powerOf(client, "vm"), ["Suspended"]);
  assertEquals(await finished(client, "VM.resume", { id: "vm", suspend_vdi }), "Completed");
  assertEquals(await powerOf(client, "vm"), ["Paused", 2]);
  client.close();
});

test("a request that a killed xenopsd has not answered is delivered to the next one", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  const path = join(place.folder, "switch");
  await place.serve("message-switch", path);
  const first = await place.serveXenopsd("--switch", path);
  const queue = "org.xen.xapi.xenops.classic";
  const client = await Client.overSwitch({ path }, queue, "client");
  await client.call("VM.add", { vm: { ...VM } });
  const token = await client.call("UPDATES.last_id");
  const blocked = client.call("UPDATES.get", { last_id: token });
  assertEquals(await client.call("VM.exists", { id: "vm" }), true);
  first.child.kill("SIGKILL");
  await first.ended;
  await place.serveXenopsd("--switch", path);
  await client.call("UPDATES.inject_barrier", { vm_id: "vm", id: 1 });
  await client.call("UPDATES.inject_barrier", { vm_id: "vm", id: 2 });
  const [barriers] = (await blocked) as [[number, Json][]];
  assert(barriers.length > 0);
  client.close();
});

test("serve xenopsd ends with DEBUG.shutdown", {
  timeout: TIMEOUT,
}, async () => {
  await using place = new Place();
  const { ended } = await place.serveXenopsd("--clock", "virtual");
  const client = place.client();
  assertEquals(await client.call("UPDATES.get", { timeout: 1_000_000 }), [[], [], 0]);
  assertEquals(await client.call("DEBUG.shutdown", { unit: null }), null);
  assertEquals(await ended, 0);
  assert(!existsSync(place.api));
});

for (const [what, words, reason] of [
  ["a foreign option", ["--rings", "x"], /^Cannot serve xenopsd with --rings$/],
  ["a clock of no kind", ["--clock", "sun"], /^Cannot take --clock .*: current value is sun$/],
  ["a port that is none", ["--port", "65536"], /^Cannot take --port .*: current value is 65536$/],
  ["a profile of nobody", ["--profile", "late"], /^Cannot find profile "late": nearest/],
  ["a switch that is not there", ["--switch", "/nowhere"], /^Cannot reach a message switch at/],
  ["a damaged host", [], /^Cannot read the database .*: current value is "x"$/],
] as const) {
  test(`serve xenopsd refuses ${what}`, { timeout: TIMEOUT }, async () => {
    await using place = new Place();
    let errors = "";
    const child = spawn(
      process.execPath,
      [
        ...RUN,
        MAIN,
        "serve",
        "xenopsd",
        "--socket",
        place.api,
        "--database",
        place.prepared(what),
        ...words,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    child.stderr.on("data", (chunk: Buffer) => {
      errors += chunk;
    });
    assertEquals(await new Promise((resolve) => void child.on("close", resolve)), 2);
    assert(reason.test(errors.trim()), errors);
  });
}
