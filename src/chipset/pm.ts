/**
 * ACPI power management: the registers of section 7.2 of the PIIX4 data sheet, alone on a UEFI
 * machine and inside function 3 of the PIIX4 on a PCAT one.
 *
 * Source: vm/devices/chipset/src/pm.rs. Power off, hibernation and reset are not modelled; the
 * timer is a view of virtual time and no state.
 *
 * @module
 */
import { PmSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register, type Registers } from "./register.ts";

/** Bits 15 to 0 of the general purpose outputs. */
const GENERAL_OUTPUT0: Register<PmSavedState> = {
  mask: 0xffff,
  read: ({ general_purpose_output: output }) => output & 0xffff,
  write: (state, value) => outputs(state, 0xffff, value),
};

/** Bits 30 to 24. */
const GENERAL_OUTPUT4: Register<PmSavedState> = {
  mask: 0x7f,
  read: ({ general_purpose_output: output }) => output >>> 24,
  write: (state, value) => outputs(state, 0xff00_0000, (value & 0x7f) << 24),
};

function outputs(state: PmSavedState, mask: number, value: number): PmSavedState {
  const output = (state.general_purpose_output & ~mask) | (value & mask);
  return { ...state, general_purpose_output: output >>> 0 };
}

/** Everything but the bit that puts the machine to sleep. */
const CONTROL_AWAKE = 0xdfff;

export const PM_REGISTERS: Registers<PmSavedState> = {
  RESUME_ENABLE: held("resume_enable", 0x0521),
  CONTROL: held("control", CONTROL_AWAKE),
  GEN_PURPOSE_ENABLE: held("general_purpose_enable", 0x0f01),
  PROC_CONTROL: held("processor_control", 0x0002_3e1e),
  GLOBAL_ENABLE: held("global_enable", 0x8d13),
  GLOBAL_CONTROL: held("global_control", 0x0701_ffe5),
  DEVICE_CONTROL: held("device_control", 0xffff_ffff),
  DEVICE_STATUS: {
    mask: 0xffff_ffff,
    read: ({ device_status: status }) => status,
    // Upstream does not clear the bits that are written but sets all others.
    write: (state, value) => ({ ...state, device_status: ~value >>> 0 }),
  },
  GENERAL_OUTPUT0,
  GENERAL_OUTPUT4,
  STATUS: { read: ({ status }) => status },
  GEN_PURPOSE_STATUS: { read: ({ general_purpose_status: status }) => status },
  GLOBAL_STATUS: { read: summary },
};

/** Status bits of other registers show in the global one. */
function summary({ global_status, status, general_purpose_status, device_status }: PmSavedState) {
  const power = (status & ~1) !== 0 ? 0x40 : 0;
  const general = general_purpose_status !== 0 ? 0x80 : 0;
  return global_status | power | general | (device_status !== 0 ? 0x10 : 0);
}

export const PM_POWER_ON: PmSavedState = {
  general_purpose_output: 0x7fff_bfff,
  status: 0,
  resume_enable: 0,
  control: 0,
  general_purpose_status: 0,
  general_purpose_enable: 0,
  processor_control: 0,
  device_status: 0,
  global_status: 0,
  global_enable: 0,
  global_control: 0,
  device_control: 0,
};

/** On a UEFI machine ACPI is on from the start, at fixed ports. */
export const PM: DeviceModel<PmSavedState, typeof PmSavedState> = {
  unit: "pm",
  message: PmSavedState,
  powerOn: { ...PM_POWER_ON, control: 1 },
  registers: PM_REGISTERS,
  save: (state) => state,
  restore: (saved) => saved,
};
