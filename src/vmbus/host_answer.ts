/**
 * What the host says of single channels. Answers go to the channel's user.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/lib.rs (`handle_rescind`, `handle_gpadl_created`,
 * `handle_gpadl_torndown`, `handle_open_result`, `handle_modify_channel_response`).
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import { type ClientChannel, OFFERED, REVOKED_BY_HOST } from "./client_channel.ts";
import type { ClientState } from "./client_state.ts";
import type { Contents } from "./layout.ts";
import { MESSAGE, type MessageName } from "./messages.ts";
import { STATUS } from "./protocol.ts";

/** Takes a message about one channel. */
export function takeAnswer(state: ClientState, name: MessageName, octets: Uint8Array): void {
  switch (name) {
    case "rescindChannelOffer":
      rescind(state, MESSAGE.rescindChannelOffer.decode(octets).channelId);
      return;
    case "gpadlCreated":
      gpadlCreated(state, MESSAGE.gpadlCreated.decode(octets));
      return;
    case "gpadlTorndown":
      gpadlTorndown(state, MESSAGE.gpadlTorndown.decode(octets).gpadlId);
      return;
    case "openResult": {
      const { channelId, status } = MESSAGE.openResult.decode(octets);
      openResult(state, state.channelOf(channelId), status);
      return;
    }
    case "modifyChannelResponse": {
      const { channelId, status } = MESSAGE.modifyChannelResponse.decode(octets);
      modifyChannelResponse(state, state.channelOf(channelId), status);
      return;
    }
    case "tlConnectResult":
      return;
    default:
      throw new Panic(
        `internal error: entered unreachable code: Client received server message ${name}`,
      );
  }
}

function rescind(state: ClientState, channelId: number): void {
  const channel = state.channelOf(channelId);
  const { state: was, user } = channel;
  if (was.kind === "Revoked") throw new Panic(`channel id ChannelId(${channelId}) already revoked`);
  channel.state = REVOKED_BY_HOST;
  if ("eventFlag" in was) state.freeEventFlag(was.eventFlag);
  // The host answers an open only while the channel is there.
  if (was.kind === "Opening") user?.opened(false, null);
  user?.revoked();
  state.tryRelease(channel);
}

function gpadlCreated(
  state: ClientState,
  { channelId, gpadlId, status }: Contents<typeof MESSAGE.gpadlCreated>,
): void {
  const channel = state.channelOf(channelId);
  const gpadl = channel.gpadls.get(gpadlId);
  if (gpadl === undefined) throw new Panic(`GpadlCreated for unknown gpadl 0x${hex(gpadlId)}`);
  if (gpadl !== "Offered") {
    throw new Panic(`invalid state ${gpadl} for gpadl 0x${hex(channelId)}:0x${hex(gpadlId)}`);
  }
  const succeeded = status === STATUS.success;
  if (succeeded) channel.gpadls.set(gpadlId, "Created");
  else channel.gpadls.delete(gpadlId);
  channel.user?.gpadlCreated(gpadlId, succeeded);
  state.tryRelease(channel);
}

function gpadlTorndown(state: ClientState, gpadlId: number): void {
  const channelId = state.teardowns.get(gpadlId);
  if (channelId === undefined) throw new Panic(`gpadl 0x${hex(gpadlId)} not in teardown list`);
  state.teardowns.delete(gpadlId);
  const channel = state.channelOf(channelId);
  channel.gpadls.delete(gpadlId);
  channel.user?.gpadlTorndown(gpadlId);
  state.tryRelease(channel);
}

function openResult(state: ClientState, channel: ClientChannel, status: number): void {
  const { state: was, user } = channel;
  if (was.kind !== "Opening") {
    state.surroundings.log.warn("invalid state for open result");
    return;
  }
  const { connectionId, eventFlag } = was;
  if (status === STATUS.success) {
    channel.state = { kind: "Opened", connectionId, eventFlag };
    user?.opened(true, eventFlag);
  } else {
    channel.state = OFFERED;
    state.freeEventFlag(eventFlag);
    user?.opened(false, null);
  }
}

function modifyChannelResponse(state: ClientState, channel: ClientChannel, status: number): void {
  if (!channel.modifying) {
    const { channel_id: id } = channel.offer;
    throw new Panic(`unexpected modify channel response for channel 0x${hex(id)}`);
  }
  channel.modifying = false;
  channel.user?.modified(status);
  state.tryRelease(channel);
}

function hex(value: number): string {
  return value.toString(16);
}
