/**
 * Opening the guest state at a boot, as each release does.
 *
 * Source: openhcl/underhill_core/src/worker.rs (VMGS is opened early); facts/openhcl/semantics.md,
 * Guest-state lifetime.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import {
  type GuestStateLifetime,
  openFromDisk,
  openFromSaved,
  type SavedVmgs,
  type Vmgs,
} from "./vmgs.ts";
import type { VmgsDisk } from "./vmgs_disk.ts";

/** Opens the store as a release does; null when the guest state is ephemeral. */
export type VmgsOpener = (
  lifetime: GuestStateLifetime,
  disk: VmgsDisk,
  saved: SavedVmgs,
) => Vmgs | null;

/** 2411 knows no lifetime: there is always a store. */
export const openVmgsAlways: VmgsOpener = (_lifetime, disk, saved) =>
  saved === null ? openFromDisk(disk) : openFromSaved(disk, saved);

/** 2505 knows the setting and has not got further than that. */
export const openVmgsOrPanic: VmgsOpener = (lifetime, disk, saved) => {
  if (lifetime === "Ephemeral") {
    throw new Panic("not yet implemented: OpenHCL ephemeral guest state");
  }
  return openVmgsAlways(lifetime, disk, saved);
};

/** 1.7 and later: ephemeral guest state has no store, even when one was saved. */
export const openVmgsByLifetime: VmgsOpener = (lifetime, disk, saved) =>
  lifetime === "Ephemeral" ? null : openVmgsAlways(lifetime, disk, saved);
