import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { XenopsError } from "../../../src/xenops_interface/mod.ts";
import { xenopsd } from "./mod.ts";
import { servedBench } from "./served_target.ts";
import { wireBench } from "./wire_target.ts";

const TIMEOUT = 60_000;
const bench = servedBench();

const VM = {
  id: "vm",
  name: "",
  ssidref: 0,
  xsdata: [],
  platformdata: [],
  bios_strings: [],
  ty: [
    "PV",
    {
      boot: ["Direct", { kernel: "", cmdline: "" }],
      framebuffer: true,
      vncterm: true,
      pci_passthrough: false,
    },
  ],
  suppress_spurious_page_faults: false,
  memory_static_max: 1n << 30n,
  memory_dynamic_max: 1n << 30n,
  memory_dynamic_min: 1n << 30n,
  vcpu_max: 1,
  vcpus: 1,
  scheduler_params: { affinity: [] },
  on_crash: ["Shutdown"],
  on_shutdown: ["Shutdown"],
  on_reboot: ["Start"],
  on_softreboot: ["Softreboot"],
  pci_msitranslate: false,
  pci_power_mgmt: false,
  has_vendor_device: false,
} as const;

test("servedBench() drives a server, its files and its restarts", {
  timeout: TIMEOUT,
}, async () => {
  await using target = await bench.open({ poolSize: 2 });
  assert.equal(await target.call("VM.add", { vm: VM }), "vm");
  const task = await target.call("VM.start", { id: "vm", paused: false });
  await target.settle();
  const { state } = (await target.call("Task.stat", { id: task })) as { state: unknown[] };
  assert.equal(state[0], "Completed");
  assert.deepEqual(
    target.files
      ?.list()
      .map((path) => path.join("/"))
      .sort(),
    ["VM/vm/config", "extra/vm"],
  );
  target.files?.write(["VM", "other", "config"], '{"id":"half');
  await assert.rejects(
    target.call("VM.stat", { id: "other" }),
    (error) => error instanceof XenopsError && error.tag === "Does_not_exist",
  );
  const [, found] = (await target.call("VM.stat", { id: "vm" })) as [unknown, { domids: number[] }];
  assert.deepEqual(found.domids, [1]);
  await target.restart?.("host");
  assert.deepEqual(await target.call("VM.list"), []);
  assert.match((await target.wire?.("{")) ?? "", /Internal_error/);
});

test("wireBench() drives a server that it has not started, and clears it", {
  timeout: TIMEOUT,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-wire-"));
  const path = join(folder, "socket");
  const served = await xenopsd.serve({ socket: path, profile: "reference", instanceId: "one" });
  for (let round = 0; round < 2; round++) {
    await using target = await wireBench({ path }).open();
    assert.deepEqual(await target.call("VM.list"), []);
    assert.deepEqual(await target.call("Task.list"), []);
    await target.call("VM.add", { vm: VM });
    await target.call("VM.start", { id: "vm", paused: false });
    await target.settle();
  }
  await served.stop();
  rmSync(folder, { recursive: true });
});

test("servedBench() says why a server does not come up", { timeout: TIMEOUT }, async () => {
  const none = servedBench([], ["sh", "-c", "echo no >&2; echo way >&2; exit 1"]);
  await assert.rejects(none.open(), /^Error: Cannot serve: way$/);
});
