/**
 * The real-time clock with its CMOS memory: 128 octets by ports 0x70 and 0x71, and on a PIIX4 the
 * upper 128 by 0x72 and 0x73.
 *
 * Source: vm/devices/chipset/src/cmos_rtc.rs, vm/devices/chipset_legacy/src/piix4_cmos_rtc.rs. The
 * time itself is the platform's local clock (`src/openhcl/local_clock.ts`) and no register here;
 * alarm and periodic interrupts are not raised.
 *
 * @module
 */
import { CmosRtcSavedState, Piix4CmosRtcSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register, type Registers, within } from "./register.ts";

function octet(at: number, mask: number): Register<CmosRtcSavedState> {
  return {
    mask,
    read: ({ cmos }) => cmos[at] ?? 0,
    write: (state, value) => ({ ...state, cmos: state.cmos.with(at, value & mask) }),
  };
}

/** Memory that firmware and operating systems keep things in, by the octet. */
function memory(from: number, to: number): Registers<CmosRtcSavedState> {
  const names = Array.from({ length: to - from }, (_, index) => from + index);
  return Object.fromEntries(
    names.map((at) => [`CMOS_${at.toString(16).padStart(2, "0")}`, octet(at, 0xff)]),
  );
}

const CLOCK: Registers<CmosRtcSavedState> = {
  INDEX: held("addr", 0x7f),
  SECOND_ALARM: octet(0x01, 0xff),
  MINUTE_ALARM: octet(0x03, 0xff),
  HOUR_ALARM: octet(0x05, 0xff),
  // Bit 7 is the update in progress.
  STATUS_A: octet(0x0a, 0x7f),
  // Without the bit that stops the clock, and without interrupts.
  STATUS_B: octet(0x0b, 0x07),
};

const POWER_ON: CmosRtcSavedState = { addr: 0x80, cmos: initial() };

/** The divider runs at 32.768 kHz, the clock counts 24 hours, and its battery is good. */
function initial(): Uint8Array {
  const cmos = new Uint8Array(256);
  cmos[0x0a] = 0x26;
  cmos[0x0b] = 0x02;
  cmos[0x0d] = 0x80;
  return cmos;
}

/** The clock of a UEFI machine. */
export const CMOS_RTC: DeviceModel<CmosRtcSavedState, typeof CmosRtcSavedState> = {
  unit: "rtc",
  message: CmosRtcSavedState,
  powerOn: POWER_ON,
  registers: { ...CLOCK, ...memory(0x40, 0x60) },
  save: (state) => state,
  restore: (saved) => saved,
};

/** The clock of a PCAT machine, with the upper bank. */
export const PIIX4_CMOS_RTC: DeviceModel<Piix4CmosRtcSavedState, typeof Piix4CmosRtcSavedState> = {
  unit: "piix4-rtc",
  message: Piix4CmosRtcSavedState,
  powerOn: { ext_addr: 0, inner: POWER_ON },
  registers: {
    EXTENDED_INDEX: held("ext_addr", 0x7f),
    ...within("inner", { ...CLOCK, ...memory(0x40, 0x60), ...memory(0x80, 0xa0) }),
  },
  save: (state) => state,
  restore: (saved) => saved,
};
