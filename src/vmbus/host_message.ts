/**
 * The messages of the host, and what those mean that are about the connection. A client trusts its
 * host: what it does not expect is a panic.
 *
 * Source: vm/devices/vmbus/vmbus_client/src/lib.rs (`handle_synic_message`,
 * `handle_version_response`, `handle_offer`).
 *
 * @module
 */
import { ChainError, Panic, refusal } from "../machine/mod.ts";
import type { VmbusClientOffer } from "../openhcl_state/mod.ts";
import { type ClientChannelState, OFFERED } from "./client_channel.ts";
import { CLIENT_DISCONNECTED, type ClientState, type ConnectRequest } from "./client_state.ts";
import { takeAnswer } from "./host_answer.ts";
import type { Contents } from "./layout.ts";
import { MESSAGE, type MessageName } from "./messages.ts";
import { parse } from "./parse.ts";
import { CONNECTION_STATE, SINT, VERSION } from "./protocol.ts";

/** Takes what the host says of the connection. */
export interface ClientUser {
  /** Null when there is no version that both sides have; otherwise what the host offers. */
  connected(offers: readonly VmbusClientOffer[] | null): void;
  /** A channel that came later. */
  offered(offer: VmbusClientOffer): void;
  /** The answer to a ModifyConnection. */
  connectionModified(connectionState: number): void;
  unloaded(): void;
}

/** Takes a message. Answers false for the answer to a pause. */
export function takeHostMessage(state: ClientState, user: ClientUser, octets: Uint8Array): boolean {
  const name = parsed(state, octets);
  state.surroundings.points.reach(POINTS[name]);
  switch (name) {
    case "versionResponse3":
    case "versionResponse2":
      versionResponse(state, user, MESSAGE.versionResponse2.decode(octets));
      return true;
    case "versionResponse": {
      const response = { ...MESSAGE.versionResponse.decode(octets), supportedFeatures: 0 };
      versionResponse(state, user, response);
      return true;
    }
    case "offerChannel":
      offerChannel(state, user, savedOffer(MESSAGE.offerChannel.decode(octets)));
      return true;
    case "allOffersDelivered":
      offersDelivered(state, user);
      return true;
    case "unloadComplete":
      unloadComplete(state, user);
      return true;
    case "modifyConnectionResponse":
      modifyComplete(state, user, MESSAGE.modifyConnectionResponse.decode(octets).connectionState);
      return true;
    case "pauseResponse":
      return false;
    default:
      takeAnswer(state, name, octets);
      return true;
  }
}

const POINTS = Object.fromEntries(
  Object.keys(MESSAGE).map((name) => [name, `vmbus/client/${name}`]),
) as Readonly<Record<MessageName, string>>;

function parsed(state: ClientState, octets: Uint8Array): MessageName {
  try {
    return parse(octets, state.version);
  } catch (error) {
    const { message } = refusal(error);
    throw new Panic(`called \`Result::unwrap()\` on an \`Err\` value: ${message}`);
  }
}

/** Makes contact with `version`; the ones before it are tried if the host lacks it. */
export function initiateContact(
  state: ClientState,
  request: ConnectRequest,
  version: number,
): void {
  const { targetMessageVp, monitorPages } = request;
  const featureFlags = version >= VERSION.copper ? state.rules.featureFlags : 0;
  const contact = {
    versionRequested: version,
    targetMessageVp,
    interruptPageOrTargetInfo: BigInt(SINT) | (BigInt(featureFlags) << 32n),
    parentToChildMonitorPageGpa: monitorPages?.parentToChild ?? 0n,
    childToParentMonitorPageGpa: monitorPages?.childToParent ?? 0n,
  };
  state.connection = { kind: "Connecting", version, request };
  state.send(
    version < VERSION.copper
      ? MESSAGE.initiateContact.encode(contact)
      : MESSAGE.initiateContact2.encode({ ...contact, clientId: CLIENT_ID }),
  );
}

/** By which the host knows OpenHCL; any one will do. */
const CLIENT_ID = {
  data1: 0x8319_2c2a,
  data2: 0x1d3b,
  data3: 0x4a5a,
  data4: Uint8Array.of(0x8a, 0x3c, 0x7b, 0x2d, 0x0f, 0x5e, 0xa6, 0x01),
};

function versionResponse(
  state: ClientState,
  user: ClientUser,
  response: Contents<typeof MESSAGE.versionResponse2>,
): void {
  const { connection, rules, surroundings } = state;
  if (connection.kind !== "Connecting") {
    surroundings.log.warn("invalid client state to handle VersionResponse");
    return;
  }
  const { version, request } = connection;
  const { versionSupported, connectionState, supportedFeatures } = response;
  state.connection = CLIENT_DISCONNECTED;
  if (versionSupported > 0) {
    if (connectionState !== CONNECTION_STATE.successful) {
      user.connected(null);
      return;
    }
    const featureFlags = version >= VERSION.copper ? supportedFeatures : 0;
    const agreed = { version, featureFlags };
    state.connection = { kind: "RequestingOffers", version: agreed, offers: [] };
    state.send(MESSAGE.requestOffers.encode({}));
    return;
  }
  const older = rules.versions[rules.versions.indexOf(version) - 1];
  if (older === undefined) user.connected(null);
  else initiateContact(state, request, older);
}

function offerChannel(state: ClientState, user: ClientUser, offer: VmbusClientOffer): void {
  const { connection } = state;
  try {
    addChannel(state, offer, OFFERED);
  } catch (error) {
    throw new Panic(`channel should not exist: ${refusal(error).message}`);
  }
  if (connection.kind === "Connected") user.offered(offer);
  else if (connection.kind === "RequestingOffers") connection.offers.push(offer);
  else throw new Panic(`invalid client state for OfferChannel: ${connection.kind}`);
}

/** Adds a channel; refuses one that is there. */
export function addChannel(
  { channels }: ClientState,
  offer: VmbusClientOffer,
  state: ClientChannelState,
): void {
  const { channel_id: id } = offer;
  if (channels.has(id)) throw new ChainError(`channel ChannelId(${id}) exists`);
  const gpadls = new Map();
  channels.set(id, { offer, state, gpadls, modifying: false, released: false, user: null });
}

function savedOffer(offer: Contents<typeof MESSAGE.offerChannel>): VmbusClientOffer {
  return {
    interface_id: offer.interfaceId,
    instance_id: offer.instanceId,
    flags: offer.flags,
    mmio_megabytes: offer.mmioMegabytes,
    user_defined: offer.userDefined,
    subchannel_index: offer.subchannelIndex,
    mmio_megabytes_optional: offer.mmioMegabytesOptional,
    channel_id: offer.channelId,
    monitor_id: offer.monitorId,
    monitor_allocated: offer.monitorAllocated,
    is_dedicated: offer.isDedicated,
    connection_id: offer.connectionId,
  };
}

function offersDelivered(state: ClientState, user: ClientUser): void {
  const { connection } = state;
  if (connection.kind !== "RequestingOffers") {
    state.surroundings.log.warn("invalid client state for OffersDelivered");
    return;
  }
  state.connection = { kind: "Connected", version: connection.version };
  user.connected(connection.offers);
}

function unloadComplete(state: ClientState, user: ClientUser): void {
  const { kind } = state.connection;
  state.connection = CLIENT_DISCONNECTED;
  if (kind === "Disconnecting") user.unloaded();
  else state.surroundings.log.warn("invalid client state for UnloadComplete");
}

function modifyComplete(state: ClientState, user: ClientUser, connectionState: number): void {
  if (!state.modifying) {
    state.surroundings.log.warn("Unexpected modify complete request");
    return;
  }
  state.modifying = false;
  user.connectionModified(connectionState);
}
