/**
 * Opening the guest state at a boot, as each release does.
 *
 * Source: openhcl/underhill_core/src/worker.rs (VMGS is opened early), options.rs. What a release
 * makes of an option that it does not understand is not known: here it counts for nothing.
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

/**
 * Opens the store as a release does; null when the guest state is ephemeral. `override` is the
 * option `HCL_GUEST_STATE_LIFETIME` of the command line.
 */
export type VmgsOpener = (
  lifetime: GuestStateLifetime,
  disk: VmgsDisk,
  saved: SavedVmgs,
  override?: string,
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

/**
 * 1.7 and later: ephemeral guest state has no store, even when one was saved. The option wins over
 * the host's word.
 */
export const openVmgsByLifetime: VmgsOpener = (lifetime, disk, saved, override = "") => {
  const inForce = OVERRIDES[override] ?? lifetime;
  return inForce === "Ephemeral" ? null : openVmgsAlways(inForce, disk, saved);
};

/** Both kinds of reprovisioning concern a fresh boot, and act like the first here. */
const OVERRIDES: Readonly<Record<string, GuestStateLifetime>> = {
  DEFAULT: "Default",
  REPROVISION_ON_FAILURE: "Default",
  REPROVISION: "Default",
  EPHEMERAL: "Ephemeral",
};
