/**
 * Xenopsd as a deterministic machine: objects, tasks, queues, and what a restart makes of a VM.
 *
 * @module
 */
export type { Call } from "./call.ts";
export type { Dom, DomChange, Storage, StorageChange } from "./dom.ts";
export type { Failure, FaultPlan, Place } from "./fault_plan.ts";
export { Fs, type Path } from "./fs.ts";
export { Hypervisor } from "./hypervisor.ts";
export { Network } from "./network.ts";
export type { Observer } from "./observer.ts";
export type { Atomic, CheckState, Leaf, Operation } from "./operation.ts";
export { QUIRKS, type Quirk } from "./quirks_table.ts";
export type { Release } from "./release.ts";
export type { Reply } from "./reply.ts";
export type { StepPoint } from "./step_point.ts";
export type { Passing } from "./tap.ts";
export type { Task } from "./task.ts";
export { VirtualClock } from "./virtual_clock.ts";
export type { PoolName, WorkItem } from "./work_item.ts";
export { World } from "./world.ts";
export { Xenopsd } from "./xenopsd.ts";
export type { XenopsdOptions } from "./xenopsd_options.ts";
