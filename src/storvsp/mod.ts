/**
 * storvsp: the synthetic SCSI controller of a guest, from the packets in its rings to the disks
 * behind it.
 *
 * @module
 */
export { StorvspController } from "./controller.ts";
export type { DiskRequest, ScsiDisk } from "./disk.ts";
export { encodeExternalData } from "./external_data.ts";
export {
  decodePacket,
  encodePacket,
  NT_STATUS,
  OPERATION,
  STORVSP_VERSION,
} from "./packet.ts";
export { subchannelsMaxOf, wordPayload } from "./packet_payloads.ts";
export {
  decodeRequest,
  encodeRequest,
  SCSI_OPCODE,
  type ScsiRequest,
  SRB_STATUS,
  UNMAP_LIST_SIZE,
  unmapList,
} from "./scsi_request.ts";
