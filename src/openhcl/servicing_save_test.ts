import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError, Panic, Stuck } from "../machine/mod.ts";
import { codecFor } from "../mesh/mod.ts";
import { ServicingState } from "../openhcl_state/mod.ts";
import type { Host } from "./host.ts";
import { boot, type Openhcl } from "./openhcl.ts";
import { CORRELATION_ID, hostWith, inputsOf, KEPT, REQUEST } from "./rehearsal.ts";
import { RELEASES, releaseNamed } from "./releases.ts";
import type { SaveFault } from "./save_fault.ts";
import type { SaveStep } from "./save_steps.ts";

const ALL = RELEASES.map(({ name }) => name);
const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];

function booted(name: string, host: Host): Openhcl {
  return boot(releaseNamed(name), host, KEPT);
}

function failing(
  name: string,
  fault: SaveFault | null,
  host: Host = hostWith(),
): [Openhcl, string] {
  const openhcl = booted(name, host);
  host.saveFault = fault;
  let text = "";
  assert.throws(
    () => openhcl.save(REQUEST),
    (error: Error) => {
      text = error.message;
      return error instanceof ChainError;
    },
  );
  return [openhcl, text];
}

function savedState(name: string, host: Host, request = REQUEST): ServicingState {
  return codecFor(ServicingState, name).decode(booted(name, host).save(request));
}

/** The order in `save`, openhcl/underhill_core/src/dispatch/mod.rs, of each release. */
const STEPS = {
  "2411": ["shared_pages", "emuplat", "units", "vmgs", "vmgs_metadata"],
  "2505": ["emuplat", "nvme_manager", "units", "vmgs", "dma_manager", "vmbus_client"],
  "1.7.2511": ["emuplat", "dma_manager", "nvme_manager", "units", "mana", "vmgs", "vmbus_client"],
};

test("Release saves in its own order", () => {
  const orderOf = (name: string) => releaseNamed(name).saveSteps.map((step) => step.name);
  for (const [name, order] of Object.entries(STEPS)) assert.deepEqual(orderOf(name), order);
  assert.deepEqual(orderOf("1.8.2607"), STEPS["1.7.2511"]);
  assert.deepEqual(orderOf("main"), STEPS["1.7.2511"]);
});

test("handleServicingRequest() runs the spans of a save in order, with the correlation id", () => {
  const host = hostWith({ devices: "nvme+mana" });
  const openhcl = booted("main", host);
  openhcl.save(REQUEST);
  const spans = openhcl.spans().filter(({ correlationId }) => correlationId !== null);
  assert.ok(spans.every(({ correlationId }) => correlationId === CORRELATION_ID));
  const names = [...new Set(spans.map(({ name }) => name))];
  assert.deepEqual(names, [
    "servicing_save_vtl2",
    "nvme_manager_save",
    "nvme_driver_save",
    "save_units",
    "mana_network_settings_save",
    "shutdown_pci_devices",
    "shutdown_mana",
    "shutdown_nvme_vfio",
    "shutdown_nvme_manager",
  ]);
});

test("handleServicingRequest() puts the correlation id and the flush result into the state", () => {
  for (const name of ALL) {
    const { init_state } = savedState(name, hostWith());
    assert.equal(init_state.correlation_id?.data1, 0x8a3f5c1e);
    assert.equal(init_state.flush_logs_result?.error, null);
  }
});

test("handleServicingRequest() waits forever under SAVE_STUCK, without a watchdog", () => {
  for (const name of ALL) {
    const host = hostWith({ isolated: true });
    const openhcl = booted(name, host);
    host.saveFault = "save-stuck";
    assert.throws(() => openhcl.save(REQUEST), Stuck);
    assert.equal(host.clock.nextDueUs, Number.POSITIVE_INFINITY);
  }
});

test("handleServicingRequest() refuses isolated VMs and lets them run on", () => {
  for (const name of ALL) {
    const [openhcl, text] = failing(name, null, hostWith({ isolated: true }));
    assert.equal(text, "Servicing is not yet supported for isolated VMs");
    assert.ok(openhcl.running);
  }
});

test("handleServicingRequest() refuses a paused VM and leaves it paused", () => {
  for (const name of ALL) {
    const openhcl = booted(name, hostWith());
    openhcl.pause();
    assert.throws(
      () => openhcl.save(REQUEST),
      /^ChainError: cannot service underhill while paused$/,
    );
    assert.ok(!openhcl.running);
  }
});

test("handleServicingRequest() fails after full success under SAVE_FAIL; the VM runs on", () => {
  for (const name of ALL) {
    const [openhcl, text] = failing(name, "save-fail", hostWith({ devices: "nvme" }));
    assert.equal(text, "Simulated servicing save failure");
    assert.ok(openhcl.running);
    // The manager was taken for its shutdown and nobody brings it back.
    assert.deepEqual(openhcl.nvme(), []);
  }
});

test("handleServicingRequest() names the component that failed", () => {
  for (const name of ALL) {
    const [, unit] = failing(name, "unit-save-error");
    assert.equal(unit, "state unit save failed: save failed: {ioapic: simulated unit failure}");
    const [, vmgs] = failing(name, "vmgs-save-error");
    assert.equal(vmgs, "vmgs save failed: error writing to disk");
    const [, pci] = failing(name, "pci-shutdown-error");
    assert.match(pci, /^failed to unbind hv_pci driver for 0001:00:00.0: Input/);
  }
});

/** Fails after every other step, when the client has been stopped. */
const LATE: SaveStep = {
  name: "late",
  run() {
    throw new ChainError("late");
  },
};

function clientRuns(openhcl: Openhcl): boolean {
  const { vmbus_client: client } = openhcl.inspect() as { vmbus_client: { running: boolean } };
  return client.running;
}

test("handleServicingRequest() resumes the VMBus client after a failed save since 2505", () => {
  for (const name of ["2505", ...SINCE_2511]) {
    const release = releaseNamed(name);
    const late = { ...release, saveSteps: [...release.saveSteps, LATE] };
    const openhcl = boot(late, hostWith({ devices: "relay" }), KEPT);
    assert.throws(() => openhcl.save(REQUEST), /^ChainError: late$/);
    assert.ok(clientRuns(openhcl));
    // The hook fails too late for that.
    assert.ok(!clientRuns(failing(name, "save-fail", hostWith({ devices: "relay" }))[0]));
  }
});

test("handleServicingRequest() panics when a save is slow, from 1.7 on", () => {
  for (const name of SINCE_2511) {
    const host = hostWith();
    const openhcl = booted(name, host);
    host.saveFault = "save-slow";
    assert.throws(
      () => openhcl.save(REQUEST),
      (error: Error) => error instanceof Panic && error.message === "servicing operation timed out",
    );
    assert.ok(!openhcl.running);
  }
  for (const name of ["2411", "2505"]) {
    const host = hostWith();
    const openhcl = booted(name, host);
    host.saveFault = "save-slow";
    assert.ok(openhcl.save(REQUEST).length > 0);
  }
});

test("handleServicingRequest() gives a save 200 s when the host sets no timeout", () => {
  const host = hostWith();
  const openhcl = booted("main", host);
  host.saveFault = "save-long";
  openhcl.save({ ...REQUEST, timeoutHintUs: 65_535_000_000 });
  const texts = openhcl.log().map(({ text }) => text);
  assert.ok(texts.includes("host provided UINT16_MAX timeout hint, defaulting to 200s"));
  assert.ok(texts.includes("received servicing request from host timeout_hint_ms=200000"));
});

test("handleServicingRequest() saves NVMe and pool only under keepalive", () => {
  const off = { enableNvmeKeepalive: false, enableManaKeepalive: false };
  for (const name of ["2505", ...SINCE_2511]) {
    const kept = savedState(name, hostWith({ devices: "nvme" })).init_state;
    assert.equal(kept.nvme_state?.nvme_state.nvme_disks.length, 2);
    assert.notEqual(kept.dma_manager_state?.private_pool, null);
    const request = { ...REQUEST, capabilitiesFlags: off };
    const gated = savedState(name, hostWith({ devices: "nvme" }), request).init_state;
    assert.equal(gated.nvme_state, null);
    assert.equal(gated.dma_manager_state, null);
  }
});

test("handleServicingRequest() saves no pool for a host that offers keepalive without one", () => {
  const host = hostWith({ devices: "nvme+mana" });
  const openhcl = boot(releaseNamed("main"), host, inputsOf("host,noprivatepool"));
  assert.equal(openhcl.keepaliveMode("nvme"), "host,noprivatepool");
  const { init_state } = codecFor(ServicingState, "main").decode(openhcl.save(REQUEST));
  assert.equal(init_state.dma_manager_state, null);
  assert.equal(init_state.mana_state, null);
});

test("handleServicingRequest() loses NVMe state silently when its worker fails", () => {
  for (const name of ["2505", ...SINCE_2511]) {
    const host = hostWith({ devices: "nvme" });
    const openhcl = booted(name, host);
    host.saveFault = "nvme-save-error";
    const state = codecFor(ServicingState, name).decode(openhcl.save(REQUEST)).init_state;
    assert.equal(state.nvme_state, null);
    assert.notEqual(state.dma_manager_state, null);
    assert.ok(openhcl.log().every(({ level }) => level !== "error"));
  }
});

test("handleServicingRequest() reports logs that are not flushed and how long it tried", () => {
  const host = hostWith();
  const openhcl = booted("main", host);
  host.saveFault = "flush-logs-timeout";
  const { init_state } = codecFor(ServicingState, "main").decode(openhcl.save(REQUEST));
  assert.deepEqual(init_state.flush_logs_result, {
    duration_us: 500_000n,
    error: "deadline exceeded",
  });
});

test("Host.saveFault hits one save only", () => {
  const host = hostWith();
  const [openhcl] = failing("main", "unit-save-error", host);
  assert.ok(openhcl.save(REQUEST).length > 0);
});
