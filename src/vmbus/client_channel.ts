/**
 * A channel of the VMBus client, and who uses it.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/lib.rs (`Channel`, `ChannelState`, `GpadlState`).
 *
 * @module
 */
import type { VmbusClientOffer } from "../openhcl_state/mod.ts";

/** Takes what the host says of a channel. Every request is answered exactly once. */
export interface ClientChannelUser {
  /** `eventFlag` is the client's own if interrupts are redirected to it. */
  opened(succeeded: boolean, eventFlag: number | null): void;
  gpadlCreated(gpadlId: number, succeeded: boolean): void;
  gpadlTorndown(gpadlId: number): void;
  modified(status: number): void;
  /** The host has taken the channel away. Requests that are under way are still answered. */
  revoked(): void;
  /** The host has signalled a channel whose interrupts are redirected. */
  interrupt(): void;
}

export type ClientGpadlState = "Offered" | "Created" | "TearingDown";

export type ClientChannelState =
  | { readonly kind: "Offered" }
  | { readonly kind: "Opening"; readonly connectionId: number; readonly eventFlag: number | null }
  /** Open when it was saved, and not claimed yet. */
  | { readonly kind: "Restored" }
  | { readonly kind: "Opened"; readonly connectionId: number; readonly eventFlag: number | null }
  | { readonly kind: "Revoked" };

export const OFFERED: ClientChannelState = { kind: "Offered" };
export const RESTORED: ClientChannelState = { kind: "Restored" };
export const REVOKED_BY_HOST: ClientChannelState = { kind: "Revoked" };

export interface ClientChannel {
  readonly offer: VmbusClientOffer;
  state: ClientChannelState;
  readonly gpadls: Map<number, ClientGpadlState>;
  /** A ModifyChannel has not been answered. */
  modifying: boolean;
  /** The user has let go of it. */
  released: boolean;
  user: ClientChannelUser | null;
}

/** Whether the host has still something to answer. */
export function hasPendingRequest({ modifying, gpadls }: ClientChannel): boolean {
  if (modifying) return true;
  for (const state of gpadls.values()) if (state !== "Created") return true;
  return false;
}

/** How a user opens a channel. */
export interface ClientOpenRequest {
  readonly ringGpadlId: number;
  readonly targetVp: number;
  /** Pages. */
  readonly ringOffset: number;
  readonly userData: Uint8Array;
  readonly eventFlag: number;
  readonly connectionId: number;
  /** Interrupts come to the client and not to the guest. */
  readonly redirected: boolean;
}
