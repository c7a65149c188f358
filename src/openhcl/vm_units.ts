/**
 * Registers the state units of a VM, in an order that their dependencies allow.
 *
 * Source: facts/openhcl/semantics.md, State units (names); vmm_core and underhill_core register
 * them while the VM is built.
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import { guidText, keyText } from "../vmbus/mod.ts";
import { opaqueBlobs } from "./blob.ts";
import { type NetvspState, netvspUnit, storvspUnit } from "./channel_units.ts";
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
  readonly devices: DeviceSet;
  readonly vmbus: VmVmbus;
  /** True when a guest has run on the devices; false before a restore. */
  readonly programmed: boolean;
  /** True when that guest has opened its channels. */
  readonly connected: boolean;
}

/** Every unit of the VM, stopped. */
export function newUnits(inputs: UnitInputs): VmUnits {
  const { release, env, devices, programmed } = inputs;
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
  units.add(partitionUnit(release.name, ["vmtime", "chipset", "vmbus"], processors));
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
  const { release, devices, connected } = inputs;
  const { server, client, relay } = inputs.vmbus;
  units.add(vmbusUnit(release.name, server));
  if (relay !== null && client !== null) units.add(release.relay.unit(relay, client));
  for (const config of devices.scsi) {
    const { offer } = config;
    const state = connected ? STORVSP_READY : STORVSP_CLOSED;
    const name = `scsi:${guidText(offer.instance_id)}`;
    const adopt = (open: boolean) => server.restoreChannel(keyText(offer), open);
    units.add(storvspUnit(release.name, name, state, adopt));
  }
  const net = new Map<string, Cell<NetvspState>>();
  for (const config of devices.net) {
    const { offer } = config;
    const cell = cellOf(connected ? netvspState(config) : NETVSP_CLOSED);
    const name = `net:${guidText(offer.instance_id)}`;
    const adopt = (open: boolean) => server.restoreChannel(keyText(offer), open);
    units.add(netvspUnit(release.name, name, cell, adopt));
    net.set(name, cell);
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
