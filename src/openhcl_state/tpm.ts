/**
 * Package `tpm`: the virtual TPM, from vm/devices/tpm. The same in all releases. Numbers 60 to 62
 * are upstream's experiments that stayed. No golden bytes exist; see `chipset.ts`.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { bool, bytes, nested, octets, option, u32, u64 } from "../schema/type.ts";

const SOURCE = "vm/devices/tpm/tpm_device/src/lib.rs";

/** Registers of the command interface. */
export const TpmSavedControlArea = message("tpm.SavedControlArea", SOURCE, [
  field(1, "request", u32),
  field(2, "status", u32),
  field(3, "cancel", u32),
  field(4, "start", u32),
  field(5, "command_size", u32),
  field(6, "command_pa", u64),
  field(7, "response_size", u32),
  field(8, "response_pa", u64),
]);
export type TpmSavedControlArea = Shape<typeof TpmSavedControlArea>;

/** The physical presence interface. */
export const TpmSavedPpiState = message("tpm.SavedPpiState", SOURCE, [
  field(1, "pending_ppi_operation", u32),
  field(2, "in_query_ppi_operation", u32),
  field(3, "set_ppi_operation_state", u32),
  field(4, "last_ppi_operation", u32),
  field(5, "last_ppi_state", u32),
  field(6, "ppi_set_operation_arg3_integer2", u32),
  field(7, "tpm_capability_hash_alg_bitmap", u32),
]);
export type TpmSavedPpiState = Shape<typeof TpmSavedPpiState>;

export const SavedTpmKeys = message("tpm.SavedTpmKeys", SOURCE, [
  field(1, "ak_pub_modulus", octets(256)),
  field(2, "ak_pub_exponent", octets(3)),
  field(3, "ek_pub_modulus", octets(256)),
  field(4, "ek_pub_exponent", octets(3)),
]);
export type SavedTpmKeys = Shape<typeof SavedTpmKeys>;

export const TpmSavedState = message("tpm.SavedState", SOURCE, [
  field(1, "control_area", nested(TpmSavedControlArea)),
  field(2, "current_io_command", option(u32)),
  field(3, "requested_locality", bool),
  field(4, "ppi_state", nested(TpmSavedPpiState)),
  /** What the TPM's own library saves; its layout is not mesh's. */
  field(5, "tpm_state_blob", bytes),
  field(60, "auth_value", option(u64)),
  field(61, "keys", option(nested(SavedTpmKeys))),
  /** `null` denies the renewal of the attestation certificate until the next reboot. */
  field(62, "allow_ak_cert_renewal", option(bool)),
]);
export type TpmSavedState = Shape<typeof TpmSavedState>;
