/**
 * OpenHCL 1.7.2511: larger queues, saved namespaces, lazily restored queues. Source:
 * microsoft/openvmm, release/1.7.2511, nvme_driver and underhill_core's nvme_manager.
 *
 * Real defects that it has: the entry of a device that lost keepalive still says that it supports
 * save and restore (manager.rs:484; fixed in 1.8.2607); an inspect request makes it forget the
 * queue that it is creating (PR 3405, of which no backport is known).
 *
 * @module
 */
import { LAYOUT_69 } from "./queue_memory.ts";
import type { NvmeRelease } from "./release.ts";

export const RELEASE_2511: NvmeRelease = {
  name: "1.7.2511",
  layout: LAYOUT_69,
  keepsDevices: true,
  keepsNamespaces: true,
  asynchronousEvents: "queue",
  rescans: "changed",
  drains: "allQueues",
  savesWhileDraining: true,
  unsavedIoQueue: "fails",
  looksAgain: false,
  inspectDropsCreation: true,
  noMoreQueues: (max) => `no more io queues available, reached maximum ${max}`,
  knowsFusedDevices: true,
  asksKindAtRestore: true,
  asksFusedForEvents: false,
  savedAllowLazyRestore: undefined,
  adminQueueMissing: "attempted to restore admin queue from empty state",
  namesDeviceInErrors: true,
  restoresLazily: () => true,
  restoresByVector: false,
  nextQid: (_liveQueues, highestQid) => highestQid + 1,
  keepaliveLost: "clears",
  clearedEntrySupportsSaveRestore: true,
  disablesResetBeforeRestore: true,
};
