/**
 * The state of a VMBus client as it is saved, and back. A state that upstream cannot save is a
 * panic there and here.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/saved_state.rs.
 *
 * @module
 */
import { ChainError, Panic, refusal } from "../machine/mod.ts";
import type {
  VmbusClientChannel,
  VmbusClientGpadl,
  VmbusClientSavedState,
} from "../openhcl_state/mod.ts";
import { type ClientChannel, OFFERED, RESTORED } from "./client_channel.ts";
import type { ClientState } from "./client_state.ts";
import { addChannel } from "./host_message.ts";
import { MESSAGE } from "./messages.ts";
import { MESSAGE_LENGTH_MAX } from "./protocol.ts";

function unreachable(text: string): Panic {
  return new Panic(`internal error: entered unreachable code: ${text}`);
}

/** Everything that is saved of `state`. */
export function saveClient(state: ClientState): VmbusClientSavedState {
  const channels: VmbusClientChannel[] = [];
  const gpadls: VmbusClientGpadl[] = [];
  const pending = [...state.queued];
  const client_state = saveConnection(state);
  for (const [channelId, channel] of state.channels) {
    // It will not be there after the restore, so its id is given back then.
    if (channel.state.kind === "Revoked") pending.push(MESSAGE.relIdReleased.encode({ channelId }));
    else channels.push(saveChannel(channelId, channel));
    for (const [gpadlId, gpadl] of channel.gpadls) {
      if (gpadl === "Offered") throw unreachable("Cannot save gpadl in offered state.");
      if (channel.state.kind === "Revoked") continue;
      const saved = { variant: gpadl, value: {} } as const;
      gpadls.push({ gpadl_id: gpadlId, channel_id: channelId, state: saved });
    }
  }
  const pending_messages = pending.map((data) => ({ data }));
  return { client_state, channels, gpadls, pending_messages };
}

function saveConnection({ connection }: ClientState): VmbusClientSavedState["client_state"] {
  if (connection.kind === "Disconnected") return { variant: "Disconnected", value: {} };
  if (connection.kind !== "Connected") {
    throw unreachable(`Cannot save in ${connection.kind} state.`);
  }
  const { version, featureFlags } = connection.version;
  return { variant: "Connected", value: { version, feature_flags: featureFlags } };
}

function saveChannel(id: number, channel: ClientChannel): VmbusClientChannel {
  const { offer, state, modifying } = channel;
  if (modifying) throw new Panic("Cannot save a channel that is being modified.");
  if (state.kind === "Opening") throw unreachable("Cannot save channel in opening state.");
  const variant = state.kind === "Offered" ? "Offered" : "Opened";
  return { id, state: { variant, value: {} }, offer };
}

/** Takes over `saved`. Answers whether there was a connection to restore. */
export function restoreClient(state: ClientState, saved: VmbusClientSavedState): boolean {
  if (saved.client_state.variant === "Disconnected") return false;
  const { version, feature_flags: featureFlags } = saved.client_state.value;
  const { rules } = state;
  if (rules.checksRestored && !rules.versions.includes(version)) {
    throw new ChainError(`unsupported protocol version 0x${version.toString(16)}`);
  }
  if (rules.checksRestored && (featureFlags & ~rules.featureFlags) !== 0) {
    throw new ChainError(`unsupported feature flags 0x${featureFlags.toString(16)}`);
  }
  state.connection = { kind: "Connected", version: { version, featureFlags } };
  for (const channel of saved.channels) restoreChannel(state, channel);
  for (const gpadl of saved.gpadls) restoreGpadl(state, gpadl);
  for (const { data } of saved.pending_messages) {
    if (data.length > MESSAGE_LENGTH_MAX) throw new ChainError("invalid pending message");
    state.queued.push(data);
  }
  return true;
}

/** The offer's own id counts, not the field `id` beside it. */
function restoreChannel(state: ClientState, { state: saved, offer }: VmbusClientChannel): void {
  try {
    addChannel(state, offer, saved.variant === "Opened" ? RESTORED : OFFERED);
  } catch (error) {
    throw new ChainError("failed to offer restored channel", refusal(error));
  }
}

function restoreGpadl(state: ClientState, saved: VmbusClientGpadl): void {
  const { gpadl_id: gpadlId, channel_id: channelId, state: gpadl } = saved;
  const gpadls = state.channels.get(channelId)?.gpadls;
  if (gpadls === undefined) throw new ChainError(`gpadl for unknown channel id ${channelId}`);
  if (gpadls.has(gpadlId)) throw new ChainError(`duplicate gpadl id ${gpadlId}`);
  gpadls.set(gpadlId, gpadl.variant);
  if (gpadl.variant !== "TearingDown") return;
  if (state.teardowns.has(gpadlId)) throw unreachable("gpadl ID validated above");
  state.teardowns.set(gpadlId, channelId);
}

/** Closes restored channels that nobody has claimed, and tears down their GPADLs. */
export function postRestoreClient(state: ClientState): void {
  for (const [channelId, channel] of state.channels) {
    if (channel.state.kind !== "Restored") continue;
    state.send(MESSAGE.closeChannel.encode({ channelId }));
    channel.state = OFFERED;
    for (const [gpadlId, gpadl] of channel.gpadls) {
      if (gpadl !== "Created") continue;
      state.teardowns.set(gpadlId, channelId);
      state.send(MESSAGE.gpadlTeardown.encode({ channelId, gpadlId }));
      channel.gpadls.set(gpadlId, "TearingDown");
    }
  }
}
