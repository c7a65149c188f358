/**
 * Closing channels, reserved ones included.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`handle_close_channel`,
 * `handle_close_reserved_channel`, `close_complete`).
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import { clientRelease } from "./channel_release.ts";
import type { ControlPlane } from "./control_plane.ts";
import { checkDisconnected } from "./disconnecting.ts";
import type { Contents } from "./layout.ts";
import { MESSAGE } from "./messages.ts";
import { beginOpen } from "./opening.ts";
import {
  type Channel,
  CLIENT_RELEASED,
  CLOSED,
  isRevoked,
  type ReservedState,
} from "./server_channel.ts";

export function closeChannel(plane: ControlPlane, channelId: number): void {
  const channel = plane.channelOf(channelId);
  const { state } = channel;
  if (isRevoked(state)) return;
  if (state.kind !== "Open") throw new ChainError("trying to close a closed channel");
  if (state.reserved !== null) throw new ChainError("invalid operation on reserved channel");
  if (state.modify !== null) {
    plane.log.warn("Client is closing the channel with a modify in progress");
  }
  channel.state = { kind: "Closing", params: state.params, reserved: null };
  plane.requests.push({ kind: "close", channel });
}

/** The answer goes where this message says, not where the channel was opened for. */
export function closeReserved(
  plane: ControlPlane,
  { channelId, targetVp, targetSint }: Contents<typeof MESSAGE.closeReservedChannel>,
): void {
  const channel = plane.channelOf(channelId);
  const { state } = channel;
  if (isRevoked(state)) return;
  if (state.kind !== "Open") throw new ChainError("trying to close a closed channel");
  if (state.reserved === null) throw new ChainError("invalid operation on non-reserved channel");
  const target = { vp: targetVp, sint: targetSint & 0xff };
  const reserved = { version: state.reserved.version, target };
  channel.state = { kind: "Closing", params: state.params, reserved };
  plane.requests.push({ kind: "close", channel });
}

/** The device has closed its channel. */
export function closeComplete(plane: ControlPlane, channel: Channel): void {
  const { state } = channel;
  switch (state.kind) {
    case "Closing":
      channel.state = CLOSED;
      if (state.reserved !== null) closedReserved(plane, channel, state.reserved);
      return;
    case "ClosingClientRelease":
      channel.state = CLIENT_RELEASED;
      checkDisconnected(plane);
      return;
    case "ClosingReopen":
      channel.state = CLOSED;
      beginOpen(plane, channel, state.request, null);
      return;
    default:
      plane.log.error(`invalid close complete state=${state.kind}`);
  }
}

function closedReserved(plane: ControlPlane, channel: Channel, { target }: ReservedState): void {
  if (plane.connection.kind === "Connected") {
    const channelId = channel.info?.channelId ?? 0;
    plane.sendTo(target, MESSAGE.closeReservedResponse.encode({ channelId }));
    return;
  }
  // Nobody waits for it: the guest is not connected.
  if (clientRelease(plane, channel, null)) plane.remove(channel);
}
