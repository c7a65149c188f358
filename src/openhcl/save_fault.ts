/**
 * Ways in which one save goes wrong: the test hooks of `OPENHCL_TEST_CONFIG` and failures of the
 * parts that a save asks.
 *
 * Source: microsoft/openvmm, openhcl/underhill_core/src/options.rs (`TestScenarioConfig`: hooks
 * `SERVICING_SAVE_STUCK`, `SERVICING_SAVE_FAIL`) and dispatch/mod.rs (`save`),
 * vmm_core/state_unit/src/lib.rs.
 *
 * @module
 */
import { SaveError, type VirtualClock } from "../machine/mod.ts";
import type { SavedStateUnit } from "../openhcl_state/mod.ts";

export type SaveFault =
  /** Hook: waits forever before anything else. */
  | "save-stuck"
  /** Hook: fails after full success. */
  | "save-fail"
  /** The units take longer than the time that the host gives. */
  | "save-slow"
  /** The units take longer than a usual timeout, but less than 200 s. */
  | "save-long"
  | "nvme-save-error"
  /** One I/O queue of the first controller cannot be saved. */
  | "queue-save-error"
  | "unit-save-error"
  /** The list has a unit that no reader knows. */
  | "unit-unknown"
  | "unit-duplicate"
  | "unit-missing"
  | "vmgs-save-error"
  /** A driver of a PCI device does not let go of it, after everything was saved. */
  | "pci-shutdown-error"
  | "flush-logs-timeout";

/** The unit that the faults of units are about; every VM has it. */
const VICTIM = "ioapic";

/** A unit that no release has. */
const UNKNOWN_UNIT: SavedStateUnit = {
  name: "unknown-device",
  state: { type_url: "type.googleapis.com/save_restore.NoSavedState", value: new Uint8Array(0) },
};

/** A save of less than the 200 s that stand for an unset timeout. */
const LONG_SAVE_US = 150_000_000;

/** Beyond every deadline that a fault is combined with. */
const BEYOND_DEADLINE_US = 1_000_000;

/** Lets the time pass that slow units need, given the time that the host allows. */
export function delayUnits(fault: SaveFault | null, clock: VirtualClock, timeoutUs: number): void {
  if (fault === "save-slow") clock.advance(timeoutUs + BEYOND_DEADLINE_US);
  if (fault === "save-long") clock.advance(LONG_SAVE_US);
}

/** The error of the unit `name`, if `fault` is about it. */
export function failUnit(fault: SaveFault | null, name: string): void {
  if (fault === "unit-save-error" && name === VICTIM) throw new SaveError("simulated unit failure");
}

/** The list of units as a differing writer would have made it. */
export function distortUnits(
  fault: SaveFault | null,
  units: readonly SavedStateUnit[],
): SavedStateUnit[] {
  const victims = units.filter(({ name }) => name === VICTIM);
  if (fault === "unit-unknown") return [...units, UNKNOWN_UNIT];
  if (fault === "unit-duplicate") return [...units, ...victims];
  if (fault === "unit-missing") return units.filter(({ name }) => name !== VICTIM);
  return [...units];
}
