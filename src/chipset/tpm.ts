/**
 * The virtual TPM of a UEFI machine: command registers, physical presence, and what its library
 * keeps: platform configuration registers and the content of its non-volatile indices.
 *
 * Source: vm/devices/tpm/tpm_device/src/lib.rs. The library's own blob has a layout of this model:
 * eight registers and eight words of an index, little endian; there is no cryptography. Who writes
 * an index also writes the file in which it outlives the machine, see `nvOf()`.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";
import { TpmSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register, type Registers, within } from "./register.ts";

const PCRS = 8;
const NV_WORDS = 8;
const NV_AT = PCRS * 4;
const BLOB_OCTETS = NV_AT + NV_WORDS * 4;

/** What extending a register with the same value twice must not undo; any odd number will do. */
const EXTEND_FACTOR = 0x0100_0193;

/** A register can be extended and not be written. */
function pcr(index: number): Register<TpmSavedState> {
  return {
    mask: 0xffff_ffff,
    read: ({ tpm_state_blob: blob }) => u32At(blob, index * 4),
    write: (state, value) => {
      const extended = Math.imul(u32At(state.tpm_state_blob, index * 4) ^ value, EXTEND_FACTOR);
      return withWord(state, index * 4, extended >>> 0);
    },
  };
}

function nv(word: number): Register<TpmSavedState> {
  const at = NV_AT + word * 4;
  return {
    mask: 0xffff_ffff,
    read: ({ tpm_state_blob: blob }) => u32At(blob, at),
    write: (state, value) => withWord(state, at, value),
  };
}

function withWord(state: TpmSavedState, at: number, value: number): TpmSavedState {
  const tpm_state_blob = state.tpm_state_blob.slice();
  putU32(tpm_state_blob, at, value);
  return { ...state, tpm_state_blob };
}

const LIBRARY: Registers<TpmSavedState> = Object.fromEntries([
  ...Array.from({ length: PCRS }, (_, index) => [`PCR${index}`, pcr(index)] as const),
  ...Array.from({ length: NV_WORDS }, (_, word) => [`NV${word}`, nv(word)] as const),
]);

const LOCALITY: Register<TpmSavedState> = {
  mask: 1,
  read: ({ requested_locality: requested }) => (requested ? 1 : 0),
  write: (state, value) => ({ ...state, requested_locality: (value & 1) !== 0 }),
};

const RENEWAL: Register<TpmSavedState> = {
  read: ({ allow_ak_cert_renewal: allowed }) => (allowed === true ? 1 : 0),
};

export const TPM: DeviceModel<TpmSavedState, typeof TpmSavedState> = {
  unit: "tpm",
  message: TpmSavedState,
  powerOn: {
    control_area: {
      request: 0,
      status: 0,
      cancel: 0,
      start: 0,
      command_size: 0x1000,
      command_pa: 0xfed4_0080n,
      response_size: 0x1000,
      response_pa: 0xfed4_0080n,
    },
    current_io_command: null,
    requested_locality: false,
    ppi_state: {
      pending_ppi_operation: 0,
      in_query_ppi_operation: 0,
      set_ppi_operation_state: 0,
      last_ppi_operation: 0,
      last_ppi_state: 0,
      ppi_set_operation_arg3_integer2: 0,
      tpm_capability_hash_alg_bitmap: 0x0e,
    },
    tpm_state_blob: new Uint8Array(BLOB_OCTETS),
    auth_value: 0x1122_3344_5566n,
    keys: null,
    allow_ak_cert_renewal: true,
  },
  registers: {
    ...within("control_area", { REQUEST: held("request", 0x03), CANCEL: held("cancel", 0x01) }),
    ...within("ppi_state", {
      PENDING_OPERATION: held("pending_ppi_operation", 0xff),
      ARGUMENT: held("ppi_set_operation_arg3_integer2", 0xffff_ffff),
      HASHES: held("tpm_capability_hash_alg_bitmap", 0xff),
    }),
    LOCALITY,
    RENEWAL,
    ...LIBRARY,
  },
  save: (state) => state,
  restore: ({ allow_ak_cert_renewal: allowed, ...saved }) => ({
    ...saved,
    // Without a word on it the certificate is not renewed until the next reboot.
    allow_ak_cert_renewal: allowed ?? false,
  }),
};

/** What a TPM keeps in its file of the guest's persistent state. */
export function nvOf({ tpm_state_blob: blob }: TpmSavedState): Uint8Array {
  return blob.subarray(NV_AT, BLOB_OCTETS);
}
