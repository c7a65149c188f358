/**
 * A channel of the VMBus server.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs.
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type {
  VmbusServerChannel,
  VmbusServerChannelState,
  VmbusServerGpadl,
} from "../openhcl_state/mod.ts";

export interface Channel {
  readonly key: VmbusServerChannel["key"];
  channelId: number;
  connectionId: number;
  monitorId: number | null;
  state: VmbusServerChannelState;
  /** `unmatched`: in the saved state, but nobody offers it. */
  restore: "new" | "restoring" | "unmatched" | "restored";
}

export const CLOSED: VmbusServerChannelState = { variant: "Closed", value: {} };
export const REVOKED: VmbusServerChannelState = { variant: "Revoked", value: {} };

/** Refuses saved state for an offered channel that does not fit it. */
export function checkOffered(offered: Channel, key: string, monitorId: number | null): void {
  if (offered.restore !== "new") {
    throw new ChainError(`channel ${key} has already been restored`);
  }
  // A device, such as the relay, may have set the id, and then it is the one that counts.
  const expected = offered.monitorId;
  if (expected === null || expected === monitorId) return;
  const actual = monitorId === null ? "None" : `Some(${monitorId})`;
  throw new ChainError(`mismatched monitor id; expected ${expected}, actual ${actual}`);
}

/** The channel as saved state. */
export function saveChannel(channel: Channel): VmbusServerChannel {
  const { key, channelId, connectionId, monitorId, state, restore: _restore, ...rest } = channel;
  rest satisfies Record<string, never>;
  return {
    key,
    channel_id: channelId,
    offered_connection_id: connectionId,
    state,
    monitor_id: monitorId,
  };
}

/** Whether the guest has the channel open, also while it closes. */
export function isOpen({ variant }: VmbusServerChannelState): boolean {
  return variant === "Open" || variant === "Closing" || variant === "ClosingReopen";
}

/** Whether the channel stays open while the guest is not connected. */
export function savesReserved(state: VmbusServerChannelState): boolean {
  return state.variant === "Open" && state.value.reserved_state !== null;
}

/** GPADL ids are unique within a channel. */
export function gpadlKey({ id, channel_id }: VmbusServerGpadl): string {
  return `${channel_id}/${id}`;
}
