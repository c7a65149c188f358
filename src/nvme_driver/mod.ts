/**
 * OpenHCL's user-mode NVMe driver and its manager, with the behaviour of each release.
 *
 * @module
 */
export { NvmeDriver } from "./driver.ts";
export type { Done, IoOutcome, IoRequest } from "./io_request.ts";
export { NvmeManager, type NvmeManagerOptions } from "./manager.ts";
export type { Namespace } from "./namespaces.ts";
export { nvmePoints } from "./points.ts";
export { blockPages, LAYOUT_66, LAYOUT_69, type QueueLayout } from "./queue_memory.ts";
export type { ControllerRecord, QueueRecord } from "./record.ts";
export type { NvmeRelease } from "./release.ts";
export { RELEASE_2411 } from "./release_2411.ts";
export { RELEASE_2505 } from "./release_2505.ts";
export { RELEASE_2511 } from "./release_2511.ts";
export { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
