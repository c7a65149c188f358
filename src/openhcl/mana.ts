/**
 * MANA driver of one NIC: its hardware channel, taken over when keepalive is in force, and its
 * port, which is set up anew in every case.
 *
 * Source: vm/devices/net/mana_driver/src/mana.rs, openhcl/underhill_core/src/emuplat/netvsp.rs
 * (`connect_endpoints`) and worker.rs.
 *
 * @module
 */
import type { Environment, InspectNode } from "../machine/mod.ts";
import { withContext } from "../machine/mod.ts";
import type { DmaClient, MemoryBlock, OpenhclDmaManager } from "../memory/mod.ts";
import type { ManaSavedState } from "../openhcl_state/mod.ts";
import { CHANNEL_PAGES, ManaChannel } from "./mana_channel.ts";
import type { ManaHardware } from "./mana_hardware.ts";
import type { NetworkAdapter } from "./network_adapter.ts";

const PAGE_OCTETS = 4096n;

/** What a driver asks of a function that has just been reset. */
const SET_UP = ["VERIFY_VERSION", "QUERY_MAX_RESOURCES", "LIST_DEVICES", "REGISTER_DEVICE"];

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
  readonly channel: ManaChannel;
  readonly #memory: MemoryBlock | null;

  private constructor(
    hardware: ManaHardware,
    memory: MemoryBlock | null,
    channel: ManaChannel,
    restored: boolean,
  ) {
    this.hardware = hardware;
    this.#memory = memory;
    this.channel = channel;
    this.restored = restored;
  }

  /** Initialises the hardware channel anew. One that is still up is reset when it is opened. */
  static create(hardware: ManaHardware, clients: ManaClients, env: Environment): ManaDevice {
    if (hardware.channelPfn !== null) env.clock.advance(hardware.reset());
    const client = clients.persistent ?? clients.ephemeral;
    const memory = client?.allocate(CHANNEL_PAGES) ?? null;
    const owner = client?.parameters.deviceName ?? null;
    const channel = ManaChannel.establish(hardware, memory, owner, env);
    for (const name of SET_UP) channel.request(name);
    return new ManaDevice(hardware, memory, channel, false);
  }

  /** Takes over the channel of `saved`. A failure is an error; nothing is created anew (2427). */
  static restore(
    hardware: ManaHardware,
    client: DmaClient,
    saved: ManaSavedState,
    env: Environment,
  ): ManaDevice {
    const { gdma } = saved.mana_device;
    const memory = client.attach(gdma.mem.base_pfn, Number(gdma.mem.len / PAGE_OCTETS));
    const channel = ManaChannel.restore(hardware, memory, gdma, env);
    return new ManaDevice(hardware, memory, channel, true);
  }

  /**
   * Sets the port up for its adapter: its number, and where its packets go, as far as that is
   * known. The hardware cannot be asked for the latter.
   */
  connect(adapter: NetworkAdapter): void {
    withContext("failed to create mana vport", () => this.channel.request("QUERY_VPORT_CONFIG"));
    this.channel.request("SET_VPORT_SERIAL_NUMBER");
    this.hardware.setSerial(adapter.index);
    const [toVtl0 = null] = adapter.directionToVtl0;
    if (toVtl0 !== null) this.#moveFilter(toVtl0);
  }

  /** The guest switches its data path, to its own function or back. */
  switchDataPath(adapter: NetworkAdapter, toVtl0: boolean): void {
    this.#moveFilter(toVtl0);
    adapter.directionToVtl0 = [toVtl0, ...adapter.directionToVtl0.slice(1)];
  }

  save(): ManaSavedState {
    this.channel.takeEvents();
    return { mana_device: { gdma: this.channel.save() }, pci_id: this.hardware.pciId };
  }

  /** Lets go of the device. Without keepalive closing it resets the function. */
  unload(keepalive: boolean, { clock }: Environment): void {
    if (keepalive) return;
    clock.advance(this.hardware.reset());
    this.#memory?.free();
  }

  inspect(): InspectNode {
    return {
      restored: this.restored,
      base_pfn: this.#memory?.basePfn.toString() ?? null,
      hwc: this.channel.inspect(),
    };
  }

  #moveFilter(toVtl0: boolean): void {
    this.channel.request("MOVE_FILTER");
    this.hardware.moveFilter(toVtl0);
  }
}
