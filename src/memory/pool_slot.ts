/**
 * Slots of a page pool at run time and as saved state. Source: microsoft/openvmm,
 * vm/page_pool_alloc.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import type { SlotSavedState } from "../openhcl_state/mod.ts";

/** Pages of a pool with one state. */
export interface Slot {
  readonly basePfn: bigint;
  readonly sizePages: bigint;
  state: SlotState;
}

/** `pending` is an allocation of the previous hop that nobody has claimed yet. */
export type SlotState =
  | { readonly kind: "free" }
  | { readonly kind: "allocated"; readonly device: DeviceId; readonly tag: string }
  | { readonly kind: "pending"; readonly deviceName: string; readonly tag: string }
  | { readonly kind: "leaked"; readonly deviceName: string; readonly tag: string };

/** A device name; free to be taken again once its allocator is gone. */
export interface DeviceId {
  readonly name: string;
  inUse: boolean;
}

export const FREE: SlotState = { kind: "free" };

/** Owner of a slot; empty when it is free. */
export function ownerOf(state: SlotState): string {
  switch (state.kind) {
    case "free":
      return "";
    case "allocated":
      return state.device.name;
    default:
      return state.deviceName;
  }
}

/** Saves one slot. A pending slot must have been validated away before. */
export function saveSlot(slot: Slot): SlotSavedState {
  const { basePfn, sizePages, state, ...rest } = slot;
  rest satisfies Record<string, never>;
  return { base_pfn: basePfn, size_pages: sizePages, state: saveSlotState(state) };
}

function saveSlotState(state: SlotState): SlotSavedState["state"] {
  switch (state.kind) {
    case "free":
      return { variant: "Free", value: {} };
    case "allocated":
      return { variant: "Allocated", value: { device_id: state.device.name, tag: state.tag } };
    case "leaked":
      return { variant: "Leaked", value: { device_id: state.deviceName, tag: state.tag } };
    case "pending":
      throw new Panic("should not save allocated pending restore");
  }
}

/** The slot that `saved` becomes: an allocation waits for its owner. */
export function restoreSlot(saved: SlotSavedState): Slot {
  const { base_pfn, size_pages, state, ...rest } = saved;
  rest satisfies Record<string, never>;
  return { basePfn: base_pfn, sizePages: size_pages, state: restoreSlotState(state) };
}

function restoreSlotState(saved: SlotSavedState["state"]): SlotState {
  if (saved.variant === "Free") return FREE;
  const { device_id: deviceName, tag } = saved.value;
  return { kind: saved.variant === "Allocated" ? "pending" : "leaked", deviceName, tag };
}
