/**
 * OpenHCL 2505, the first release with NVMe keepalive. Source: microsoft/openvmm, release/2505,
 * nvme_driver and underhill_core's nvme_manager.
 *
 * Real defects that it has: it drops queues that cannot be saved and then uses their identifiers
 * again; each queue drains on its own, so that new commands overtake old ones of another queue
 * (PR 2833); a save while a queue drains hangs (PRs 2736, 2753); it attaches to saved devices
 * even when keepalive has been switched off (PR 2371); an inspect request makes it forget the queue
 * that it is creating (PR 3405).
 *
 * @module
 */
import { LAYOUT_66 } from "./queue_memory.ts";
import type { NvmeRelease } from "./release.ts";

export const RELEASE_2505: NvmeRelease = {
  name: "2505",
  layout: LAYOUT_66,
  keepsDevices: true,
  keepsNamespaces: false,
  asynchronousEvents: "task",
  rescans: "all",
  drains: "queue",
  savesWhileDraining: false,
  unsavedIoQueue: "dropped",
  looksAgain: true,
  inspectDropsCreation: true,
  noMoreQueues: () => "no more io queues available",
  knowsFusedDevices: false,
  asksKindAtRestore: true,
  asksFusedForEvents: false,
  savedAllowLazyRestore: undefined,
  adminQueueMissing: "called `Option::unwrap()` on a `None` value",
  namesDeviceInErrors: false,
  restoresLazily: () => false,
  restoresByVector: false,
  nextQid: (liveQueues) => liveQueues + 1,
  keepaliveLost: "attaches",
  clearedEntrySupportsSaveRestore: true,
  disablesResetBeforeRestore: false,
};
