/**
 * What a VM is: properties that it has for its whole life, whatever runs on it.
 *
 * @module
 */
import type { ProtocolStep } from "../guest/mod.ts";
import type { DeviceIds } from "./device_ids.ts";
import type { DiskStep } from "./disk_step_names.ts";
import type { Protocol } from "./protocol.ts";
import type { GuestStateLifetime } from "./vmgs.ts";
import type { Placement } from "./vtl2_memory.ts";

/** `none`: it has made no connection, and the guest has made none to its own bus. */
export type ClientStep = "none";

export type Flight = "hop" | "chain";

/** Properties of the VM: one value for its whole life. */
export interface VmProperties {
  readonly devices: string;
  readonly lifetime: GuestStateLifetime;
  readonly isolated: boolean;
  /** How far the client of the host's bus is; connected, as the guest is, when absent. */
  readonly clientStep?: ClientStep;
  /** The step of the protocol at which the guest is when it is saved, if it is connected. */
  readonly guestStep?: ProtocolStep;
  /** The step of its work with disks at which the guest is saved first; the usual when absent. */
  readonly diskStep?: DiskStep;
  /**
   * For how long disks keep what is in flight at a save: until the guest goes on after the next
   * restore, or over every save, to the end of its life. `hop` when absent.
   */
  readonly flight?: Flight;
  /** What the devices are called; `usual` when absent. */
  readonly ids?: DeviceIds;
  /** What host and guest speak; `current` when absent. */
  readonly protocol?: Protocol;
  /** What the memory of VTL2 is like; `whole`, no larger than the pool, when absent. */
  readonly placement?: Placement;
  /** What the guest does first after a servicing is to make a variable of the firmware shorter. */
  readonly shortensVariable: boolean;
  /** Number that tells this guest from every other one. */
  readonly seed: number;
}
