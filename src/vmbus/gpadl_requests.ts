/**
 * GPADLs: guest memory that a guest describes to a device in one or more messages, and takes back.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channels.rs (`handle_gpadl_header`,
 * `handle_gpadl_body`, `handle_gpadl_teardown`, `gpadl_create_complete`,
 * `gpadl_teardown_complete`).
 *
 * @module
 */
import { ChainError, Panic, refusal, withContext } from "../machine/mod.ts";
import type { ControlPlane } from "./control_plane.ts";
import { checkDisconnected } from "./disconnecting.ts";
import { checkGpaRanges, WORD_LENGTH, wordsMissing } from "./gpa_ranges.ts";
import type { Contents } from "./layout.ts";
import { MESSAGE } from "./messages.ts";
import { STATUS } from "./protocol.ts";
import { type Channel, type Gpadl, isReleased, isRevoked, reservedOf } from "./server_channel.ts";

type Header = Contents<typeof MESSAGE.gpadlHeader>;

/** A guest begins a GPADL. It is told of every error, since it names the channel. */
export function gpadlHeader(plane: ControlPlane, header: Header, data: Uint8Array): void {
  const { channelId, gpadlId } = header;
  try {
    begin(plane, header, data);
  } catch (error) {
    plane.log.warn(`error handling gpadl header: ${refusal(error).message}`);
    sendCreated(plane, channelId, gpadlId, STATUS.unsuccessful);
  }
}

function begin(plane: ControlPlane, header: Header, data: Uint8Array): void {
  const { channelId, gpadlId, length, count } = header;
  const channel = plane.channelOf(channelId);
  // Bodies do not name a channel, so ids must not meet those of reserved channels.
  if (reservedOf(channel.state) !== null) {
    throw new ChainError("invalid operation on reserved channel");
  }
  const octets = new Uint8Array(length - (length % WORD_LENGTH));
  const gpadl: Gpadl = { count, octets, filled: 0, lengthKnown: true, state: "InProgress" };
  const complete = append(gpadl, data);
  if (channel.gpadls.has(gpadlId)) throw new ChainError("duplicate GPADL ID");
  if (!complete) noteIncomplete(plane, gpadlId, channel);
  channel.gpadls.set(gpadlId, gpadl);
  if (complete) offerGpadl(plane, channel, gpadlId, gpadl);
}

function noteIncomplete(plane: ControlPlane, gpadlId: number, channel: Channel): void {
  if (plane.incomplete.has(gpadlId)) {
    if (plane.rules.forgetsIncompleteGpadls) throw new ChainError("duplicate GPADL ID");
    throw new Panic("internal error: entered unreachable code: gpadl ID validated above");
  }
  plane.incomplete.set(gpadlId, channel);
}

/** A guest goes on with a GPADL. An id that nobody knows has no channel to be answered on. */
export function gpadlBody(plane: ControlPlane, gpadlId: number, data: Uint8Array): void {
  const channel = plane.incomplete.get(gpadlId);
  const gpadl = channel?.gpadls.get(gpadlId);
  if (channel === undefined || gpadl === undefined) throw new ChainError("unknown GPADL ID");
  try {
    if (!append(gpadl, data)) return;
    plane.incomplete.delete(gpadlId);
    offerGpadl(plane, channel, gpadlId, gpadl);
  } catch (error) {
    plane.log.warn(`error handling gpadl body: ${refusal(error).message}`);
    plane.incomplete.delete(gpadlId);
    channel.gpadls.delete(gpadlId);
    sendCreated(plane, channel.info?.channelId ?? 0, gpadlId, STATUS.unsuccessful);
  }
}

/** Takes as much of `data` as is still missing. Answers whether the GPADL is complete. */
function append(gpadl: Gpadl, data: Uint8Array): boolean {
  if (gpadl.state !== "InProgress") throw new ChainError("GPADL is already complete");
  const words = data.subarray(0, data.length - (data.length % WORD_LENGTH));
  if (!gpadl.lengthKnown) return appendRestored(gpadl, words);
  // Some guests send messages of the greatest length, whatever they have to say.
  const part = words.subarray(0, gpadl.octets.length - gpadl.filled);
  gpadl.octets.set(part, gpadl.filled);
  gpadl.filled += part.length;
  if (gpadl.filled < gpadl.octets.length) return false;
  withContext("invalid gpa range", () => checkGpaRanges(gpadl.count, gpadl.octets));
  gpadl.state = "Offered";
  return true;
}

/**
 * A GPADL whose length is not known is complete once its ranges are. What upstream does with one
 * depends on the capacity that a vector happens to have after decoding.
 */
function appendRestored(gpadl: Gpadl, words: Uint8Array): boolean {
  const octets = new Uint8Array(gpadl.octets.length + words.length);
  octets.set(gpadl.octets);
  octets.set(words, gpadl.octets.length);
  gpadl.octets = octets;
  gpadl.filled = octets.length;
  if (wordsMissing(gpadl.count, octets)) return false;
  withContext("invalid gpa range", () => checkGpaRanges(gpadl.count, octets));
  gpadl.state = "Offered";
  return true;
}

function offerGpadl(plane: ControlPlane, channel: Channel, gpadlId: number, gpadl: Gpadl): void {
  if (!isRevoked(channel.state)) {
    const { count, octets } = gpadl;
    plane.requests.push({ kind: "gpadl", channel, gpadlId, ranges: { count, octets } });
    return;
  }
  const taken = plane.rules.gpadlsForRevokedChannels;
  if (taken) gpadl.state = "Accepted";
  else channel.gpadls.delete(gpadlId);
  const status = taken ? STATUS.success : STATUS.unsuccessful;
  sendCreated(plane, channel.info?.channelId ?? 0, gpadlId, status);
}

/** A guest takes its memory back. */
export function gpadlTeardown(plane: ControlPlane, channelId: number, gpadlId: number): void {
  const channel = plane.channelOf(channelId);
  const gpadl = channel.gpadls.get(gpadlId);
  if (gpadl === undefined) throw new ChainError("unknown GPADL ID");
  if (gpadl.state !== "Accepted") throw new ChainError("invalid GPADL state for operation");
  if (reservedOf(channel.state) !== null) {
    throw new ChainError("invalid operation on reserved channel");
  }
  if (isRevoked(channel.state)) {
    channel.gpadls.delete(gpadlId);
    plane.send(MESSAGE.gpadlTorndown.encode({ gpadlId }));
    return;
  }
  gpadl.state = "TearingDown";
  plane.requests.push({ kind: "teardown", channel, gpadlId, again: false });
}

/** The device has taken a GPADL, or has not. */
export function gpadlCreated(
  plane: ControlPlane,
  channel: Channel,
  gpadlId: number,
  status: number,
): void {
  const gpadl = channel.gpadls.get(gpadlId);
  if (gpadl?.state === "Offered") {
    sendCreated(plane, channel.info?.channelId ?? 0, gpadlId, status);
    if (status >= 0) {
      gpadl.state = "Accepted";
      return;
    }
  } else if (gpadl?.state === "OfferedTearingDown") {
    if (status >= 0) {
      gpadl.state = "TearingDown";
      plane.requests.push({ kind: "teardown", channel, gpadlId, again: false });
      return;
    }
  } else {
    plane.log.error(`invalid gpadl ID for channel gpadl_id=${gpadlId}`);
    return;
  }
  channel.gpadls.delete(gpadlId);
  checkDisconnected(plane);
}

/** The device has let go of a GPADL. */
export function gpadlTorndown(plane: ControlPlane, channel: Channel, gpadlId: number): void {
  if (channel.gpadls.get(gpadlId)?.state !== "TearingDown") {
    plane.log.error(`invalid gpadl ID for channel gpadl_id=${gpadlId}`);
    return;
  }
  if (!isReleased(channel.state)) plane.send(MESSAGE.gpadlTorndown.encode({ gpadlId }));
  channel.gpadls.delete(gpadlId);
  checkDisconnected(plane);
}

function sendCreated(plane: ControlPlane, channelId: number, gpadlId: number, status: number) {
  plane.send(MESSAGE.gpadlCreated.encode({ channelId, gpadlId, status }));
}
