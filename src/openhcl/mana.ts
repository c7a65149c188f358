/**
 * MANA driver of one NIC: its hardware channel, saved and taken over when keepalive is in force.
 *
 * Source: vm/devices/net/mana_driver/src/gdma_driver.rs, openhcl/underhill_core/src/emuplat and
 * worker.rs; facts/openhcl/semantics.md, MANA and Keepalive mismatch matrix.
 *
 * @module
 */
import { ChainError, type Environment, type InspectNode } from "../machine/mod.ts";
import type { DmaClient, MemoryBlock, OpenhclDmaManager } from "../memory/mod.ts";
import type { ManaSavedState } from "../openhcl_state/mod.ts";
import type { ManaHardware } from "./mana_hardware.ts";

/** Pages of the hardware channel: event, completion, receive and send queue, and two buffers. */
export const CHANNEL_PAGES = 6;

const PAGE_OCTETS = 4096n;

/** How a NIC's memory is kept. */
export interface ManaClients {
  /** Survives servicing; null while keepalive is off. */
  readonly persistent: DmaClient | null;
  readonly ephemeral: DmaClient | null;
}

/** A device name of a NIC's memory. */
function nameOf(pciId: string): string {
  return `nic_${pciId}`;
}

/** The clients of a NIC: split into persistent and ephemeral when `split`. */
export function manaClients(
  dma: OpenhclDmaManager | null,
  pciId: string,
  split: boolean,
): ManaClients {
  if (dma === null) return { persistent: null, ephemeral: null };
  const visibility = "private";
  const name = nameOf(pciId);
  if (!split) {
    const client = dma.newClient({ deviceName: name, visibility, persistent: false });
    return { persistent: null, ephemeral: client };
  }
  return {
    persistent: dma.newClient({ deviceName: name, visibility, persistent: true }),
    ephemeral: dma.newClient({ deviceName: `${name}_ephemeral`, visibility, persistent: false }),
  };
}

export class ManaDevice {
  readonly hardware: ManaHardware;
  /** True when the driver took over a live channel. */
  readonly restored: boolean;
  /** Why the hardware channel cannot be saved; null while it is well. */
  trouble: "after HWC failure" | "with HWC reset request pending" | null = null;
  readonly #memory: MemoryBlock | null;

  private constructor(hardware: ManaHardware, memory: MemoryBlock | null, restored: boolean) {
    this.hardware = hardware;
    this.#memory = memory;
    this.restored = restored;
  }

  /** Initialises the hardware channel anew. One that is still up is reset when it is opened. */
  static create(hardware: ManaHardware, clients: ManaClients, { clock }: Environment): ManaDevice {
    if (hardware.channelPfn !== null) clock.advance(hardware.reset());
    const client = clients.persistent ?? clients.ephemeral;
    const memory = client?.allocate(CHANNEL_PAGES) ?? null;
    hardware.establish(memory?.basePfn ?? 0n);
    return new ManaDevice(hardware, memory, false);
  }

  /** Takes over the channel of `saved`. A failure is an error; nothing is created anew (2427). */
  static restore(hardware: ManaHardware, client: DmaClient, saved: ManaSavedState): ManaDevice {
    const { base_pfn: basePfn, len } = saved.mana_device.gdma.mem;
    const memory = client.attach(basePfn, Number(len / PAGE_OCTETS));
    if (hardware.channelPfn !== basePfn) {
      throw new ChainError(
        "failed to restore mana device",
        new ChainError("HWC is not established"),
      );
    }
    return new ManaDevice(hardware, memory, true);
  }

  save(): ManaSavedState {
    if (this.trouble !== null) throw new ChainError(`cannot save/restore ${this.trouble}`);
    const mem = {
      base_pfn: this.#memory?.basePfn ?? 0n,
      len: BigInt(this.#memory?.pages ?? 0) * PAGE_OCTETS,
    };
    return { mana_device: { gdma: { ...CHANNEL, mem } }, pci_id: this.hardware.pciId };
  }

  /** Lets go of the device. Without keepalive closing it resets the function. */
  unload(keepalive: boolean, { clock }: Environment): void {
    if (keepalive) return;
    clock.advance(this.hardware.reset());
    this.#memory?.free();
  }

  inspect(): InspectNode {
    return { restored: this.restored, base_pfn: this.#memory?.basePfn.toString() ?? null };
  }
}

const DOORBELL = { doorbell_id: 2n, page_count: 1 };
const EVENTS = { doorbell: DOORBELL, doorbell_addr: 0x800, id: 1, next: 9, size: 4096, shift: 4 };
const WORK = { doorbell: DOORBELL, doorbell_addr: 0x400, id: 3, head: 5, tail: 4, mask: 0xfff };

/** A hardware channel that has carried a few messages. */
const CHANNEL = {
  eq: EVENTS,
  cq: { ...EVENTS, id: 2 },
  rq: WORK,
  sq: { ...WORK, id: 4 },
  db_id: 2n,
  gpa_mkey: 0x11,
  pdid: 0x12,
  hwc_activity_id: 0x13,
  num_msix: 5,
  min_queue_avail: 2,
  link_toggle: [],
} satisfies Omit<ManaSavedState["mana_device"]["gdma"], "mem">;
