/**
 * What a guest's storage driver writes into its rings, and how it reads what comes back.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/protocol.rs.
 *
 * @module
 */
import {
  decodePacket,
  decodeRequest,
  encodePacket,
  encodeRequest,
  NT_STATUS,
  OPERATION,
  SCSI_OPCODE,
  type ScsiRequest,
  SRB_STATUS,
} from "../storvsp/mod.ts";

/** A packet that has a disk do something. */
export function requestPacket(request: ScsiRequest): Uint8Array {
  const payload = encodeRequest(request);
  return encodePacket({ operation: OPERATION.EXECUTE_SRB, status: NT_STATUS.SUCCESS, payload });
}

/** A packet of another operation. */
export function operationPacket(
  operation: number,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  return encodePacket({ operation, status: NT_STATUS.SUCCESS, payload });
}

/** A question that a disk answers at once. */
export const READINESS: Uint8Array = requestPacket({
  path: 0,
  target: 0,
  lun: 0,
  opcode: SCSI_OPCODE.TEST_UNIT_READY,
  dataIn: false,
  transferLength: 0,
  lba: 0,
  blocks: 0,
  srbStatus: 0,
});

/** What answers a packet that is none. */
const NO_ANSWER = 0xffff_ffff;

/** Outcome of an operation in a completion; zero is success. */
export function statusOf(payload: Uint8Array): number {
  const packet = decodePacket(payload);
  if (packet?.operation !== OPERATION.COMPLETE_IO) return NO_ANSWER;
  return packet.status;
}

/** Outcome of a request in a completion; zero is success. */
export function statusOfRequest(payload: Uint8Array): number {
  const status = statusOf(payload);
  if (status !== NT_STATUS.SUCCESS) return status;
  const srbStatus = decodeRequest(payload.subarray(12))?.srbStatus ?? NO_ANSWER;
  return srbStatus === SRB_STATUS.SUCCESS ? 0 : srbStatus;
}
