/**
 * The NICs of a VM: each one is found in the saved state by its PCI id and taken over, cleared or
 * created anew.
 *
 * Source: openhcl/underhill_core/src/worker.rs and dispatch/mod.rs (`NetworkSettings`).
 *
 * @module
 */
import { type Environment, type InspectNode, refusal } from "../machine/mod.ts";
import type { OpenhclDmaManager } from "../memory/mod.ts";
import type { ManaSavedState } from "../openhcl_state/mod.ts";
import { isEnabled, type KeepAliveConfig } from "./keepalive.ts";
import { ManaDevice, manaClients } from "./mana.ts";
import type { ManaHardware } from "./mana_hardware.ts";
import type { NetworkAdapter } from "./network_adapter.ts";

/** What the NICs of a boot are made from. */
export interface NetworkParts {
  readonly hardware: readonly ManaHardware[];
  readonly dma: OpenhclDmaManager | null;
  readonly mode: KeepAliveConfig;
  /** Saved NICs; null after a fresh boot, and when the reader does not know the field. */
  readonly saved: readonly ManaSavedState[] | null;
  /** Adapters of the guest by the PCI id of their function. */
  readonly adapters: ReadonlyMap<string, NetworkAdapter>;
}

export class NetworkSettings {
  readonly #env: Environment;
  readonly #devices: readonly ManaDevice[];
  #loaded = true;

  constructor(parts: NetworkParts, env: Environment) {
    this.#env = env;
    this.#devices = parts.hardware.map((hardware) => {
      const device = newDevice(hardware, parts, env);
      const adapter = parts.adapters.get(hardware.pciId);
      if (adapter !== undefined) device.connect(adapter);
      return device;
    });
  }

  get devices(): readonly ManaDevice[] {
    return this.#loaded ? this.#devices : [];
  }

  /**
   * A NIC that cannot be saved is reset and left out; the save goes on without it. No NIC has a
   * driver from here on, even when a later step fails.
   */
  save(): ManaSavedState[] {
    const saved: ManaSavedState[] = [];
    for (const device of this.#devices) {
      try {
        saved.push(device.save());
      } catch (error) {
        const { message } = refusal(error);
        this.#env.log.error(`Failed while saving MANA device state: ${message}`);
        device.unload(false, this.#env);
      }
    }
    this.#loaded = false;
    this.#env.log.info(`mana device state saved for keepalive mana_devices_saved=${saved.length}`);
    return saved;
  }

  /** Lets go of every NIC before the restart. */
  unloadForServicing(keepalive: boolean): void {
    for (const device of this.#devices) device.unload(keepalive, this.#env);
    this.#loaded = false;
  }

  inspect(): InspectNode {
    return Object.fromEntries(
      this.devices.map((device) => [device.hardware.pciId, device.inspect()]),
    );
  }
}

function newDevice(hardware: ManaHardware, parts: NetworkParts, env: Environment): ManaDevice {
  const { dma, mode } = parts;
  const { pciId } = hardware;
  const saved = parts.saved?.find(({ pci_id }) => pci_id === pciId);
  if (isEnabled(mode)) {
    const clients = manaClients(dma, pciId, true);
    if (saved === undefined || clients.persistent === null) {
      return ManaDevice.create(hardware, clients, env);
    }
    return ManaDevice.restore(hardware, clients.persistent, saved, env);
  }
  if (saved === undefined || dma?.privatePool == null) {
    return ManaDevice.create(hardware, manaClients(dma, pciId, false), env);
  }
  // Keepalive is gone but its memory is still in the pool: take it over only to free it.
  const clients = manaClients(dma, pciId, true);
  env.log.warn(`mana keepalive is disabled, discarding saved state of ${pciId}`);
  for (const block of clients.persistent?.attachPendingBuffers() ?? []) block.free();
  return ManaDevice.create(hardware, { ...clients, persistent: null }, env);
}
