/**
 * What stands behind a channel of the server, and what it is asked. A device answers at once, or
 * answers null and calls the channel when it is done: an answer that does not come is how every
 * state in between can last.
 *
 * Source: vm/devices/vmbus/vmbus_channel/src/bus.rs (`ChannelRequest`) and
 * vmbus_server/src/channels.rs (`Action`, `OpenParams`).
 *
 * @module
 */
import type { OpenRequest } from "../openhcl_state/mod.ts";
import type { GpadlRanges } from "./gpadl_messages.ts";

/** Where a message of a reserved channel goes. */
export interface ConnectionTarget {
  readonly vp: number;
  readonly sint: number;
}

/** How a channel is opened. */
export interface OpenParams {
  readonly channelId: number;
  readonly request: OpenRequest;
  /** What the guest signals; its own choice, or what was offered. */
  readonly connectionId: number;
  /** What the guest is signalled with. */
  readonly eventFlag: number;
  readonly reservedTarget: ConnectionTarget | null;
}

/** An answer, or null when it comes later. */
export type Answer<T> = T | null;

export interface ChannelDevice {
  /** True when the channel is open. */
  open(params: OpenParams): Answer<boolean>;
  close(): Answer<true>;
  /** True when the device has taken the GPADL. */
  gpadl(gpadlId: number, ranges: GpadlRanges): Answer<boolean>;
  /** `again` after a restore, when an earlier device may have been told, too. */
  teardownGpadl(gpadlId: number, again: boolean): Answer<true>;
  /** Answers a status. */
  modify(targetVp: number): Answer<number>;
  /** The guest has signalled the channel. */
  signaled(): void;
}

/** A GPADL that a device gets back with its restored channel. */
export interface RestoredGpadl extends GpadlRanges {
  readonly gpadlId: number;
  /** The earlier device had taken it; otherwise the server asks again. */
  readonly accepted: boolean;
}

/** What a device gets back with its restored channel. */
export interface RestoredChannel {
  /** Null when the channel is not open. */
  readonly opened: OpenParams | null;
  readonly gpadls: readonly RestoredGpadl[];
}
