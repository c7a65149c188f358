/**
 * Packages `partition`, `vmtime` and `underhill.partition`: virtual processors, virtual time and
 * what the hypervisor does not keep for a processor, from vmm_core, vm/vmcore and
 * openhcl/virt_mshv_vtl.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { array, bool, bytes, nested, option, u32, u64, u128, vec } from "../schema/type.ts";
import { SavedStateBlob } from "./save_restore.ts";
import { SynicMessageQueues } from "./virt.ts";

export const Vp = message("partition.Vp", "vmm_core/src/partition_unit.rs", [
  field(1, "vp_index", u32),
  field(2, "data", nested(SavedStateBlob)),
]);
export type Vp = Shape<typeof Vp>;

export const Partition = message("partition.Partition", "vmm_core/src/partition_unit.rs", [
  field(1, "partition", nested(SavedStateBlob)),
  /** By index. */
  field(2, "vps", vec(nested(Vp))),
]);
export type Partition = Shape<typeof Partition>;

/** `VmTime` is transparent: the count itself. */
export const VmTimeSavedState = message("vmtime.SavedState", "vm/vmcore/src/vmtime.rs", [
  /** Units of 100 ns. */
  field(1, "vmtime", u64),
]);
export type VmTimeSavedState = Shape<typeof VmTimeSavedState>;

export const ProcessorVtlSavedState = message(
  "underhill.partition.ProcessorVtlSavedState",
  "openhcl/virt_mshv_vtl/src/processor/mshv/x64.rs",
  [field(1, "message_queue", nested(SynicMessageQueues))],
  { since: "2505" },
);
export type ProcessorVtlSavedState = Shape<typeof ProcessorVtlSavedState>;

/** An x64 virtual processor; on arm64 the same name has other fields. */
export const ProcessorSavedState = message(
  "underhill.partition.ProcessorSavedState",
  "openhcl/virt_mshv_vtl/src/processor/mshv/x64.rs",
  [
    field(1, "rax", u64),
    field(2, "rcx", u64),
    field(3, "rdx", u64),
    field(4, "rbx", u64),
    field(5, "cr2", u64),
    field(6, "rbp", u64),
    field(7, "rsi", u64),
    field(8, "rdi", u64),
    field(9, "r8", u64),
    field(10, "r9", u64),
    field(11, "r10", u64),
    field(12, "r11", u64),
    field(13, "r12", u64),
    field(14, "r13", u64),
    field(15, "r14", u64),
    field(16, "r15", u64),
    /** FXSAVE image. */
    field(17, "fx_state", bytes),
    field(18, "dr0", u64),
    field(19, "dr1", u64),
    field(20, "dr2", u64),
    field(21, "dr3", u64),
    /** `null` where the hypervisor shares it. */
    field(22, "dr6", option(u64)),
    field(23, "startup_suspend", option(bool)),
    field(24, "crash_reg", option(array(u64, 5)), { since: "2505" }),
    field(25, "crash_control", u64, { since: "2505" }),
    field(26, "msr_mtrr_def_type", u64, { since: "2505" }),
    field(27, "fixed_mtrrs", option(array(u64, 11)), { since: "2505" }),
    field(28, "variable_mtrrs", option(array(u64, 16)), { since: "2505" }),
    field(29, "per_vtl", vec(nested(ProcessorVtlSavedState)), { since: "2505" }),
  ],
);
export type ProcessorSavedState = Shape<typeof ProcessorSavedState>;

/** An arm64 virtual processor, under the same type URL as on x64. */
export const Arm64ProcessorSavedState = message(
  "underhill.partition.ProcessorSavedState",
  "openhcl/virt_mshv_vtl/src/processor/mshv/arm64.rs",
  [
    field(1, "x", array(u64, 31)),
    field(2, "q", array(u128, 32)),
    field(3, "startup_suspend", bool),
  ],
);
export type Arm64ProcessorSavedState = Shape<typeof Arm64ProcessorSavedState>;
