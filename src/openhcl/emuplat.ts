/**
 * Emulated platform: what backs emulated devices in the host and is no state unit itself.
 *
 * Source: openhcl/underhill_core/src/emuplat (local_clock.rs, i440bx_host_pci_bridge.rs,
 * netvsp.rs), servicing.rs (`EmuplatSavedState`); facts/openhcl/evolution.md, field 4.4.
 *
 * @module
 */
import type { EmuplatSavedState, Guid, HostPciBridgeSavedState } from "../openhcl_state/mod.ts";

/** A NIC of the guest, apart from its hardware. */
export interface NetworkAdapter {
  readonly instanceId: Guid;
  readonly macAddress: Uint8Array;
  /** Index by which the guest knows the adapter. */
  readonly adapterIndex: number;
  readonly directionToVtl0: readonly (boolean | null)[];
  readonly hiddenVtl0: boolean | null;
}

export interface Emuplat {
  readonly offsetFromHostTimeMillis: bigint;
  /** Ranges that the host bridge of a PCAT machine has shadowed; null for other firmware. */
  readonly adjustGpaRange: HostPciBridgeSavedState | null;
  readonly adapters: readonly NetworkAdapter[];
}

/** The guest runs on local time, so the offset is not zero. */
const CLOCK_OFFSET_MILLIS = -18_000_000n;

const SEGMENT = { start: 0xf_0000n, end: 0x10_0000n };

const SHADOWED: HostPciBridgeSavedState = {
  base_slot: 3,
  handles: Array.from({ length: 13 }, (_, index) =>
    index % 6 === 0
      ? { remote_handle: 40 + index, range: SEGMENT, gpa_offset: 0n, is_rom: true }
      : null,
  ),
};

/** An adapter as the host describes it at boot. */
export interface AdapterIdentity {
  readonly instanceId: Guid;
  readonly macAddress: Uint8Array;
}

/** Index of the adapter that comes at `position`; each one has a function of its own here. */
export type AdapterNumbers = (position: number) => number;

/** Until 1.7: every function counts its adapters from zero, so that two share an index. */
export const numberByFunction: AdapterNumbers = () => 0;

/** Since 1.8: all functions count together, in the order in which adapters come (PR 2662). */
export const numberTogether: AdapterNumbers = (position) => position;

/** A fresh platform with the adapters that have come so far. */
export function newEmuplat(
  pcat: boolean,
  arrivals: readonly AdapterIdentity[],
  numbers: AdapterNumbers,
): Emuplat {
  return {
    offsetFromHostTimeMillis: CLOCK_OFFSET_MILLIS,
    adjustGpaRange: pcat ? SHADOWED : null,
    adapters: arrivals.map((identity, position) => ({
      ...identity,
      adapterIndex: numbers(position),
      directionToVtl0: [true],
      hiddenVtl0: false,
    })),
  };
}

/** Saves the platform; fields that the release lacks are left out when they are encoded. */
export function saveEmuplat(emuplat: Emuplat): EmuplatSavedState {
  const { offsetFromHostTimeMillis, adjustGpaRange, adapters, ...rest } = emuplat;
  rest satisfies Record<string, never>;
  return {
    rtc_local_clock: { offset_from_host_time_millis: offsetFromHostTimeMillis },
    get_backed_adjust_gpa_range: adjustGpaRange,
    netvsp_state: adapters.map(({ instanceId, directionToVtl0, hiddenVtl0 }) => ({
      instance_id: instanceId,
      direction_to_vtl0: [...directionToVtl0],
      hidden_vtl0: hiddenVtl0,
    })),
    network_adapter_index: adapters.map(({ macAddress, adapterIndex }) => ({
      mac_address: macAddress,
      adapter_index: adapterIndex,
    })),
  };
}

/**
 * Takes over `saved`. Adapters arrive in the order of the host's list; without saved indices they
 * are numbered anew in that order.
 */
export function restoreEmuplat(
  saved: EmuplatSavedState,
  arrivals: readonly AdapterIdentity[],
  numbers: AdapterNumbers,
): Emuplat {
  const indices = saved.network_adapter_index ?? null;
  return {
    offsetFromHostTimeMillis: saved.rtc_local_clock.offset_from_host_time_millis,
    adjustGpaRange: saved.get_backed_adjust_gpa_range,
    adapters: arrivals.map((identity, position) => {
      const known = saved.netvsp_state.find(({ instance_id }) =>
        sameGuid(instance_id, identity.instanceId),
      );
      const index = indices?.find(({ mac_address }) => same(mac_address, identity.macAddress));
      return {
        ...identity,
        adapterIndex: index?.adapter_index ?? numbers(position),
        directionToVtl0: known?.direction_to_vtl0 ?? [],
        hiddenVtl0: known?.hidden_vtl0 ?? null,
      };
    }),
  };
}

function sameGuid(left: Guid, right: Guid): boolean {
  const { data1, data2, data3, data4 } = left;
  return (
    data1 === right.data1 &&
    data2 === right.data2 &&
    data3 === right.data3 &&
    same(data4, right.data4)
  );
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((octet, index) => octet === right[index]);
}
