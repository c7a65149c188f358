/**
 * The BIOS of a PCAT machine as a device: the port by which it talks to its VMM, and the place of
 * the generation id.
 *
 * Source: microsoft/openvmm, vm/devices/firmware/firmware_pcat and generation_id. ACPI tables and
 * entropy are taken for read.
 *
 * @module
 */
import { PcatSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register } from "./register.ts";

/** Half of the guest-physical address at which the generation id is to be written. */
function pointer(half: 0 | 1): Register<PcatSavedState> {
  return {
    mask: half === 0 ? 0xffff_fff0 : 0x7,
    read: ({ genid }) => genid.ptr[half] ?? 0,
    write: (state, value) => ({
      ...state,
      genid: { ...state.genid, ptr: state.genid.ptr.with(half, value) },
    }),
  };
}

export const PCAT: DeviceModel<PcatSavedState, typeof PcatSavedState> = {
  unit: "pcat",
  message: PcatSavedState,
  powerOn: {
    address: 0,
    read_count: 0,
    e820_entry: 0,
    srat_offset: 0,
    srat_size: 0,
    port80: 0,
    entropy: Uint8Array.from({ length: 64 }, (_, index) => (index * 0x2f) & 0xff),
    entropy_placed: false,
    genid: {
      id: Uint8Array.from({ length: 16 }, (_, index) => 0xb0 + index),
      ptr: [null, null],
    },
  },
  registers: {
    ADDRESS: held("address", 0xff),
    PORT80: held("port80", 0xff),
    GENERATION_ID_LOW: pointer(0),
    GENERATION_ID_HIGH: pointer(1),
  },
  save: (state) => state,
  restore: (saved) => saved,
};
