/**
 * Which operations want a VM in a certain power state.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (verify_power_state). A VM whose image is
 * from before "Lima" looks halted and may be resumed.
 *
 * @module
 */
import { type PowerState, XenopsError } from "../xenops_interface/mod.ts";
import type { Engine } from "./engine.ts";
import type { Operation } from "./operation.ts";
import { powerState } from "./vm_state.ts";

const EXPECTED: Partial<Record<Operation["o"], readonly PowerState[]>> = {
  VM_start: ["Halted"],
  VM_reboot: ["Running", "Paused"],
  VM_resume: ["Suspended", "Halted"],
};

export function verifyPowerState(engine: Engine, { o, vm }: Operation): void {
  const expected = EXPECTED[o];
  if (expected === undefined) return;
  needPowerState(engine, vm, expected);
}

/** Fails if it is in none of the states. */
export function needPowerState(engine: Engine, vm: string, expected: readonly PowerState[]): void {
  const found = powerState(engine, vm);
  if (!expected.includes(found)) {
    throw new XenopsError("Bad_power_state", [found, expected[0] ?? found]);
  }
}
