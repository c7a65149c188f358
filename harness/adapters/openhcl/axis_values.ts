/**
 * Values of axes that constraints and slices speak of, too.
 *
 * @module
 */

/** Memory for a pool that is not exactly as large and in one piece. */
export const UNUSUAL_MEMORY: readonly string[] = ["roomy", "numa", "scarce", "fragmented"];

/** Ids that only NVMe devices have. */
export const NVME_IDS: readonly string[] = ["fused", "unreadable"];
export const ODD_IDS: readonly string[] = ["wide", ...NVME_IDS];

export const GUEST_PROTOCOLS: readonly string[] = ["guest-iron", "guest-win10", "guest-win7"];
/** Older guests, a host like OpenVMM, and one from before keepalive. */
export const ODD_PROTOCOLS: readonly string[] = [...GUEST_PROTOCOLS, "host-pausing", "host-zeroed"];

/** Points of the first save that came later than the others, with their editions. */
export const LATER_POINTS: Readonly<Record<string, number>> = {
  "queue:inspected": 3,
  "rescind:crossed": 3,
  "rescind:early": 3,
  "rescind:undone": 3,
  "client:none": 4,
  "answers:pending": 4,
  "queue:full": 4,
  "contact:begun": 4,
};
