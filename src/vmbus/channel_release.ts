/**
 * The two ways in which a channel goes: its guest releases it, or its device revokes it. Which of
 * the two is later takes the channel out of the list.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`client_release_channel`, `revoke`).
 *
 * @module
 */
import { answersModify } from "./connection.ts";
import type { ControlPlane } from "./control_plane.ts";
import { MESSAGE } from "./messages.ts";
import { sendOffer, takeIds } from "./offered_ids.ts";
import { STATUS, type VersionInfo } from "./protocol.ts";
import {
  type Channel,
  CLIENT_RELEASED,
  CLOSED,
  type Gpadl,
  isReleased,
  isRevoked,
  REVOKED,
} from "./server_channel.ts";

/**
 * Ends every reference of the guest to `channel`. A channel that waits to be offered again is
 * offered under the same id if there is a `version` to offer it with. Answers whether the channel
 * is to be removed.
 */
export function clientRelease(
  plane: ControlPlane,
  channel: Channel,
  version: VersionInfo | null,
  vmReset = false,
): boolean {
  for (const [gpadlId, gpadl] of channel.gpadls) {
    if (!keepsReleased(plane, channel, gpadlId, gpadl)) channel.gpadls.delete(gpadlId);
  }
  if (channel.state.kind === "Reoffered" && version !== null) {
    channel.state = CLOSED;
    channel.restore = "New";
    sendOffer(plane, channel, version);
    return false;
  }
  const remove = channel.state.kind === "Revoked";
  channel.state = releasedState(plane, channel, vmReset);
  takeIds(plane, channel);
  return remove;
}

/** Whether a GPADL of a released channel stays until its device has let go of it. */
function keepsReleased(
  plane: ControlPlane,
  channel: Channel,
  gpadlId: number,
  gpadl: Gpadl,
): boolean {
  switch (gpadl.state) {
    case "InProgress":
      if (plane.rules.forgetsIncompleteGpadls) plane.incomplete.delete(gpadlId);
      return false;
    case "Offered":
      gpadl.state = "OfferedTearingDown";
      return true;
    case "Accepted":
      if (isRevoked(channel.state)) return false;
      gpadl.state = "TearingDown";
      plane.requests.push({ kind: "teardown", channel, gpadlId, again: false });
      return true;
    default:
      return true;
  }
}

function releasedState(plane: ControlPlane, channel: Channel, vmReset: boolean): Channel["state"] {
  const { state } = channel;
  switch (state.kind) {
    case "Opening":
      // Nothing of the device is there yet, and a stopped one would never answer.
      if (vmReset && plane.rules.resetsOpeningChannels) return CLIENT_RELEASED;
      return { kind: "OpeningClientRelease" };
    case "Open":
      plane.requests.push({ kind: "close", channel });
      return { kind: "ClosingClientRelease" };
    case "Closing":
    case "ClosingReopen":
      return { kind: "ClosingClientRelease" };
    default:
      return isReleased(state) ? state : CLIENT_RELEASED;
  }
}

/** The device is gone. Answers whether the channel stays, because the guest refers to it. */
export function revoke(plane: ControlPlane, channel: Channel): boolean {
  const { state } = channel;
  if (state.kind === "Revoked") return true;
  const released = isReleased(state);
  const informs = !released && state.kind !== "Reoffered";
  if (!released) channel.state = REVOKED;
  const channelId = channel.info?.channelId ?? 0;
  const messages = endGpadls(channel, channelId);
  const modifies = state.kind === "Open" && state.modify !== null;
  if (modifies && plane.rules.rescindsFirst && answersModify(plane.connection)) {
    const { unsuccessful: status } = STATUS;
    messages.push(MESSAGE.modifyChannelResponse.encode({ channelId, status }));
  }
  if (informs) {
    plane.log.info(`rescinding channel from guest channel_id=${channelId}`);
    const rescind = MESSAGE.rescindChannelOffer.encode({ channelId });
    if (plane.rules.rescindsFirst) messages.unshift(rescind);
    else messages.push(rescind);
    for (const octets of messages) plane.send(octets);
  }
  // Revoking a channel completes its restore.
  if (channel.restore !== "New") channel.restore = "Restored";
  channel.device = null;
  channel.opened = null;
  return !released;
}

/** Nobody will answer what was asked of GPADLs. Answers what the guest is told in place of that. */
function endGpadls({ gpadls }: Channel, channelId: number): Uint8Array[] {
  const answers: Uint8Array[] = [];
  for (const [gpadlId, { state }] of gpadls) {
    if (state === "InProgress" || state === "Accepted") continue;
    gpadls.delete(gpadlId);
    if (state === "OfferedTearingDown") continue;
    const { unsuccessful: status } = STATUS;
    answers.push(
      state === "Offered"
        ? MESSAGE.gpadlCreated.encode({ channelId, gpadlId, status })
        : MESSAGE.gpadlTorndown.encode({ gpadlId }),
    );
  }
  return answers;
}
