/**
 * Registers the state units of a VM, in an order that their dependencies allow.
 *
 * Source: facts/openhcl/semantics.md, State units (names); vmm_core and underhill_core register
 * them while the VM is built.
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import { guidText } from "../vmbus/mod.ts";
import { opaqueBlobs } from "./blob.ts";
import { channelCell, type NetvspState, netvspUnit, storvspUnit } from "./channel_units.ts";
import type { ChannelConfig, DeviceSet } from "./device_set.ts";
import { chipsetUnits, type UefiState, uefiUnit, vmtimeUnit } from "./device_units.ts";
import {
  NETVSP_CLOSED,
  netvspReady,
  PROCESSORS,
  STORVSP_CLOSED,
  STORVSP_READY,
  UEFI_BOOTED,
  UEFI_POWER_ON,
} from "./guest_content.ts";
import type { Host } from "./host.ts";
import { partitionUnit } from "./partition_unit.ts";
import type { Release } from "./release.ts";
import { StateUnits } from "./state_units.ts";
import { type Cell, cellOf, statelessUnit, unitOf } from "./unit_cell.ts";
import { type VmVmbus, vmbusUnit } from "./vm_vmbus.ts";

export interface VmUnits {
  readonly units: StateUnits;
  /** Null on a machine with other firmware. */
  readonly uefi: Cell<UefiState> | null;
  /** Synthetic NICs by the name of their unit. */
  readonly net: ReadonlyMap<string, Cell<NetvspState>>;
}

/** What the units are made from. */
export interface UnitInputs {
  readonly release: Release;
  readonly env: Environment;
  readonly host: Host;
  readonly vmbus: VmVmbus;
  /** True when a guest has run on the devices; false before a restore. */
  readonly programmed: boolean;
}

/** Every unit of the VM, stopped. */
export function newUnits(inputs: UnitInputs): VmUnits {
  const { release, env, host, programmed } = inputs;
  const devices = host.deviceSet;
  const units = new StateUnits(env.tracer);
  const pcat = devices.firmware === "Pcat";
  units.add(vmtimeUnit(release.name, env.clock));
  units.add(statelessUnit("input"));
  units.add(statelessUnit("chipset", ["vmtime"]));
  for (const unit of chipsetUnits(pcat, programmed)) units.add(unit);
  const uefi = pcat ? null : cellOf(programmed ? UEFI_BOOTED : UEFI_POWER_ON);
  if (uefi !== null) units.add(uefiUnit(release.name, uefi));
  const net = addVmbusUnits(units, inputs);
  const processors = programmed ? PROCESSORS : [];
  const before = ["vmtime", "chipset", "vmbus"];
  units.add(partitionUnit(release.name, before, processors, host.guest));
  addOpaqueUnits(units, devices);
  return { units, uefi, net };
}

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
  const { release, host } = inputs;
  const { server, client, relay, devices } = inputs.vmbus;
  units.add(vmbusUnit(release.name, server));
  if (relay !== null && client !== null) units.add(release.relay.unit(relay, client));
  const net = new Map<string, Cell<NetvspState>>();
  for (const [config, device] of devices) {
    const instance = guidText(config.offer.key.instance_id);
    if (host.deviceSet.scsi.includes(config)) {
      const cell = channelCell(device, STORVSP_CLOSED, STORVSP_READY);
      units.add(storvspUnit(release.name, `scsi:${instance}`, cell, device));
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
