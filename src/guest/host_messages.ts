/**
 * What the guest makes of the host's messages. Nothing that a host sends makes it fail: what is not
 * expected is noted as a complaint, and the guest goes on.
 *
 * Source: vm/devices/vmbus/vmbus_core/src/protocol.rs; which message may come when follows
 * vmbus_server/src/channels.rs.
 *
 * @module
 */
import { refusal } from "../machine/mod.ts";
import { type Contents, keyText, MESSAGE, parse, STATUS, sameKey, VERSION } from "../vmbus/mod.ts";
import {
  complain,
  type DriverState,
  forgetRings,
  type GuestChannel,
  type GuestGpadl,
  type PlannedChannel,
} from "./driver_state.ts";

/** What is wrong with a message; null for nothing. */
type Complaint = string | null;

/** Takes a message of the host to a guest that opens the channels of `plan`. */
export function takeFromHost(
  state: DriverState,
  plan: readonly PlannedChannel[],
  octets: Uint8Array,
): void {
  const complaint = take(state, plan, octets);
  if (complaint !== null) complain(state, complaint);
}

function take(state: DriverState, plan: readonly PlannedChannel[], octets: Uint8Array): Complaint {
  let name: ReturnType<typeof parse>;
  try {
    name = parse(octets, state.version);
  } catch (error) {
    return `a message that is none: ${refusal(error).message}`;
  }
  switch (name) {
    case "versionResponse3":
    case "versionResponse2": {
      const { supportedFeatures, ...response } = MESSAGE.versionResponse2.decode(octets);
      return versionResponse(state, response, supportedFeatures);
    }
    case "versionResponse":
      return versionResponse(state, MESSAGE.versionResponse.decode(octets), 0);
    case "offerChannel":
      return offer(state, plan, MESSAGE.offerChannel.decode(octets));
    case "allOffersDelivered":
      return offersDelivered(state);
    case "rescindChannelOffer":
      return rescind(state, MESSAGE.rescindChannelOffer.decode(octets).channelId);
    case "modifyConnectionResponse":
      if (state.modifying === 0) return "an answer to no modification";
      state.modifying--;
      return null;
    case "unloadComplete":
      return unloaded(state);
    default:
      return takeAnswer(state, name, octets);
  }
}

function takeAnswer(
  state: DriverState,
  name: ReturnType<typeof parse>,
  octets: Uint8Array,
): Complaint {
  switch (name) {
    case "gpadlCreated":
      return gpadlCreated(state, MESSAGE.gpadlCreated.decode(octets));
    case "gpadlTorndown":
      return gpadlTorndown(state, MESSAGE.gpadlTorndown.decode(octets).gpadlId);
    case "openResult":
      return openResult(state, MESSAGE.openResult.decode(octets));
    case "modifyChannelResponse":
      return modifyChannelResponse(state, MESSAGE.modifyChannelResponse.decode(octets));
    default:
      return `an unexpected message ${name}`;
  }
}

function versionResponse(
  state: DriverState,
  response: Contents<typeof MESSAGE.versionResponse>,
  featureFlags: number,
): Complaint {
  if (state.connection !== "contacted") return "an answer to no contact";
  const { versionSupported, connectionState } = response;
  state.connection = "none";
  if (versionSupported === 0 || connectionState !== 0) {
    state.refusals.push(`version 0x${state.versionAsked.toString(16)}`);
    return null;
  }
  state.connection = "connected";
  const version = state.versionAsked;
  state.version = { version, featureFlags: version >= VERSION.copper ? featureFlags : 0 };
  return null;
}

function offer(
  state: DriverState,
  plan: readonly PlannedChannel[],
  sent: Contents<typeof MESSAGE.offerChannel>,
): Complaint {
  const { channelId: relid, connectionId, interfaceId, instanceId, subchannelIndex } = sent;
  const key = {
    interface_id: interfaceId,
    instance_id: instanceId,
    subchannel_index: subchannelIndex,
  };
  const { connection, channels } = state;
  // It has crossed the guest's leave.
  if (connection === "unloading") return null;
  if (connection !== "requested" && connection !== "delivered") {
    return `an offer of relid ${relid} that nobody has asked for`;
  }
  if (channels.has(relid)) return `a second offer of relid ${relid}`;
  for (const channel of channels.values()) {
    if (sameKey(channel.key, key)) return `a second offer of ${keyText(key)}`;
  }
  const planned = plan.find((channel) => sameKey(channel.key, key)) ?? null;
  const known = planned === null ? undefined : state.memory.get(planned);
  const gpadls = (known ?? []).map((gpadl) => ({ ...gpadl }));
  channels.set(relid, newChannel({ relid, key, planned, connectionId, gpadls }));
  return null;
}

function offersDelivered(state: DriverState): Complaint {
  if (state.connection === "unloading") return null;
  if (state.connection !== "requested") return "an unexpected end of offers";
  state.connection = "delivered";
  return null;
}

function newChannel(
  told: Pick<GuestChannel, "relid" | "key" | "planned" | "connectionId" | "gpadls">,
): GuestChannel {
  const traffic = { sent: 0, received: 0 };
  return { ...told, state: "offered", modifying: 0, rescinded: false, traffic, greeted: 0 };
}

function rescind({ channels }: DriverState, relid: number): Complaint {
  const channel = channels.get(relid);
  if (channel === undefined) return `a rescind of relid ${relid}, which is not offered`;
  if (channel.rescinded) return `a second rescind of relid ${relid}`;
  channel.rescinded = true;
  channel.state = "offered";
  return null;
}

function gpadlCreated(
  state: DriverState,
  { channelId, gpadlId, status }: Contents<typeof MESSAGE.gpadlCreated>,
): Complaint {
  const channel = state.channels.get(channelId);
  const gpadl = channel?.gpadls.find(({ id }) => id === gpadlId);
  if (gpadl === undefined || (gpadl.state !== "sent" && gpadl.state !== "begun")) {
    return `an answer to no GPADL ${gpadlId} of relid ${channelId}`;
  }
  const begun = gpadl.state === "begun";
  if (status >= 0) {
    gpadl.state = "created";
    return begun ? `GPADL ${gpadlId} was created before it was sent` : null;
  }
  gpadl.state = "none";
  // It has been sent before the rescind was seen, and guests cannot do with a refusal (PR 3959).
  if (channel?.rescinded === true) {
    return `GPADL ${gpadlId} of relid ${channelId} was refused for a rescind that it has crossed`;
  }
  state.refusals.push(`GPADL ${gpadlId} of relid ${channelId}`);
  return null;
}

function gpadlTorndown({ channels }: DriverState, gpadlId: number): Complaint {
  const gpadl = gpadlOf(channels.values(), gpadlId);
  if (gpadl === undefined) return `an answer to no teardown of GPADL ${gpadlId}`;
  gpadl.state = "none";
  return null;
}

function gpadlOf(channels: Iterable<GuestChannel>, gpadlId: number): GuestGpadl | undefined {
  for (const { gpadls } of channels) {
    const found = gpadls.find(({ id, state }) => id === gpadlId && state === "torn-down");
    if (found !== undefined) return found;
  }
  return undefined;
}

function openResult(
  state: DriverState,
  { channelId, openId, status }: Contents<typeof MESSAGE.openResult>,
): Complaint {
  const channel = state.channels.get(channelId);
  if (channel?.state !== "opening" || openId !== channelId) {
    return `an answer to no open of relid ${channelId}`;
  }
  if (status === STATUS.success) {
    channel.state = "open";
    // What was signalled before has not been looked at.
    state.events.add(channelId);
    state.greets.add(channelId);
    return null;
  }
  channel.state = "offered";
  state.refusals.push(`open of relid ${channelId}`);
  return null;
}

function modifyChannelResponse(
  state: DriverState,
  { channelId, status }: Contents<typeof MESSAGE.modifyChannelResponse>,
): Complaint {
  const channel = state.channels.get(channelId);
  if (channel === undefined || channel.modifying === 0) {
    return `an answer to no modification of relid ${channelId}`;
  }
  channel.modifying--;
  if (status < 0 && stays(channel)) state.refusals.push(`modification of relid ${channelId}`);
  return null;
}

/** A channel that was closed or rescinded meanwhile cannot be modified. */
function stays({ state, rescinded }: GuestChannel): boolean {
  return state === "open" && !rescinded;
}

function unloaded(state: DriverState): Complaint {
  if (state.connection !== "unloading") return "an answer to no unload";
  state.connection = "none";
  state.version = null;
  state.versionAsked = 0;
  state.modifying = 0;
  for (const channel of state.channels.values()) forgetRings(state, channel);
  state.channels.clear();
  return null;
}
