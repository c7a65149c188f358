import assert from "node:assert/strict";
import { test } from "node:test";
import { ChainError, newEnvironment } from "../machine/mod.ts";
import { OpenhclDmaManager } from "../memory/mod.ts";
import type { ManaSavedState, OpenhclDmaManagerState } from "../openhcl_state/mod.ts";
import { guid } from "../vmbus/mod.ts";
import { CHANNEL_PAGES } from "./mana_channel.ts";
import { ManaHardware } from "./mana_hardware.ts";
import { NetworkAdapter } from "./network_adapter.ts";
import { NetworkSettings } from "./network_settings.ts";

const POOL = [{ pfn: 0x1000n, pages: 64n }];
const ENABLED = "EnabledHostAndPrivatePoolPresent";
const PCI_ID = "7870:00:00.0";
const GUID = "f8615163-0000-4000-8000-000000000001";

function dmaWith(state: OpenhclDmaManagerState | null): OpenhclDmaManager {
  const dma = new OpenhclDmaManager({ private: POOL }, newEnvironment().log);
  if (state !== null) dma.restore(state);
  return dma;
}

const IDENTITY = { instanceId: guid(GUID), macAddress: Uint8Array.of(0, 0x15, 0x5d, 1, 2, 3) };
const adapters = new Map([[PCI_ID, new NetworkAdapter(IDENTITY, 7)]]);

/** A NIC after a save with keepalive, and what was saved of it. */
function kept(): { hardware: ManaHardware; pool: OpenhclDmaManagerState; saved: ManaSavedState[] } {
  const hardware = new ManaHardware(PCI_ID);
  const dma = dmaWith(null);
  const parts = { hardware: [hardware], dma, mode: ENABLED, saved: null, adapters } as const;
  const network = new NetworkSettings(parts, newEnvironment());
  const pool = dma.save();
  const saved = network.save();
  network.unloadForServicing(true);
  return { hardware, pool, saved };
}

test("NetworkSettings takes a kept NIC over in its own memory, without a reset", () => {
  const { hardware, pool, saved } = kept();
  const dma = dmaWith(pool);
  const parts = { hardware: [hardware], dma, mode: ENABLED, saved, adapters } as const;
  const network = new NetworkSettings(parts, newEnvironment());
  dma.validateRestore();
  assert.equal(network.devices[0]?.restored, true);
  assert.equal(hardware.resets, 0);
  assert.equal(hardware.channelPfn, 0x1000n);
});

test("NetworkSettings frees the memory of a NIC that is not kept any more, and resets it", () => {
  const { hardware, pool, saved } = kept();
  const dma = dmaWith(pool);
  const parts = { hardware: [hardware], dma, mode: "Disabled", saved, adapters } as const;
  const network = new NetworkSettings(parts, newEnvironment());
  dma.validateRestore();
  assert.equal(network.devices[0]?.restored, false);
  assert.equal(hardware.resets, 1);
  assert.ok(dma.pools()[0]?.slots.every(({ state }) => state === "free"));
});

test("NetworkSettings that does not know of saved NICs leaves their memory unclaimed", () => {
  const { hardware, pool } = kept();
  const dma = dmaWith(pool);
  const parts = { hardware: [hardware], dma, mode: ENABLED, saved: null, adapters } as const;
  new NetworkSettings(parts, newEnvironment());
  assert.throws(() => dma.validateRestore(), /unrestored allocations found$/);
});

test("NetworkSettings ignores saved state of a NIC that is gone", () => {
  const { pool, saved } = kept();
  const dma = dmaWith(pool);
  const other = new ManaHardware("7871:00:00.0");
  const parts = { hardware: [other], dma, mode: ENABLED, saved, adapters } as const;
  const network = new NetworkSettings(parts, newEnvironment());
  assert.equal(network.devices[0]?.restored, false);
});

test("NetworkSettings does not create a NIC anew that it cannot restore", () => {
  const { hardware, pool, saved } = kept();
  hardware.reset();
  const parts = {
    hardware: [hardware],
    dma: dmaWith(pool),
    mode: ENABLED,
    saved,
    adapters,
  } as const;
  assert.throws(() => new NetworkSettings(parts, newEnvironment()), ChainError);
});

test("NetworkSettings.save() leaves out a NIC in trouble and logs why", () => {
  const hardware = [PCI_ID, "7871:00:00.0"].map((pciId) => new ManaHardware(pciId));
  const env = newEnvironment();
  const parts = { hardware, dma: dmaWith(null), mode: ENABLED, saved: null, adapters } as const;
  const network = new NetworkSettings(parts, env);
  hardware[0]?.fallSilent();
  assert.throws(
    () => network.devices[0]?.channel.request("QUERY"),
    /^ChainError: HWC request failed/,
  );
  assert.deepEqual(
    network.save().map(({ pci_id }) => pci_id),
    ["7871:00:00.0"],
  );
  const error = env.log.lines().find(({ level }) => level === "error");
  assert.ok(error?.text.includes("cannot save/restore after HWC failure"));
  assert.deepEqual(
    hardware.map(({ resets }) => resets),
    [1, 0],
  );
  assert.deepEqual(network.devices, []);
});

test("NetworkSettings without keepalive uses no pool and resets on the way out", () => {
  const hardware = new ManaHardware(PCI_ID);
  const dma = dmaWith(null);
  const env = newEnvironment();
  const parts = { hardware: [hardware], dma, mode: "Disabled", saved: null, adapters } as const;
  const network = new NetworkSettings(parts, env);
  assert.ok(dma.pools()[0]?.slots.every(({ state }) => state === "free"));
  network.unloadForServicing(false);
  assert.equal(hardware.resets, 1);
  assert.deepEqual(network.devices, []);
});

test("ManaDevice saves the octets of its hardware channel", () => {
  const { mem } = kept().saved[0]?.mana_device.gdma ?? {};
  assert.deepEqual(mem, { base_pfn: 0x1000n, len: BigInt(CHANNEL_PAGES) * 4096n });
});
