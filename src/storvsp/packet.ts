/**
 * Packets between a guest's storage driver and storvsp, in the payload of ring packets: a header of
 * 12 octets, then what the operation says. Little endian.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/protocol.rs (`Packet`, `Operation`,
 * `NtStatus`, `ChannelProperties`). Not modelled: buses, resets, Fibre Channel, notifications.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";

export const OPERATION = {
  COMPLETE_IO: 1,
  EXECUTE_SRB: 3,
  BEGIN_INITIALIZATION: 7,
  END_INITIALIZATION: 8,
  QUERY_PROTOCOL_VERSION: 9,
  QUERY_PROPERTIES: 10,
  CREATE_SUB_CHANNELS: 13,
} as const;

/** Outcome of an operation, as Windows numbers them. */
export const NT_STATUS = {
  SUCCESS: 0,
  INVALID_PARAMETER: 0xc000_000d,
  INVALID_DEVICE_STATE: 0xc000_0184,
  REVISION_MISMATCH: 0xc000_0059,
} as const;

/** The newest version of the protocol, 6.2. */
export const STORVSP_VERSION = 0x0602;
/** Octets of every packet of that version: header and the longest request. */
export const PACKET_SIZE = 12 + 0x34;

export interface StorvspPacket {
  readonly operation: number;
  readonly status: number;
  /** What follows the header; padded with zeros to the size of the packet. */
  readonly payload: Uint8Array;
}

export function encodePacket({ operation, status, payload }: StorvspPacket): Uint8Array {
  const octets = new Uint8Array(PACKET_SIZE);
  putU32(octets, 0, operation);
  putU32(octets, 8, status);
  octets.set(payload, 12);
  return octets;
}

/** Reads a packet; null when it is shorter than its header. */
export function decodePacket(octets: Uint8Array): StorvspPacket | null {
  if (octets.length < 12) return null;
  return {
    operation: u32At(octets, 0),
    status: u32At(octets, 8),
    payload: octets.subarray(12),
  };
}
