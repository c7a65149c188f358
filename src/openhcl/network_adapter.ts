/**
 * A network adapter of the guest, apart from its hardware: the number by which the guest knows it,
 * and where the data path of its accelerated function leads.
 *
 * Source: openhcl/underhill_core/src/emuplat/netvsp.rs (`NetworkAdapterIndex`,
 * `RuntimeSavedState`); PR 2662.
 *
 * @module
 */
import type { EmuplatNetvspSavedState, EmuplatSavedState, Guid } from "../openhcl_state/mod.ts";

/** An adapter as the host describes it at boot. */
export interface AdapterIdentity {
  readonly instanceId: Guid;
  readonly macAddress: Uint8Array;
}

/** The number of an adapter that has none: `next` is the first that no other one has had. */
export type AdapterNumbers = (next: number) => number;

/** Until 1.7: every function counts its adapters from zero, so that two share an index. */
export const numberByFunction: AdapterNumbers = () => 0;

/** Since 1.8 (PR 2662): all functions count together, in the order in which adapters come. */
export const numberTogether: AdapterNumbers = (next) => next;

export class NetworkAdapter {
  readonly identity: AdapterIdentity;
  /** Index by which the guest knows the adapter. */
  readonly index: number;
  /** By port of the function: true when packets go to VTL0; null when nobody has said so. */
  directionToVtl0: readonly (boolean | null)[] = [];
  /** True when the function is kept from VTL0. */
  hiddenVtl0: boolean | null = false;

  constructor(identity: AdapterIdentity, index: number) {
    this.identity = identity;
    this.index = index;
  }

  save(): EmuplatNetvspSavedState {
    return {
      instance_id: this.identity.instanceId,
      direction_to_vtl0: [...this.directionToVtl0],
      hidden_vtl0: this.hiddenVtl0,
    };
  }
}

/** Adapters of a fresh boot. Guests take zero for no number at all. */
export function newAdapters(
  arrivals: readonly AdapterIdentity[],
  numbers: AdapterNumbers,
): NetworkAdapter[] {
  return arrivals.map((identity, position) => new NetworkAdapter(identity, numbers(1 + position)));
}

/**
 * Adapters as they were saved. After a state without numbers they are counted from zero, as the
 * releases did that saved none.
 */
export function restoreAdapters(
  { netvsp_state, network_adapter_index }: EmuplatSavedState,
  arrivals: readonly AdapterIdentity[],
  numbers: AdapterNumbers,
): NetworkAdapter[] {
  const numbered = network_adapter_index ?? [];
  let next = network_adapter_index == null ? 0 : 1;
  for (const { adapter_index: index } of numbered) next = Math.max(next, index + 1);
  return arrivals.map((identity) => {
    const { instanceId, macAddress } = identity;
    const known = numbered.find(({ mac_address }) => same(mac_address, macAddress));
    const adapter = new NetworkAdapter(identity, known?.adapter_index ?? numbers(next++));
    const state = netvsp_state.find(({ instance_id }) => sameGuid(instance_id, instanceId));
    if (state !== undefined) {
      adapter.directionToVtl0 = state.direction_to_vtl0;
      adapter.hiddenVtl0 = state.hidden_vtl0;
    }
    return adapter;
  });
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
