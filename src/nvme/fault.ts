/**
 * What can go wrong with a controller: where, how, and when. Values that a test or a matrix makes.
 *
 * Source: microsoft/openvmm, vm/devices/storage/nvme_resources/src/fault.rs, whose verbs these are.
 *
 * @module
 */
import type { AdminOpcode, NvmOpcode } from "./opcodes.ts";

/** Commands that a fault is about; what is left out matches every one. */
export interface QueuePlace {
  readonly queue: "admin" | "io";
  /** As a command is fetched, or as its completion is posted. */
  readonly at: "submission" | "completion";
  readonly opcode?: AdminOpcode | NvmOpcode;
  readonly qid?: number;
  readonly nsid?: number;
}

/** What happens to a command or to its completion. */
export type QueueFaultKind =
  /** It never arrives. */
  | { readonly name: "drop" }
  /** It arrives later, by so many microseconds or when the fault is released. */
  | { readonly name: "delay"; readonly by: number | "until-released" }
  /** Some octets of the entry are others. */
  | { readonly name: "corrupt"; readonly at: number; readonly octets: Uint8Array }
  /** The command fails with this status, unexecuted when the fault is at its submission. */
  | { readonly name: "fail"; readonly status: number }
  /** The data that the command gives to the host begins with these octets. */
  | { readonly name: "payload"; readonly octets: Uint8Array }
  /** The controller is gone from then on, as after the fault `removed` of its registers. */
  | { readonly name: "die" }
  /** It must not come: that it did is a violation. */
  | { readonly name: "panic"; readonly text: string }
  /** That it came is noted. */
  | { readonly name: "verify"; readonly text: string };

/** Which of the matching commands are struck: all, unless it says otherwise. */
export interface FaultTime {
  /** Matches that pass unharmed first. */
  readonly skips?: number;
  /** Matches that are struck then. */
  readonly times?: number;
}

/** What happens to registers, for as long as the fault is armed. */
export type RegisterFaultKind =
  /** CSTS.RDY follows CC.EN later, or never. */
  | { readonly name: "ready-late"; readonly delayUs: number }
  | { readonly name: "ready-never" }
  /** Writes to CC.EN have no effect. */
  | { readonly name: "enable-ignored" }
  /** CAP.MQES says something else. */
  | { readonly name: "queue-entries"; readonly max: number }
  /** The device is gone: everything reads as ones. */
  | { readonly name: "removed" };

/** One fault. */
export type Fault =
  | { readonly place: QueuePlace; readonly kind: QueueFaultKind; readonly time?: FaultTime }
  | { readonly place: "registers"; readonly kind: RegisterFaultKind };
