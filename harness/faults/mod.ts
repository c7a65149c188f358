/**
 * Every fault there is, in the order of a servicing operation.
 *
 * @module
 */
import { CRASH_FAULTS } from "./crash_faults.ts";
import { HARMLESS } from "./fairness.ts";
import { type Fault, faultName } from "./fault.ts";
import { NVME_FAULTS } from "./nvme_faults.ts";
import { SAVE_FAULTS } from "./save_faults.ts";
import { BETWEEN_FAULTS } from "./state_faults.ts";

export { type Fault, faultName, type GuestNotices } from "./fault.ts";
export { type Spoiling, spoilt } from "./spoilt_state.ts";

const RESTORE_STUCK: Fault = {
  place: "servicing",
  kind: "stuck",
  time: "restore",
  meaning: "The restore waits forever before it does anything",
  source: "openvmm, SERVICING_RESTORE_STUCK",
  fair: { save: ["done"], restore: ["refused", "crashed", "hung"], guest: "nothing" },
};

const VARIABLE_SHORTENED: Fault = {
  place: "variable",
  kind: "shortened",
  time: "after",
  meaning: "What the guest does first is to make a variable of its firmware shorter",
  source: "openvmm, vm/devices/firmware/hcl_compat_uefi_nvram_storage/src/lib.rs",
  devices: ["none", "nvme", "nvme+mana"],
  fair: HARMLESS,
};

export const FAULTS: readonly Fault[] = [
  ...SAVE_FAULTS,
  ...BETWEEN_FAULTS,
  RESTORE_STUCK,
  ...NVME_FAULTS,
  VARIABLE_SHORTENED,
  ...CRASH_FAULTS,
];

const byName = new Map(FAULTS.map((fault) => [faultName(fault), fault]));

/** The fault called `name`; undefined for `none` and for what is no fault. */
export function faultNamed(name: string): Fault | undefined {
  return byName.get(name);
}
