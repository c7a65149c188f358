/**
 * Changes to a channel or a connection that is there: another target processor, other monitor
 * pages, a pause.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`modify_channel`,
 * `modify_channel_complete`, `modify_connection`, `handle_pause`).
 *
 * @module
 */
import { ChainError, Panic, refusal } from "../machine/mod.ts";
import { answersModify } from "./connection.ts";
import { askRelay, completeModify } from "./contact.ts";
import type { ControlPlane } from "./control_plane.ts";
import type { Contents } from "./layout.ts";
import { MESSAGE } from "./messages.ts";
import { CONNECTION_STATE, STATUS } from "./protocol.ts";
import type { Channel } from "./server_channel.ts";

/** A guest wants the interrupts of a channel on another processor. */
export function modifyChannel(plane: ControlPlane, channelId: number, targetVp: number): void {
  try {
    modify(plane, channelId, targetVp);
  } catch (error) {
    sendResponse(plane, channelId, STATUS.unsuccessful);
    throw error;
  }
}

function modify(plane: ControlPlane, channelId: number, targetVp: number): void {
  const channel = plane.channelOf(channelId);
  const { state } = channel;
  if (state.kind !== "Open" || state.reserved !== null) {
    throw new ChainError("invalid channel state for operation");
  }
  if (state.modify === null) {
    plane.requests.push({ kind: "modify", channel, targetVp });
    // The new processor is what counts after a restore.
    const params = { ...state.params, target_vp: targetVp };
    channel.state = { ...state, params, modify: { pendingTargetVp: null } };
  } else if (answersModify(plane.connection)) {
    plane.log.warn("Client sent new ModifyChannel before receiving ModifyChannelResponse.");
  } else {
    // A guest that gets no answer cannot know when it may ask again: the last one counts.
    channel.state = { ...state, modify: { pendingTargetVp: targetVp } };
  }
}

function sendResponse(plane: ControlPlane, channelId: number, status: number): void {
  if (answersModify(plane.connection))
    plane.send(MESSAGE.modifyChannelResponse.encode({ channelId, status }));
}

/** The device has taken the change. */
export function modifyChannelComplete(plane: ControlPlane, channel: Channel, status: number): void {
  const { state } = channel;
  if (state.kind !== "Open" || state.reserved !== null || state.modify === null) return;
  const { pendingTargetVp } = state.modify;
  const channelId = channel.info?.channelId ?? 0;
  channel.state = { ...state, modify: null };
  sendResponse(plane, channelId, status);
  if (pendingTargetVp !== null) modify(plane, channelId, pendingTargetVp);
}

/** A guest changes its monitor pages. */
export function modifyConnection(
  plane: ControlPlane,
  request: Contents<typeof MESSAGE.modifyConnection>,
): void {
  try {
    beginModify(plane, request);
  } catch (error) {
    plane.log.error(`modifying connection failed: ${refusal(error).message}`);
    const answer = { connectionState: CONNECTION_STATE.failedUnknownFailure, featureFlags: 0 };
    if (plane.rules.answersRefusedModify) {
      plane.send(MESSAGE.modifyConnectionResponse.encode(answer));
    } else completeModify(plane, answer);
  }
}

function beginModify(
  plane: ControlPlane,
  request: Contents<typeof MESSAGE.modifyConnection>,
): void {
  const { connection } = plane;
  if (connection.kind !== "Connected") {
    throw new ChainError(`Invalid state for ModifyConnection request: ${connection.kind}`);
  }
  const { parentToChildMonitorPageGpa, childToParentMonitorPageGpa } = request;
  if (connection.info.modifying) throw new ChainError("Duplicate ModifyConnection request");
  if ((parentToChildMonitorPageGpa === 0n) !== (childToParentMonitorPageGpa === 0n)) {
    throw new ChainError("Guest must specify either both or no monitor pages");
  }
  const pages = {
    parentToChild: parentToChildMonitorPageGpa,
    childToParent: childToParentMonitorPageGpa,
  };
  const monitorPages = parentToChildMonitorPageGpa === 0n ? null : pages;
  const info = { ...connection.info, modifying: true, monitorPages };
  plane.connection = { kind: "Connected", info };
  askRelay(plane, { version: null, monitorPages, usesInterruptPage: null });
}

/** A guest wants no more messages after the answer to this one. */
export function pause(plane: ControlPlane): void {
  plane.send(MESSAGE.pauseResponse.encode({}));
  plane.flush();
  const { connection } = plane;
  if (connection.kind !== "Connected") throw new Panic("prevented by Message::parse()");
  plane.connection = { kind: "Connected", info: { ...connection.info, paused: true } };
}
