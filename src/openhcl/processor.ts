/**
 * A virtual processor, as far as OpenHCL keeps it: registers that the hypervisor does not save
 * itself, and messages that wait for a slot of the guest's interrupt controller.
 *
 * Source: openhcl/virt_mshv_vtl/src/processor/mshv/x64.rs (`save_restore`); PR 494.
 *
 * @module
 */
import type { ProcessorSavedState } from "../openhcl_state/mod.ts";

/** Message slots of a processor, in each VTL. */
const SINTS = 16;

/** VTL0 and VTL1. */
const VTLS = 2;

type ByHypervisor = "msr_mtrr_def_type" | "fixed_mtrrs" | "variable_mtrrs";

export interface Processor extends Omit<ProcessorSavedState, ByHypervisor | "per_vtl"> {
  /** Messages of VTL0 that wait, for each slot. */
  readonly queues: readonly (readonly Uint8Array[])[];
}

export const NO_MESSAGES: Processor["queues"] = new Array(SINTS).fill([]);

export function saveProcessor({ queues, ...registers }: Processor): ProcessorSavedState {
  const others = new Array(VTLS - 1).fill({ message_queue: { queues: NO_MESSAGES } });
  return {
    ...registers,
    ...MTRRS,
    per_vtl: [{ message_queue: { queues: queues.map((queue) => [...queue]) } }, ...others],
  };
}

export function restoreProcessor(saved: ProcessorSavedState): Processor {
  const { msr_mtrr_def_type, fixed_mtrrs, variable_mtrrs, per_vtl, ...registers } = saved;
  // The hypervisor has kept these: a state from before they were saved does not clear them.
  const _kept = { msr_mtrr_def_type, fixed_mtrrs, variable_mtrrs };
  const { crash_reg = null, crash_control = 0n } = registers;
  return {
    ...registers,
    crash_reg: crash_reg ?? NO_CRASH,
    crash_control,
    queues: per_vtl?.[0]?.message_queue.queues ?? NO_MESSAGES,
  };
}

const NO_CRASH = [0n, 0n, 0n, 0n, 0n];

/** Memory types as the hypervisor has them: write-back, and the BIOS area uncached. */
const MTRRS: Pick<ProcessorSavedState, ByHypervisor> = {
  msr_mtrr_def_type: 0xc06n,
  fixed_mtrrs: [...new Array(2).fill(0x0606_0606_0606_0606n), ...new Array(9).fill(0n)],
  variable_mtrrs: [0xc000_0000n, 0xf_c000_0800n, ...new Array(14).fill(0n)],
};
