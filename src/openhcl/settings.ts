/**
 * Settings of firmware, clock and platform that a guest can read and that are saved by field: one
 * for each field that some release lacks, and a few that all have.
 *
 * Source: microsoft/openvmm, saved states release by release:
 * openhcl/underhill_core/src/servicing.rs and emuplat/local_clock.rs,
 * vm/devices/firmware/firmware_uefi, vm/vmgs/vmgs, vm/devices/net/netvsp/src/saved_state.rs.
 *
 * @module
 */

import type { NetvspState } from "./channel_units.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/** Kinds of settings; those of a NIC are listed for each one. */
export type SettingName =
  | "clock.offset_ms"
  | "firmware.runtime_state"
  | "firmware.log_level"
  | "vmgs.reprovisioned"
  | "hibernate.token"
  | "net.packet_filter"
  | "net.advertised_vf_serial_number";

type Entries = readonly (readonly [key: string, value: string])[];

/** Absent values are read as this. */
const ABSENT = "none";

const READ: Readonly<Record<SettingName, (vm: LoadedVm) => Entries>> = {
  "clock.offset_ms": ({ emuplat }) => [["clock.offset_ms", `${emuplat.clock.offsetMillis}`]],
  "firmware.runtime_state": ({ uefi }) => {
    if (uefi === null) return [];
    const { runtime_state } = uefi.state().nvram.services;
    return [["firmware.runtime_state", runtime_state.variant]];
  },
  "firmware.log_level": ({ uefi }) => {
    if (uefi === null) return [];
    const level = uefi.state().diagnostics?.log_level ?? 0;
    return [["firmware.log_level", `0x${level.toString(16)}`]];
  },
  "vmgs.reprovisioned": ({ vmgs }) =>
    vmgs === null ? [] : [["vmgs.reprovisioned", `${vmgs.state.reprovisioned ?? false}`]],
  "hibernate.token": ({ hibernateToken }) =>
    hibernateToken === null ? [] : [["hibernate.token", `${hibernateToken}`]],
  "net.packet_filter": ({ net }) => ofNics(net, "packet_filter"),
  "net.advertised_vf_serial_number": ({ net }) => ofNics(net, "advertised_vf_serial_number"),
};

/** The settings of `vm` that its release knows, by key. */
export function readSettings(vm: LoadedVm, names: readonly SettingName[]): Map<string, string> {
  return new Map(names.flatMap((name) => READ[name](vm)));
}

function ofNics(
  net: LoadedVm["net"],
  field: "packet_filter" | "advertised_vf_serial_number",
): Entries {
  return [...net].map(([name, cell]) => {
    const value = readyOf(cell.get())?.[field] ?? null;
    return [`${name}.${field}`, value === null ? ABSENT : `${value}`];
  });
}

type ReadyState = Extract<
  NonNullable<NetvspState["open"]>["primary"],
  { variant: "Ready" }
>["value"][0];

function readyOf({ open }: NetvspState): ReadyState | null {
  return open?.primary.variant === "Ready" ? open.primary.value[0] : null;
}
