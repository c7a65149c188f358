/**
 * The host: everything that outlives a restart of OpenHCL. The VM's properties, its hardware, the
 * guest's memory, the guest-state file, the region that the boot shim keeps, and the time.
 *
 * Source: microsoft/openvmm, openhcl/openhcl_boot/src/host_params/dt/mod.rs (what is taken from the
 * device tree, and what from the boot before), vm/devices/get/get_protocol/src/lib.rs
 * (`GuestStateLifetime`).
 *
 * @module
 */
import { GuestRam, GuestStorage, VmbusDriver } from "../guest/mod.ts";
import { Blackout, type Strike, VirtualClock, wordOf } from "../machine/mod.ts";
import { type PageRange, PhysicalMemory } from "../memory/mod.ts";
import { NvmeController } from "../nvme/mod.ts";
import type { BootInputs } from "./command_line.ts";
import { withIds } from "./device_ids.ts";
import { type DeviceSet, deviceSetNamed, type NicConfig, plannedChannels } from "./device_set.ts";
import { guestOf, VP_COUNT } from "./guest_content.ts";
import type { Recollection } from "./guest_view.ts";
import { HostBus } from "./host_bus.ts";
import { HostGpaRanges } from "./host_gpa_ranges.ts";
import { ManaHardware } from "./mana_hardware.ts";
import { SPOKEN, type Spoken } from "./protocol.ts";
import type { SaveFault } from "./save_fault.ts";
import type { VmProperties } from "./vm_properties.ts";
import { newVmgsDisk } from "./vmgs_content.ts";
import type { VmgsDisk } from "./vmgs_disk.ts";
import { keepPool, type Placement, type PoolRule, placePool } from "./vtl2_memory.ts";

/** What the host may change at each start of OpenHCL. */
export interface HopInputs {
  /** The device tree has `nvme_keepalive`. */
  readonly hostKeepalive: boolean;
  /** The address space has a pool, unless a persisted region says otherwise. */
  readonly vtl2Pool: boolean;
  /** Pages that the image has more than the usual one. */
  readonly imagePages?: bigint;
  /** Further options on the command line. */
  readonly explicit?: string;
}

/** What `openhcl_boot` of 1.7 and later keeps in memory for the next one. */
export interface PersistedRegion {
  readonly poolRanges: readonly PageRange[];
  /** Written by a save. */
  readonly early: EarlyProcessors;
}

/** Processors that must come up first. */
export interface EarlyProcessors {
  readonly withIo: readonly number[];
  readonly withInterrupt: readonly number[];
}

export const NO_PROCESSORS: EarlyProcessors = { withIo: [], withInterrupt: [] };

/** When the host's clock begins: 2026-01-01. */
const START_MILLIS = 1_767_225_600_000;

export class Host {
  readonly vm: VmProperties;
  readonly deviceSet: DeviceSet;
  readonly clock: VirtualClock;
  readonly memory: PhysicalMemory;
  readonly gpaRanges: HostGpaRanges;
  readonly vmgsDisk: VmgsDisk;
  readonly nics: readonly ManaHardware[];
  /** The guest's VMBus driver. */
  readonly guest: VmbusDriver;
  /** What the guest keeps in its memory to know itself again. */
  readonly ram: GuestRam;
  /** The guest's disks, and its ledger of what it has asked of them. */
  readonly storage: GuestStorage;
  /** The host's VMBus, whose channels are relayed; null without a relay. */
  readonly bus: HostBus | null;
  readonly blackout: Blackout;
  /** What the guest keeps in mind; null before its first turn, and of a guest from elsewhere. */
  recollection: Recollection | null = null;
  /** How the next save goes wrong; null when it does not. */
  saveFault: SaveFault | null = null;
  /** Disturbances that wait for OpenHCL to come to a point; each is taken out as it strikes. */
  readonly strikes: Strike[];
  /** The host does not take the state of the next save. */
  rejectsState = false;
  /** `OPENHCL_TEST_CONFIG=SERVICING_RESTORE_STUCK` for the next servicing boot. */
  restoreStuck = false;
  /** No save was asked for yet. */
  isUnsaved = true;
  /** The guest stands at a step of the protocol, and does not go on by itself. */
  isAtStep = false;
  persistedRegion: PersistedRegion | null = null;
  /** What the region told the last boot; null when it was not there, or not looked at. */
  earlyProcessors: EarlyProcessors | null = null;
  /** What the host makes of each range of the pool, before it gives them away; null for nothing. */
  poolChange: ((range: PageRange) => readonly PageRange[]) | null = null;
  /** Virtual processors at the next boot. */
  vpCount = VP_COUNT;
  /** What each servicing boot has reported, oldest first. */
  readonly restoreResults: boolean[];
  #nvme: readonly NvmeController[];
  /** Where a captured state has the pool; null when it lies where the shim puts it. */
  #adoptedPool: readonly PageRange[] | null = null;

  /** A host on which nothing has run; with `from`, one that goes on where that one stands. */
  constructor(
    vm: VmProperties,
    deviceSet: DeviceSet = withIds(deviceSetNamed(vm.devices), vm.ids ?? "usual"),
    from: Host | null = null,
  ) {
    this.vm = vm;
    this.deviceSet = deviceSet;
    this.clock = from?.clock.fork() ?? new VirtualClock();
    this.memory = from?.memory.fork() ?? new PhysicalMemory();
    const { clock, memory } = this;
    const surroundings = { clock, memory };
    this.#nvme =
      from?.nvme.map((controller) => controller.fork(surroundings)) ??
      deviceSet.nvme.map((config) => new NvmeController({ ...config, ...surroundings }));
    this.nics =
      from?.nics.map((nic) => nic.fork(memory)) ??
      deviceSet.nics.map(({ pciId }) => new ManaHardware(pciId, memory));
    const { content } = memory;
    this.ram = new GuestRam(memory);
    if (from === null) this.ram.boot(nonceOf(vm.seed, 0));
    const plan = plannedChannels(deviceSet);
    this.guest =
      from?.guest.fork(content) ?? new VmbusDriver(content, plan, this.spoken.guestVersions);
    this.storage = from?.storage.fork(this.guest) ?? new GuestStorage(this.guest);
    this.bus = this.#newBus(from);
    if (this.bus !== null) clock.attach(this.bus);
    this.blackout = from?.blackout.fork(clock) ?? new Blackout(clock);
    this.gpaRanges = from?.gpaRanges.fork() ?? new HostGpaRanges();
    this.vmgsDisk = from?.vmgsDisk.fork() ?? newVmgsDisk(guestOf(vm.seed));
    this.strikes = from?.strikes.map((strike) => ({ ...strike })) ?? [];
    this.restoreResults = [...(from?.restoreResults ?? [])];
  }

  #newBus(from: Host | null): HostBus | null {
    const { content } = this.memory;
    if (from !== null) return from.bus?.fork(content, this.guest) ?? null;
    const offers = this.deviceSet.relayed?.map(({ offer }) => offer) ?? null;
    return offers === null ? null : new HostBus(offers, content, this.guest, this.spoken.hostRules);
  }

  /** A copy between two runs of OpenHCL, which goes on apart from this one. */
  fork(): Host {
    const copy = new Host(this.vm, this.deviceSet, this);
    copy.recollection = this.recollection;
    copy.saveFault = this.saveFault;
    copy.restoreStuck = this.restoreStuck;
    copy.rejectsState = this.rejectsState;
    copy.isUnsaved = this.isUnsaved;
    copy.isAtStep = this.isAtStep;
    copy.persistedRegion = this.persistedRegion;
    copy.earlyProcessors = this.earlyProcessors;
    copy.poolChange = this.poolChange;
    copy.vpCount = this.vpCount;
    copy.#adoptedPool = this.#adoptedPool;
    return copy;
  }

  /** The guest boots again on memory that has been another run's, whose servicing was in vain. */
  rebootGuest(): void {
    this.blackout.forget();
    this.ram.boot(nonceOf(this.vm.seed, this.memory.owners.boots));
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
    this.#adoptedPool = ranges;
    if (!kept) return;
    this.persistedRegion = { poolRanges: ranges, early: NO_PROCESSORS };
  }

  /** NICs in the order of a boot: as they came at first, by PCI id when they are all there. */
  nicsByArrival(servicing: boolean): readonly NicConfig[] {
    const { nics, nicArrivals } = this.deviceSet;
    if (servicing) return nics;
    return nicArrivals.flatMap((pciId) => nics.find((nic) => nic.pciId === pciId) ?? []);
  }

  get spoken(): Spoken {
    return SPOKEN[this.vm.protocol ?? "current"];
  }

  /** What the memory of VTL2 is like. */
  get placement(): Placement {
    return this.vm.placement ?? "whole";
  }

  /** Ranges of the pool at a boot that knows nothing of the last one. */
  poolRanges(rule: PoolRule, { vtl2Pool, imagePages = 0n }: HopInputs): readonly PageRange[] {
    if (!vtl2Pool) return [];
    const ranges = this.#adoptedPool ?? placePool(this.placement, rule, imagePages);
    return this.poolChange === null ? ranges : ranges.flatMap(this.poolChange);
  }

  /** Ranges of the pool at a boot that has found those of the last one. */
  keptRanges(
    rule: PoolRule,
    { imagePages = 0n }: HopInputs,
    kept: readonly PageRange[],
  ): readonly PageRange[] {
    return keepPool(this.placement, rule, imagePages, kept);
  }

  /** What the boot shim sees when the pool has `ranges`. */
  bootInputs(
    { hostKeepalive, explicit = "" }: HopInputs,
    ranges: readonly PageRange[],
  ): BootInputs {
    return { hostKeepalive, vtl2Pool: ranges.length > 0, explicit };
  }
}

/** Of 52 bits, and of no two boots the same. Any number will do that is not zero. */
function nonceOf(seed: number, boots: number): number {
  const word = (wordOf(seed, 3) ^ boots) >>> 0;
  return (wordOf(seed, 4) % 2 ** 20) * 2 ** 32 + word + 1;
}
