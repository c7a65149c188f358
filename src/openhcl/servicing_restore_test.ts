import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError, Panic, Stuck } from "../machine/mod.ts";
import { boot, type Openhcl, restore } from "./openhcl.ts";
import { CORRELATION_ID, hostWith, inputsOf, KEPT, REQUEST, service } from "./rehearsal.ts";
import { RELEASES, releaseNamed } from "./releases.ts";
import type { SaveFault } from "./save_fault.ts";
import type { VmProperties } from "./vm_properties.ts";

const ALL = RELEASES.map(({ name }) => name);
const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];

function refusal(work: () => unknown): string {
  let text = "";
  assert.throws(work, (error: Error) => {
    text = error.message;
    return error instanceof ChainError;
  });
  return text;
}

function restored(pair: readonly [string, string], vm: Partial<VmProperties> = {}): Openhcl {
  return service(hostWith(vm), pair);
}

test("restoreVm() brings the guest back on every pair of releases", () => {
  for (const writer of ALL) {
    for (const reader of ALL) {
      for (const devices of ["none", "relay"]) {
        const openhcl = restored([writer, reader], { devices });
        assert.ok(openhcl.running, `${writer} ${reader}`);
        assert.equal(openhcl.servicing?.correlationId, CORRELATION_ID);
        assert.ok((openhcl.servicing?.blackoutUs ?? 0) > 0);
        assert.equal(openhcl.vmgsSource(), "saved");
      }
    }
  }
});

test("restoreVm() shows the guest the content of every unit as it was", () => {
  for (const writer of ALL) {
    for (const reader of ALL) {
      const host = hostWith({ devices: "relay" });
      const first = boot(releaseNamed(writer), host, KEPT);
      const before = first.contents();
      const after = restore(releaseNamed(reader), host, KEPT, first.save(REQUEST));
      assert.deepEqual(after.foundContents(), before, `${writer} ${reader}`);
    }
  }
});

test("restoreVm() names its spans and correlates those after the state has been read", () => {
  const spans = restored(["main", "main"], { devices: "nvme" }).spans();
  const byName = new Map(spans.map((span) => [span.name, span]));
  assert.equal(byName.get("init/get_saved_state")?.correlationId, null);
  for (const name of ["init/new_underhill_vm", "nvme_manager_restore", "init/restore"]) {
    assert.equal(byName.get(name)?.correlationId, CORRELATION_ID, name);
  }
});

test("restoreVm() waits forever under RESTORE_STUCK, once", () => {
  for (const name of ALL) {
    const host = hostWith();
    const bytes = boot(releaseNamed(name), host, KEPT).save(REQUEST);
    host.restoreStuck = true;
    assert.throws(() => restore(releaseNamed(name), host, KEPT, bytes), Stuck);
    assert.ok(restore(releaseNamed(name), host, KEPT, bytes).running);
  }
});

test("restoreVm() refuses bytes that it cannot decode, with mesh's reason", () => {
  const restoring = () =>
    restore(releaseNamed("main"), hostWith(), KEPT, Uint8Array.of(0x0a, 0x05));
  const text = refusal(restoring);
  assert.ok(text.startsWith("failed to decode servicing state: decoding failed in "), text);
  assert.ok(text.endsWith(": eof parsing a byte array"), text);
});

test("restoreVm() of 2411 and 2505 cannot read ephemeral state of 1.7 and later", () => {
  for (const writer of SINCE_2511) {
    for (const reader of ["2411", "2505"]) {
      const text = refusal(() => restored([writer, reader], { lifetime: "Ephemeral" }));
      assert.ok(text.endsWith("missing required field"), text);
    }
  }
});

test("restoreVm() of 2505 panics at ephemeral state of 2411", () => {
  assert.throws(() => restored(["2411", "2505"], { lifetime: "Ephemeral" }), Panic);
});

test("restoreVm() refuses a kept pool where there is none", () => {
  for (const [writer, reader] of [
    ["2505", "main"],
    ["main", "2505"],
  ] as const) {
    const host = hostWith({ devices: "nvme" });
    const inputs = [KEPT, inputsOf("nohost,noprivatepool")] as const;
    assert.equal(
      refusal(() => service(host, [writer, reader], REQUEST, inputs)),
      "failed to restore global dma manager: saved state is invalid: " +
        "saved state for private pool but no private pool",
    );
  }
});

test("restoreVm() of 2411 skips the pool and starts devices anew", () => {
  const openhcl = restored(["main", "2411"], { devices: "nvme+mana" });
  assert.deepEqual(openhcl.pools(), []);
  assert.ok(openhcl.nvme().every((controller) => !controller.restored));
  assert.ok(openhcl.nics().every((nic) => !nic.restored));
});

test("restoreVm() takes kept devices over and drains what was in flight", () => {
  const openhcl = restored(["1.7.2511", "main"], { devices: "nvme+mana" });
  for (const { restored: taken, outstandingCids } of openhcl.nvme()) {
    assert.ok(taken);
    assert.deepEqual(outstandingCids, []);
  }
  assert.ok(openhcl.nics().every((nic) => nic.restored && nic.resets === 0));
});

test("restoreVm() clears devices that were kept and are not kept any more", () => {
  const host = hostWith({ devices: "nvme+mana" });
  const inputs = [KEPT, inputsOf("nohost,privatepool")] as const;
  const openhcl = service(host, ["main", "1.8.2607"], REQUEST, inputs);
  assert.ok(openhcl.nvme().every((controller) => !controller.restored && controller.resets > 0));
  assert.ok(openhcl.nics().every((nic) => !nic.restored && nic.resets === 1));
  assert.ok(openhcl.pools()[0]?.slots.every(({ state }) => state === "free"));
});

const UNRESTORED =
  "failed to validate restore for dma manager: " +
  "failed to validate restore for private pool: unrestored allocations found";

test("restoreVm() finds allocations that nobody takes over", () => {
  const flags = { enableNvmeKeepalive: false, enableManaKeepalive: true };
  const manaOnly = { ...REQUEST, capabilitiesFlags: flags };
  const host = () => hostWith({ devices: "nvme+mana" });
  // MANA kept, and its field is unknown to the reader.
  assert.equal(
    refusal(() => service(host(), ["main", "2505"], manaOnly)),
    UNRESTORED,
  );
  // One flag off while both classes were on at boot (PRs 3086, 4458, 4474).
  assert.equal(
    refusal(() => service(host(), ["main", "main"], manaOnly)),
    UNRESTORED,
  );
});

test("restoreVm() finds the allocations of NVMe state that was lost silently", () => {
  for (const pair of [
    ["main", "main"],
    ["2505", "2505"],
    ["main", "2505"],
  ] as const) {
    assert.equal(
      refusal(() => faulty(pair, "nvme-save-error")),
      UNRESTORED,
    );
  }
});

function faulty(pair: readonly [string, string], fault: SaveFault): Openhcl {
  const host = hostWith({ devices: "nvme" });
  const first = boot(releaseNamed(pair[0]), host, KEPT);
  host.saveFault = fault;
  return restore(releaseNamed(pair[1]), host, KEPT, first.save(REQUEST));
}

test("restoreVm() refuses unknown and duplicate units, and does without a missing one", () => {
  for (const name of ALL) {
    const unknown = refusal(() => faulty([name, name], "unit-unknown"));
    assert.equal(unknown, "restore failed: {unknown-device: unknown unit name}");
    const duplicate = refusal(() => faulty([name, name], "unit-duplicate"));
    assert.equal(duplicate, "restore failed: {ioapic: duplicate unit name}");
    assert.ok(faulty([name, name], "unit-missing").running);
  }
});

test("restoreVm() reports to the host only how its units were restored", () => {
  const host = hostWith();
  service(host, ["main", "main"]);
  assert.deepEqual(host.restoreResults, [true]);
  const failing = hostWith({ devices: "nvme" });
  const inputs = [KEPT, inputsOf("nohost,noprivatepool")] as const;
  assert.throws(() => service(failing, ["2505", "main"], REQUEST, inputs), ChainError);
  assert.deepEqual(failing.restoreResults, []);
});

test("restoreVm() logs a log that was not flushed", () => {
  const openhcl = faulty(["main", "main"], "flush-logs-timeout");
  assert.equal(openhcl.servicing?.flushLogs?.error, "deadline exceeded");
  assert.ok(openhcl.log().some(({ level }) => level === "error"));
});

/** The VMBus server, as inspected. */
function bus(openhcl: Openhcl) {
  const { vmbus_server } = openhcl.inspect() as {
    vmbus_server: { connection: string; channels: Record<string, { state: string }> };
  };
  return vmbus_server;
}

test("restoreVm() comes back where the VMBus client was not connected", () => {
  for (const writer of ALL) {
    for (const reader of ALL) {
      const openhcl = restored([writer, reader], { devices: "relay", clientStep: "none" });
      // A guest that is not connected sees no channel, whatever there is on its bus.
      assert.deepEqual(openhcl.found?.bus?.channels, []);
      // A client apart from the relay connects now; what the host offers is passed on.
      const { channels } = bus(openhcl);
      const offered = reader === "2411" ? 0 : 5;
      assert.equal(Object.keys(channels).length, offered, `${writer} ${reader}`);
    }
  }
});
