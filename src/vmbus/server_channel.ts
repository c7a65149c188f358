/**
 * A channel of the VMBus server: its offer, its state, and the GPADLs that the guest has made for
 * it.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`Channel`, `ChannelState`, `Gpadl`).
 *
 * @module
 */
import type { OpenRequest } from "../openhcl_state/mod.ts";
import type { ChannelDevice, ConnectionTarget, OpenParams } from "./channel_device.ts";
import type { OfferParams } from "./offer.ts";
import type { VersionInfo } from "./protocol.ts";

/** A channel that its guest keeps while it is not connected. */
export interface ReservedState {
  readonly version: VersionInfo;
  readonly target: ConnectionTarget;
}

/** Not modifying is null; otherwise what comes after, if the guest has asked again meanwhile. */
export type ModifyState = { readonly pendingTargetVp: number | null } | null;

export type ChannelState =
  /** Offered by its device, unknown to the guest. GPADLs of an earlier connection may be left. */
  | { readonly kind: "ClientReleased" }
  | { readonly kind: "Closed" }
  | {
      readonly kind: "Opening";
      readonly request: OpenRequest;
      readonly reserved: ReservedState | null;
    }
  | {
      readonly kind: "Open";
      readonly params: OpenRequest;
      readonly modify: ModifyState;
      readonly reserved: ReservedState | null;
    }
  | {
      readonly kind: "Closing";
      readonly params: OpenRequest;
      readonly reserved: ReservedState | null;
    }
  /** The guest has asked to open it again before the device has closed it. */
  | { readonly kind: "ClosingReopen"; readonly params: OpenRequest; readonly request: OpenRequest }
  /** The device is gone, and the guest has not released the channel yet. */
  | { readonly kind: "Revoked" }
  /** As revoked, but the device is there again. */
  | { readonly kind: "Reoffered" }
  /** The guest has released the channel, and the device is still busy with it. */
  | { readonly kind: "ClosingClientRelease" }
  | { readonly kind: "OpeningClientRelease" };

export const CLIENT_RELEASED: ChannelState = { kind: "ClientReleased" };
export const CLOSED: ChannelState = { kind: "Closed" };
export const REVOKED: ChannelState = { kind: "Revoked" };
export const REOFFERED: ChannelState = { kind: "Reoffered" };

export type GpadlState =
  /** Not all of its messages have come. */
  | "InProgress"
  /** The device has been asked. */
  | "Offered"
  /** As offered, but the guest has released it already. */
  | "OfferedTearingDown"
  | "Accepted"
  | "TearingDown";

export interface Gpadl {
  readonly count: number;
  octets: Uint8Array;
  /** Octets that have come so far. */
  filled: number;
  /** False after a restore, which does not know how long an incomplete GPADL was to be. */
  lengthKnown: boolean;
  state: GpadlState;
}

export interface Channel {
  /** Tells this offer from an earlier or later one of the same key. */
  readonly sequence: number;
  offer: OfferParams;
  /** Null while the guest does not know of the channel. */
  info: OfferedInfo | null;
  state: ChannelState;
  /** `Unmatched`: in the saved state, but nobody offers it. */
  restore: "New" | "Restoring" | "Unmatched" | "Restored";
  readonly gpadls: Map<number, Gpadl>;
  /** Null once it is gone, or while it has not come. */
  device: ChannelDevice | null;
  /** How the device has the channel open; the port that the guest signals is there meanwhile. */
  opened: OpenParams | null;
}

/** What the guest knows the channel by. */
export interface OfferedInfo {
  readonly channelId: number;
  readonly connectionId: number;
  readonly monitorId: number | null;
}

/** The guest has no reference to the channel and may not use it. */
export function isReleased({ kind }: ChannelState): boolean {
  return (
    kind === "ClientReleased" || kind === "ClosingClientRelease" || kind === "OpeningClientRelease"
  );
}

export function isRevoked({ kind }: ChannelState): boolean {
  return kind === "Revoked" || kind === "Reoffered";
}

/** What a reserved channel is reserved for; null for every other one. */
export function reservedOf(state: ChannelState): ReservedState | null {
  return "reserved" in state ? state.reserved : null;
}

/** Whether the guest has the channel open, also while it closes. */
export function isOpen({ kind }: ChannelState): boolean {
  return kind === "Open" || kind === "Closing" || kind === "ClosingReopen";
}

/** How the device is asked to open a channel. */
export function openParams(
  { channelId, connectionId }: OfferedInfo,
  request: OpenRequest,
  reserved: ReservedState | null,
): OpenParams {
  const chosen = request.guest_specified_interrupt_info;
  return {
    channelId,
    request,
    connectionId: chosen?.connection_id ?? connectionId,
    eventFlag: chosen?.event_flag ?? channelId,
    reservedTarget: reserved?.target ?? null,
  };
}
