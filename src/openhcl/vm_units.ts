/**
 * Registers the state units of a VM, in an order that their dependencies allow.
 *
 * Source: microsoft/openvmm, openhcl/underhill_core/src/worker.rs and vmm_core, which name and
 * register them while the VM is built.
 *
 * @module
 */
import { gpaStates, HOST_PCI_BRIDGE } from "../chipset/mod.ts";
import type { Environment } from "../machine/mod.ts";
import { guidText } from "../vmbus/mod.ts";
import { opaqueBlobs, perState } from "./blob.ts";
import { channelCell, type NetvspState, netvspUnit, storvspUnit } from "./channel_units.ts";
import { type ChipsetUnit, chipsetUnits } from "./chipset_unit.ts";
import type { ChannelConfig, DeviceSet } from "./device_set.ts";
import type { GpaRanges } from "./gpa_ranges.ts";
import { NETVSP_CLOSED, netvspReady } from "./guest_content.ts";
import type { Host } from "./host.ts";
import { Nvram } from "./nvram.ts";
import { partitionUnit } from "./partition_unit.ts";
import type { Processor } from "./processor.ts";
import type { Release } from "./release.ts";
import { type StateUnit, StateUnits } from "./state_units.ts";
import { type UefiUnit, uefiUnit } from "./uefi_unit.ts";
import { type Cell, cellOf, statelessUnit, unitOf } from "./unit_cell.ts";
import { VmTime, vmtimeUnit } from "./vm_time.ts";
import { type VmVmbus, vmbusUnit } from "./vm_vmbus.ts";
import type { Vmgs } from "./vmgs.ts";

export interface VmUnits {
  readonly units: StateUnits;
  /** Emulated devices, with the firmware of a UEFI machine. */
  readonly chipset: readonly ChipsetUnit[];
  /** Null on a machine with other firmware. */
  readonly uefi: UefiUnit | null;
  readonly processors: Cell<readonly Processor[]>;
  /** Units whose state the guest's turns change. */
  readonly changing: readonly StateUnit[];
  readonly vmTime: VmTime;
  /** Synthetic NICs by the name of their unit. */
  readonly net: ReadonlyMap<string, Cell<NetvspState>>;
}

/** What the units are made from. */
export interface UnitInputs {
  readonly release: Release;
  readonly env: Environment;
  readonly host: Host;
  readonly vmbus: VmVmbus;
  readonly vmgs: Vmgs | null;
  /** Null for other firmware than PCAT. */
  readonly gpaRanges: GpaRanges | null;
  /** False before a restore, which says itself what the devices ask of the platform. */
  readonly fresh: boolean;
}

/** Every unit of the VM, stopped. */
export function newUnits(inputs: UnitInputs): VmUnits {
  const { release, env, host } = inputs;
  const units = new StateUnits(env.tracer);
  const vmTime = new VmTime(env.clock);
  const processors = cellOf<readonly Processor[]>([]);
  units.add(vmtimeUnit(release.name, vmTime));
  units.add(statelessUnit("input"));
  units.add(statelessUnit("chipset", ["vmtime"]));
  const { chipset, uefi } = newChipset(inputs);
  for (const unit of chipset) units.add(unit);
  const net = addVmbusUnits(units, inputs);
  const before = ["vmtime", "chipset", "vmbus"];
  const partition = partitionUnit(release.name, before, {
    cell: processors,
    vpCount: host.vpCount,
    guest: host.guest,
  });
  units.add(partition);
  addOpaqueUnits(units, host.deviceSet);
  return { units, chipset, uefi, processors, changing: [...chipset, partition], vmTime, net };
}

function newChipset({ release, host, vmgs, gpaRanges, fresh }: UnitInputs) {
  const pcat = host.deviceSet.firmware === "Pcat";
  if (fresh) gpaRanges?.follow(statesOf(HOST_PCI_BRIDGE.powerOn));
  const chipset = chipsetUnits(release.name, pcat, release.pciState, (bridge) => {
    gpaRanges?.follow(statesOf(bridge));
  });
  const uefi = pcat ? null : uefiUnit(release.name, new Nvram(vmgs), release.absentVariables);
  return { chipset: uefi === null ? chipset : [...chipset, uefi], uefi };
}

const statesOf = perState(gpaStates);

/** Units that only a captured state knows. */
function addOpaqueUnits(units: StateUnits, { opaque }: DeviceSet): void {
  for (const { name, state } of opaque) {
    if (units.has(name)) continue;
    const message = state.type_url.slice(state.type_url.lastIndexOf("/") + 1);
    const cell = cellOf(new Uint8Array(0));
    units.add(unitOf({ name, blobs: opaqueBlobs(message), cell, content: (octets) => octets }));
  }
}

function addVmbusUnits(units: StateUnits, inputs: UnitInputs): Map<string, Cell<NetvspState>> {
  const { release } = inputs;
  const { server, client, relay, devices, storage } = inputs.vmbus;
  units.add(vmbusUnit(release.name, server));
  if (relay !== null && client !== null) units.add(release.relay.unit(relay, client));
  const net = new Map<string, Cell<NetvspState>>();
  for (const [config, device] of devices) {
    const instance = guidText(config.offer.key.instance_id);
    const controller = storage.get(config);
    if (controller !== undefined) {
      units.add(storvspUnit(release.name, `scsi:${instance}`, controller));
    } else {
      const name = `net:${instance}`;
      const cell = channelCell(device, NETVSP_CLOSED, netvspState(config));
      units.add(netvspUnit(release.name, name, cell, device));
      net.set(name, cell);
    }
  }
  return net;
}

const netvspStates = new WeakMap<ChannelConfig, NetvspState>();

/** The state of a NIC that the guest uses; the same object for the same channel. */
function netvspState(config: ChannelConfig): NetvspState {
  const state = netvspStates.get(config) ?? netvspReady(config.opened ?? []);
  netvspStates.set(config, state);
  return state;
}
