/**
 * The few VMBus messages and versions that saved state knows.
 *
 * Source: vm/devices/vmbus/vmbus_core/src/protocol.rs. Fields are little endian; each message
 * begins with its type and four octets of padding.
 *
 * @module
 */

/** Message types. */
const CLOSE_CHANNEL = 7;
const GPADL_TEARDOWN = 11;
const REL_ID_RELEASED = 13;

/** Payload of a SynIC message: no VMBus message is longer. */
export const MESSAGE_LENGTH_MAX = 240;

/** Protocol versions, as major and minor in 16 bits each. */
export const VERSION = {
  win10: 0x0004_0000,
  win10Rs5: 0x0005_0002,
  iron: 0x0005_0003,
  copper: 0x0006_0000,
} as const;

/** Feature flags of Copper, one bit each. */
export const FEATURE = {
  guestSpecifiedSignalParameters: 0x01,
  channelInterruptRedirection: 0x02,
  modifyConnection: 0x04,
  clientId: 0x08,
  confidentialChannels: 0x10,
  pauseResume: 0x20,
} as const;

/** Tells the host that the guest no longer uses `channelId`. */
export function relIdReleased(channelId: number): Uint8Array {
  return message(REL_ID_RELEASED, channelId);
}

export function closeChannel(channelId: number): Uint8Array {
  return message(CLOSE_CHANNEL, channelId);
}

export function gpadlTeardown(channelId: number, gpadlId: number): Uint8Array {
  return message(GPADL_TEARDOWN, channelId, gpadlId);
}

/** The type of a message. */
export function messageType(octets: Uint8Array): number {
  return octets[0] ?? 0;
}

function message(type: number, ...words: number[]): Uint8Array {
  const octets: number[] = [];
  for (const word of [type, 0, ...words]) {
    octets.push(word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24);
  }
  return Uint8Array.from(octets);
}
