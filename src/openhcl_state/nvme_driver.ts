/**
 * Package `nvme_driver`: controller, namespaces and queue pairs kept alive over servicing, from
 * vm/devices/storage/disk_nvme. The layout of queue memory is not part of the state.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import {
  bool,
  nested,
  option,
  string,
  u16,
  u32,
  u64,
  usize,
  vec,
  zeroCopy,
} from "../schema/type.ts";

export const SubmissionQueueSavedState = message(
  "nvme_driver.SubmissionQueueSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    field(1, "sqid", u16),
    field(2, "head", u32),
    field(3, "tail", u32),
    /** Tail as last written to the doorbell. */
    field(4, "committed_tail", u32),
    /** Entries. */
    field(5, "len", u32),
  ],
  { since: "2505" },
);
export type SubmissionQueueSavedState = Shape<typeof SubmissionQueueSavedState>;

export const CompletionQueueSavedState = message(
  "nvme_driver.CompletionQueueSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    field(1, "cqid", u16),
    field(2, "head", u32),
    /** Head as last written to the doorbell. */
    field(3, "committed_head", u32),
    /** Entries. */
    field(4, "len", u32),
    /** Phase tag that a new completion carries. */
    field(5, "phase", bool),
  ],
  { since: "2505" },
);
export type CompletionQueueSavedState = Shape<typeof CompletionQueueSavedState>;

export const PendingCommandSavedState = message(
  "nvme_driver.PendingCommandSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    /** Octet 0 is the opcode, octets 2 and 3 the command identifier (little endian). */
    field(1, "command", zeroCopy("spec.Command", 64)),
  ],
  { since: "2505" },
);
export type PendingCommandSavedState = Shape<typeof PendingCommandSavedState>;

/** Commands sent and not yet completed. */
export const PendingCommandsSavedState = message(
  "nvme_driver.PendingCommandsSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    field(1, "commands", vec(nested(PendingCommandSavedState))),
    /** Sequence part of the next command identifier, above `cid_key_bits`. */
    field(2, "next_cid_high_bits", u16),
    /** Saved as 10, ignored when restored. */
    field(3, "cid_key_bits", u32),
  ],
  { since: "2505" },
);
export type PendingCommandsSavedState = Shape<typeof PendingCommandsSavedState>;

/** Asynchronous event requests of the admin queue. */
export const AerHandlerSavedState = message(
  "nvme_driver.AerHandlerSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    /** Event that arrived and was not processed: dword 0 of its completion. */
    field(1, "last_aen", option(u32)),
    /** Command identifier of the outstanding request. */
    field(2, "await_aen_cid", option(u16)),
  ],
  { since: "1.7.2511" },
);
export type AerHandlerSavedState = Shape<typeof AerHandlerSavedState>;

export const QueueHandlerSavedState = message(
  "nvme_driver.QueueHandlerSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    field(1, "sq_state", nested(SubmissionQueueSavedState)),
    field(2, "cq_state", nested(CompletionQueueSavedState)),
    field(3, "pending_cmds", nested(PendingCommandsSavedState)),
    /** `null` on I/O queues. */
    field(4, "aer_handler", option(nested(AerHandlerSavedState)), { since: "1.7.2511" }),
  ],
  { since: "2505" },
);
export type QueueHandlerSavedState = Shape<typeof QueueHandlerSavedState>;

export const QueuePairSavedState = message(
  "nvme_driver.QueuePairSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    /** Octets of the one block that holds both queues and the data pages. */
    field(1, "mem_len", usize),
    /** First page of that block, in pages of 4096 octets. */
    field(2, "base_pfn", u64),
    field(3, "qid", u16),
    field(4, "sq_entries", u16),
    field(5, "cq_entries", u16),
    field(6, "handler_data", nested(QueueHandlerSavedState)),
  ],
  { since: "2505" },
);
export type QueuePairSavedState = Shape<typeof QueuePairSavedState>;

/** A queue pair and the processor that submits to it. */
export const IoQueueSavedState = message(
  "nvme_driver.IoQueueSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    /** Virtual processor. */
    field(1, "cpu", u32),
    /** Interrupt vector. */
    field(2, "iv", u32),
    field(3, "queue_data", nested(QueuePairSavedState)),
    /** Created beforehand on a fused device and not used yet. */
    field(4, "unmapped", bool, { since: "1.7.2511" }),
  ],
  { since: "2505" },
);
export type IoQueueSavedState = Shape<typeof IoQueueSavedState>;

export const NvmeDriverWorkerSavedState = message(
  "nvme_driver.NvmeDriverWorkerSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    field(1, "admin", option(nested(QueuePairSavedState))),
    field(2, "io", vec(nested(IoQueueSavedState))),
    /** Entries of an I/O queue. */
    field(3, "qsize", u16),
    field(4, "max_io_queues", u16),
    /** `null` from an older writer: all queues are restored at once. */
    field(5, "allow_lazy_restore", option(bool), { since: "1.8.2607" }),
  ],
  { since: "2505" },
);
export type NvmeDriverWorkerSavedState = Shape<typeof NvmeDriverWorkerSavedState>;

/** A namespace that was active; 2505 saves none. */
export const SavedNamespaceData = message(
  "nvme_driver.SavedNamespaceData",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [field(1, "nsid", u32), field(2, "identify_ns", zeroCopy("nvm.IdentifyNamespace", 4096))],
  { since: "2505" },
);
export type SavedNamespaceData = Shape<typeof SavedNamespaceData>;

export const NvmeDriverSavedState = message(
  "nvme_driver.NvmeDriverSavedState",
  "vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs",
  [
    field(1, "identify_ctrl", zeroCopy("spec.IdentifyController", 4096)),
    /** Owner of its DMA pages. */
    field(2, "device_id", string),
    field(3, "namespaces", vec(nested(SavedNamespaceData))),
    field(4, "worker_data", nested(NvmeDriverWorkerSavedState)),
  ],
  { since: "2505" },
);
export type NvmeDriverSavedState = Shape<typeof NvmeDriverSavedState>;
