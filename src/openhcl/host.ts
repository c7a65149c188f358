/**
 * The host: everything that outlives a restart of OpenHCL. The VM's properties, its hardware, the
 * guest's memory, the guest-state file, the region that the boot shim keeps, and the time.
 *
 * Source: facts/openhcl/semantics.md (Keepalive configuration; Guest-state lifetime; Pool flips).
 *
 * @module
 */
import { GUEST_PAGES, type ProtocolStep, VmbusDriver } from "../guest/mod.ts";
import { VirtualClock } from "../machine/mod.ts";
import { GUEST, type PageRange, PhysicalMemory } from "../memory/mod.ts";
import { NvmeController } from "../nvme/mod.ts";
import type { BootInputs } from "./command_line.ts";
import { type DeviceSet, deviceSetNamed, type NicConfig, plannedChannels } from "./device_set.ts";
import { guestOf } from "./guest_content.ts";
import type { Recollection } from "./guest_view.ts";
import { HostBus } from "./host_bus.ts";
import { HostGpaRanges } from "./host_gpa_ranges.ts";
import { ManaHardware } from "./mana_hardware.ts";
import type { SaveFault } from "./save_fault.ts";
import type { GuestStateLifetime } from "./vmgs.ts";
import { newVmgsDisk } from "./vmgs_content.ts";
import type { VmgsDisk } from "./vmgs_disk.ts";

/** Properties of the VM: one value for its whole life. */
export interface VmProperties {
  readonly devices: string;
  readonly lifetime: GuestStateLifetime;
  readonly isolated: boolean;
  /** The guest has connected to VMBus; what it opens then is up to the device set. */
  readonly vmbusConnected: boolean;
  /** A message of the bus waits because the guest has not emptied its slot yet. */
  readonly messagePending: boolean;
  /** The step of the protocol at which the guest is when it is saved, if it is connected. */
  readonly guestStep?: ProtocolStep;
  /** What the guest does first after a servicing is to make a variable of the firmware shorter. */
  readonly shortensVariable: boolean;
  /** Number that tells this guest from every other one. */
  readonly seed: number;
}

/** What the host may change at each start of OpenHCL. */
export interface HopInputs {
  /** The device tree has `nvme_keepalive`. */
  readonly hostKeepalive: boolean;
  /** The address space has a pool, unless a persisted region says otherwise. */
  readonly vtl2Pool: boolean;
  /** Further options on the command line. */
  readonly explicit?: string;
}

/** What `openhcl_boot` of 1.7 and later keeps in memory for the next one. */
export interface PersistedRegion {
  readonly poolRanges: readonly PageRange[];
  /** Written by a save: processors that must come up first. */
  readonly cpusWithOutstandingIo: readonly number[];
  readonly cpusWithMappedInterruptsNoIo: readonly number[];
}

/** One region of 8 MiB at 4 GiB: enough for every queue of both controllers and all NICs. */
const POOL: readonly PageRange[] = [{ pfn: 0x10_0000n, pages: 2_048n }];

/** When the host's clock begins: 2026-01-01. */
const START_MILLIS = 1_767_225_600_000;

export class Host {
  readonly vm: VmProperties;
  readonly deviceSet: DeviceSet;
  readonly clock = new VirtualClock();
  readonly memory = new PhysicalMemory();
  readonly gpaRanges = new HostGpaRanges();
  readonly vmgsDisk: VmgsDisk;
  readonly nics: readonly ManaHardware[];
  /** The guest's VMBus driver. */
  readonly guest: VmbusDriver;
  /** The host's VMBus, whose channels are relayed; null without a relay. */
  readonly bus: HostBus | null;
  /** A number in the guest's memory since its first boot. */
  readonly nonce: bigint;
  /** What the guest keeps in mind; null before its first turn, and of a guest from elsewhere. */
  recollection: Recollection | null = null;
  /** How the next save goes wrong; null when it does not. */
  saveFault: SaveFault | null = null;
  /** `OPENHCL_TEST_CONFIG=SERVICING_RESTORE_STUCK` for the next servicing boot. */
  restoreStuck = false;
  persistedRegion: PersistedRegion | null = null;
  /** What each servicing boot has reported, oldest first. */
  readonly restoreResults: boolean[] = [];
  #nvme: readonly NvmeController[];
  #pool = POOL;

  constructor(vm: VmProperties, deviceSet: DeviceSet = deviceSetNamed(vm.devices)) {
    this.vm = vm;
    this.deviceSet = deviceSet;
    const { clock, memory } = this;
    this.#nvme = this.deviceSet.nvme.map(
      (config) => new NvmeController({ ...config, clock, memory }),
    );
    this.nics = this.deviceSet.nics.map(({ pciId }) => new ManaHardware(pciId, memory));
    const { content, owners } = this.memory;
    owners.lend(GUEST_PAGES.pfn, GUEST_PAGES.pages, GUEST, true);
    this.guest = new VmbusDriver(content, plannedChannels(deviceSet));
    const relayed = deviceSet.relayed?.map(({ offer }) => offer) ?? null;
    this.bus = relayed === null ? null : new HostBus(relayed, content, this.guest);
    if (this.bus !== null) this.clock.attach(this.bus);
    this.nonce = nonceOf(vm.seed);
    this.vmgsDisk = newVmgsDisk(guestOf(vm.seed));
  }

  /** Milliseconds since 1970 by the host's clock. */
  get timeMillis(): number {
    return START_MILLIS + Math.floor(this.clock.nowUs / 1_000);
  }

  get nvme(): readonly NvmeController[] {
    return this.#nvme;
  }

  /** Replaces the controllers by those of a state that was captured elsewhere. */
  adoptControllers(controllers: readonly NvmeController[]): void {
    this.#nvme = controllers;
  }

  /** Puts the pool where a captured state has it; `kept` when its writer has kept the ranges. */
  adoptPool(ranges: readonly PageRange[], kept: boolean): void {
    this.#pool = ranges;
    if (!kept) return;
    const nobody = { cpusWithOutstandingIo: [], cpusWithMappedInterruptsNoIo: [] };
    this.persistedRegion = { poolRanges: ranges, ...nobody };
  }

  /** NICs in the order of a boot: as they came at first, by PCI id when they are all there. */
  nicsByArrival(servicing: boolean): readonly NicConfig[] {
    const { nics, nicArrivals } = this.deviceSet;
    if (servicing) return nics;
    return nicArrivals.flatMap((pciId) => nics.find((nic) => nic.pciId === pciId) ?? []);
  }

  /** Ranges of the pool that the host would give to a fresh boot. */
  poolRanges({ vtl2Pool }: HopInputs): readonly PageRange[] {
    return vtl2Pool ? this.#pool : [];
  }

  /** What the boot shim sees when the pool has `ranges`. */
  bootInputs(
    { hostKeepalive, explicit = "" }: HopInputs,
    ranges: readonly PageRange[],
  ): BootInputs {
    return { hostKeepalive, vtl2Pool: ranges.length > 0, explicit };
  }
}

/** Any number will do that is neither zero nor the seed itself. */
function nonceOf(seed: number): bigint {
  return BigInt.asUintN(64, (BigInt(seed) + 1n) * 0x9e37_79b9_7f4a_7c15n);
}
