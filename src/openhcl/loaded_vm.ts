/**
 * A VM that has been built: the components of one run of OpenHCL, and what this run knows of the
 * servicing that it came from.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`LoadedVm`).
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import type { OpenhclDmaManager, PagePool } from "../memory/mod.ts";
import type { NvmeManager } from "../nvme_driver/mod.ts";
import type { FlushLogsResult, SavedStateUnit, ServicingInitState } from "../openhcl_state/mod.ts";
import type { RingDevice, VmbusClient, VmbusRelay, VmbusServer } from "../vmbus/mod.ts";
import type { NetvspState } from "./channel_units.ts";
import type { ChipsetUnit } from "./chipset_unit.ts";
import type { ChannelConfig } from "./device_set.ts";
import type { Emuplat } from "./emuplat.ts";
import type { GuestBus } from "./guest_bus.ts";
import type { GuestView } from "./guest_view.ts";
import type { Host } from "./host.ts";
import type { KeepaliveModes } from "./keepalive.ts";
import type { NetworkSettings } from "./network_settings.ts";
import type { Processor } from "./processor.ts";
import type { StateUnit, StateUnits } from "./state_units.ts";
import type { UefiUnit } from "./uefi_unit.ts";
import type { Cell } from "./unit_cell.ts";
import type { VmTime } from "./vm_time.ts";
import type { Vmgs } from "./vmgs.ts";

export interface LoadedVm {
  readonly host: Host;
  readonly env: Environment;
  readonly commandLine: string;
  /** Written by gating and by `inspect`. */
  keepalive: KeepaliveModes;
  /** Null in releases without a DMA manager. */
  readonly dma: OpenhclDmaManager | null;
  /** 2411's bare pool of shared pages; null when there are none. */
  readonly sharedPool: PagePool | null;
  /** Null without controllers, and once a save has taken it. */
  nvme: NvmeManager | null;
  readonly network: NetworkSettings | null;
  readonly emuplat: Emuplat;
  readonly vmgs: Vmgs | null;
  readonly units: StateUnits;
  readonly vmbusServer: VmbusServer;
  readonly vmbusClient: VmbusClient | null;
  readonly relay: VmbusRelay | null;
  /** What is behind the channels that OpenHCL itself offers. */
  readonly vmbusDevices: ReadonlyMap<ChannelConfig, RingDevice>;
  readonly hibernateToken: bigint | null;
  /** Emulated devices, with the firmware of a UEFI machine. */
  readonly chipset: readonly ChipsetUnit[];
  /** Firmware of a UEFI machine. */
  readonly uefi: UefiUnit | null;
  readonly processors: Cell<readonly Processor[]>;
  readonly vmTime: VmTime;
  /** Synthetic NICs by the name of their unit. */
  readonly net: ReadonlyMap<string, Cell<NetvspState>>;
  /** Units whose state the guest's turns change. */
  readonly changing: readonly StateUnit[];
  /**
   * What the guest found when it ran again after a servicing; null after a fresh boot, and of a
   * guest from elsewhere.
   */
  found: Found | null;
  /** The bus of a guest that was saved at a step, before it went on. */
  foundBus?: GuestBus;
  /** What the guest was refused in its turn, in words. */
  readonly refused: string[];
  /** When the units stopped last, in units of 100 ns; null before the first stop. */
  lastStop: bigint | null;
  /** The servicing that this run came from; null after a fresh boot. */
  servicing: Servicing | null;
}

/** What a guest finds after a servicing, before it changes anything. */
export interface Found {
  readonly view: GuestView;
  /** What it knew when it was stopped. */
  readonly knew: GuestView;
  /** Guest-visible content of the units that it is about to change. */
  readonly contents: ReadonlyMap<string, Uint8Array | string | null>;
  /** Its bus, if it was saved at a step of it. */
  readonly bus: GuestBus | null;
}

/** What a run knows of the servicing that it came from. */
export interface Servicing {
  readonly correlationId: string | null;
  readonly flushLogs: FlushLogsResult | null;
  /** From stop to resume; null until the VM has been resumed. */
  blackoutUs: number | null;
}

/** Reference time of the hypervisor, in units of 100 ns. */
export function referenceTime({ clock }: Environment): bigint {
  return BigInt(clock.nowUs) * 10n;
}

/** A servicing state under construction. */
export interface Draft {
  init: ServicingInitState;
  units: SavedStateUnit[];
}
