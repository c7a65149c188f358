/**
 * Opening channels, reserved ones included.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`handle_open_channel`,
 * `handle_open_reserved_channel`, `open_complete`).
 *
 * @module
 */
import { ChainError, Panic } from "../machine/mod.ts";
import type { OpenRequest } from "../openhcl_state/mod.ts";
import { versionOf } from "./connection.ts";
import type { ControlPlane } from "./control_plane.ts";
import { checkDisconnected } from "./disconnecting.ts";
import { type Contents, USER_DATA_LENGTH } from "./layout.ts";
import { MESSAGE } from "./messages.ts";
import { FEATURE, VP_DISABLE_INTERRUPT } from "./protocol.ts";
import {
  type Channel,
  CLIENT_RELEASED,
  CLOSED,
  isRevoked,
  openParams,
  type ReservedState,
} from "./server_channel.ts";

type Open = Contents<typeof MESSAGE.openChannel2>;

const NO_USER_DATA = new Uint8Array(USER_DATA_LENGTH);

/** A guest opens a channel. What the connection has no feature for does not count. */
export function openChannel(plane: ControlPlane, open: Open): void {
  const channel = plane.channelOf(open.channelId);
  const features = versionOf(plane.connection)?.featureFlags ?? 0;
  const chooses = (features & FEATURE.guestSpecifiedSignalParameters) !== 0;
  const redirects = (features & FEATURE.channelInterruptRedirection) !== 0;
  const request: OpenRequest = {
    open_id: open.openId,
    ring_buffer_gpadl_id: { 0: open.ringBufferGpadlId },
    target_vp: open.targetVp,
    downstream_ring_buffer_page_offset: open.downstreamRingBufferPageOffset,
    user_data: open.userData,
    guest_specified_interrupt_info: chooses
      ? { event_flag: open.eventFlag, connection_id: open.connectionId }
      : null,
    flags: redirects ? open.flags : 0,
  };
  const { state } = channel;
  if (isRevoked(state)) return;
  if (state.kind === "Closed") beginOpen(plane, channel, request, null);
  else if (state.kind === "Closing") {
    // There is no answer to a close, so a guest cannot know how far it has come.
    channel.state = { kind: "ClosingReopen", params: state.params, request };
  } else throw new ChainError("trying to open an open channel");
}

/** A guest opens a channel that stays open when it disconnects. */
export function openReserved(
  plane: ControlPlane,
  open: Contents<typeof MESSAGE.openReservedChannel>,
): void {
  const channel = plane.channelOf(open.channelId);
  const version = versionOf(plane.connection);
  if (version === null) throw new Panic("version validated by Message::parse");
  const request: OpenRequest = {
    open_id: 0,
    ring_buffer_gpadl_id: { 0: open.ringBufferGpadlId },
    target_vp: VP_DISABLE_INTERRUPT,
    downstream_ring_buffer_page_offset: open.downstreamRingBufferPageOffset,
    user_data: NO_USER_DATA,
    guest_specified_interrupt_info: null,
    flags: 0,
  };
  const { state } = channel;
  if (isRevoked(state)) return;
  if (state.kind === "Open" || state.kind === "Opening") {
    throw new ChainError("trying to open an open channel");
  }
  if (state.kind !== "Closed") throw new ChainError("invalid channel state for operation");
  const target = { vp: open.targetVp, sint: open.targetSint & 0xff };
  beginOpen(plane, channel, request, { version, target });
}

/** Asks the device to open its channel. */
export function beginOpen(
  plane: ControlPlane,
  channel: Channel,
  request: OpenRequest,
  reserved: ReservedState | null,
): void {
  if (channel.info === null) throw new Panic("assigned");
  channel.state = { kind: "Opening", request, reserved };
  const params = openParams(channel.info, request, reserved);
  plane.requests.push({ kind: "open", channel, params });
}

/** The device has opened its channel, or has not. */
export function openComplete(plane: ControlPlane, channel: Channel, status: number): void {
  const { state } = channel;
  if (state.kind === "Opening") {
    const { request, reserved } = state;
    sendOpenResult(plane, channel, request, reserved, status);
    channel.state =
      status >= 0 ? { kind: "Open", params: request, modify: null, reserved } : CLOSED;
    if (status < 0) channel.opened = null;
  } else if (state.kind === "OpeningClientRelease") {
    if (status >= 0) {
      channel.state = { kind: "ClosingClientRelease" };
      plane.requests.push({ kind: "close", channel });
    } else {
      channel.state = CLIENT_RELEASED;
      channel.opened = null;
      checkDisconnected(plane);
    }
  } else plane.log.error(`invalid open complete state=${state.kind}`);
}

export function sendOpenResult(
  plane: ControlPlane,
  { info }: Channel,
  { open_id: openId }: OpenRequest,
  reserved: ReservedState | null,
  status: number,
): void {
  const channelId = info?.channelId ?? 0;
  const octets = MESSAGE.openResult.encode({ channelId, openId, status });
  plane.sendTo(reserved?.target ?? null, octets);
}
