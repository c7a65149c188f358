/**
 * What operations carry in their packets, but for requests to disks.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/protocol.rs (`ChannelProperties`).
 *
 * @module
 */
import { u16At, u32At } from "../bytes/read_little_endian.ts";
import { putU16, putU32 } from "../bytes/write_little_endian.ts";
import type { StorvspPacket } from "./packet.ts";

/** Whether a guest may ask for subchannels (`STORAGE_CHANNEL_SUPPORTS_MULTI_CHANNEL`). */
const SUPPORTS_MULTI_CHANNEL = 1;
/** Octets that one request may move. */
const TRANSFER_OCTETS_MAX = 256 * 1024;

/** One word: a version, or how many subchannels are asked for. */
export function wordPayload(word: number): Uint8Array {
  const octets = new Uint8Array(2);
  putU16(octets, 0, word);
  return octets;
}

export function wordIn({ payload }: StorvspPacket): number {
  return u16At(payload, 0);
}

/** Properties of a channel that may have `subchannelsMax` others beside it. */
export function propertiesPayload(subchannelsMax: number): Uint8Array {
  const octets = new Uint8Array(24);
  putU16(octets, 4, subchannelsMax);
  putU32(octets, 8, SUPPORTS_MULTI_CHANNEL);
  putU32(octets, 12, TRANSFER_OCTETS_MAX);
  return octets;
}

/** How many subchannels the properties in a packet allow. */
export function subchannelsMaxOf({ payload }: StorvspPacket): number {
  return (u32At(payload, 8) & SUPPORTS_MULTI_CHANNEL) === 0 ? 0 : u16At(payload, 4);
}
