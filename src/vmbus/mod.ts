/**
 * VMBus as protocol machines: formats of messages and rings, the server with its channels, the
 * client and the relay between the two.
 *
 * @module
 */
export {
  SHARED_CONNECTION_ID,
  SHARED_EVENT_FLAG,
  setForHost,
  takeForGuest,
} from "./channel_bitmap.ts";
export type {
  Answer,
  ChannelDevice,
  ConnectionTarget,
  OpenParams,
  RestoredChannel,
} from "./channel_device.ts";
export { VmbusClient } from "./client.ts";
export { type ClientRules, type HostPort, SOUND_CLIENT } from "./client_state.ts";
export type { GuestPort, ServerSurroundings } from "./control_plane.ts";
export { alignedPages, wholePages } from "./gpa_ranges.ts";
export { type GpadlRanges, gpadlMessages } from "./gpadl_messages.ts";
export { guid, guidText, sameGuid } from "./guid.ts";
export { type Contents, USER_DATA_LENGTH } from "./layout.ts";
export { MESSAGE, type MessageName } from "./messages.ts";
export { keyText, type OfferParams, offerOf, offerParams, sameKey } from "./offer.ts";
export type { OfferedChannel } from "./offered_channel.ts";
export { PACKET_TYPE, type Packet } from "./packet.ts";
export { parse } from "./parse.ts";
export {
  CONNECTION_STATE,
  FEATURE,
  SINT,
  STATUS,
  VERSION,
  type VersionInfo,
} from "./protocol.ts";
export { VmbusRelay } from "./relay.ts";
export { IncomingRing, OutgoingRing } from "./ring.ts";
export { type HeldKind, type PacketUser, RingDevice } from "./ring_device.ts";
export { type RingMemory, ringsOf } from "./ring_memory.ts";
export { type ServerChannelRecord, VmbusServer } from "./server.ts";
export { type ServerRules, SOUND_SERVER } from "./server_rules.ts";
