/**
 * A device takes over its channel from the saved state, and says whether it has it open. Where the
 * save came between a request and its answer, the answer is taken as given or the request made
 * again.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`get_restore_open_params`,
 * `restore_channel`, `channel_gpadls`).
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type { OpenRequest } from "../openhcl_state/mod.ts";
import type { OpenParams, RestoredChannel, RestoredGpadl } from "./channel_device.ts";
import type { ControlPlane } from "./control_plane.ts";
import { keyText } from "./offer.ts";
import { monitorIdsInUse } from "./offered_ids.ts";
import { sendOpenResult } from "./opening.ts";
import { STATUS } from "./protocol.ts";
import {
  type Channel,
  CLOSED,
  openParams,
  type ReservedState,
  reservedOf,
} from "./server_channel.ts";

/** `open`: the device has the channel open. */
export function claimChannel(
  plane: ControlPlane,
  channel: Channel,
  open: boolean,
): RestoredChannel {
  const gpadls = [...channel.gpadls].flatMap(([gpadlId, gpadl]): RestoredGpadl[] => {
    const { count, octets, state } = gpadl;
    if (state === "InProgress" || state === "TearingDown") return [];
    return [{ gpadlId, count, octets, accepted: state === "Accepted" }];
  });
  if (channel.restore === "New") {
    // A closed channel that came after the save has no state to miss.
    if (open) throw missing(channel);
    return { opened: null, gpadls };
  }
  if (channel.restore === "Restored") {
    throw new ChainError(`channel ${keyText(channel.offer.key)} has already been restored`);
  }
  if (channel.state.kind === "Closed" && !open && !plane.rules.claimsClosedChannels) {
    return { opened: null, gpadls };
  }
  const opened = open ? openedBefore(channel) : null;
  claimMonitorId(plane, channel);
  channel.opened = opened;
  if (open) continueOpen(plane, channel);
  else continueClosed(plane, channel);
  channel.restore = "Restored";
  return { opened, gpadls };
}

function missing({ offer }: Channel): ChainError {
  return new ChainError(`channel ${keyText(offer.key)} is missing from the saved state`);
}

function mismatched({ offer }: Channel): ChainError {
  return new ChainError(`channel ${keyText(offer.key)} has a mismatched open state`);
}

/** How a channel was opened that its device has open. */
function openedBefore(channel: Channel): OpenParams {
  const { state, info } = channel;
  const request = requestOf(channel);
  if (info === null) throw missing(channel);
  // A channel that closes has no slot of its own any more.
  const closing = state.kind === "Closing" || state.kind === "ClosingReopen";
  return openParams(info, request, closing ? null : reservedOf(state));
}

function requestOf(channel: Channel): OpenRequest {
  const { state } = channel;
  switch (state.kind) {
    case "Closed":
      throw mismatched(channel);
    case "Opening":
      return state.request;
    case "Open":
    case "Closing":
    case "ClosingReopen":
      return state.params;
    default:
      throw missing(channel);
  }
}

/** Ids of the host are not this server's to give away. */
function claimMonitorId(plane: ControlPlane, { offer, info, state }: Channel): void {
  const monitorId = info?.monitorId ?? null;
  if (offer.monitorId !== "own" || monitorId === null || reservedOf(state) !== null) return;
  if (!monitorIdsInUse(plane).has(monitorId)) return;
  throw new ChainError("monitor ID used by multiple channels in the saved state");
}

function continueOpen(plane: ControlPlane, channel: Channel): void {
  const { state } = channel;
  if (state.kind === "Closing" || state.kind === "ClosingReopen") {
    plane.requests.push({ kind: "close", channel });
  } else if (state.kind === "Opening") {
    const { request, reserved } = state;
    sendOpenResult(plane, channel, request, reserved, STATUS.success);
    channel.state = { kind: "Open", params: request, modify: null, reserved };
  } else if (state.kind === "Open" && state.modify !== null && plane.rules.repeatsModify) {
    plane.requests.push({ kind: "modify", channel, targetVp: state.params.target_vp });
  }
}

function continueClosed(plane: ControlPlane, channel: Channel): void {
  const { state } = channel;
  switch (state.kind) {
    case "Closed":
    // The device is there, but the guest has not let go of the old channel yet.
    case "Reoffered":
      return;
    case "Closing":
      channel.state = CLOSED;
      return;
    case "ClosingReopen":
      openAgain(plane, channel, state.request, null);
      return;
    case "Opening":
      openAgain(plane, channel, state.request, state.reserved);
      return;
    case "Open":
      throw mismatched(channel);
    default:
      throw missing(channel);
  }
}

function openAgain(
  plane: ControlPlane,
  channel: Channel,
  request: OpenRequest,
  reserved: ReservedState | null,
): void {
  if (channel.info === null) throw missing(channel);
  channel.state = { kind: "Opening", request, reserved };
  const params = openParams(channel.info, request, reserved);
  plane.requests.push({ kind: "open", channel, params });
}
