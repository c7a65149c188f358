/**
 * The firmware of a UEFI machine as a device: phase of the boot, clock settings, watchdog,
 * generation id and log. Its variables are kept apart (`src/openhcl/nvram.ts`).
 *
 * Source: vm/devices/firmware/firmware_uefi, vm/devices/watchdog/watchdog_core. The firmware talks
 * to its device by commands; what a command sets is a register here. The watchdog does not count
 * down, and the log has no content.
 *
 * @module
 */
import { UefiSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register } from "./register.ts";

/** The level that the host configures for the firmware's log: errors and warnings. */
export const LOG_LEVEL_CONFIGURED = 0x8000_0002;

const PHASES = ["PreBoot", "Boot", "Runtime"] as const;

/** A phase that is over does not come again. */
const PHASE: Register<UefiSavedState> = {
  ones: 2,
  read: ({ nvram }) => PHASES.indexOf(nvram.services.runtime_state.variant),
  write(state, value) {
    const now = PHASES.indexOf(state.nvram.services.runtime_state.variant);
    const variant = PHASES[Math.max(now, value)] ?? "Runtime";
    const services = { ...state.nvram.services, runtime_state: { variant, value: {} } };
    return { ...state, nvram: { ...state.nvram, services } };
  },
};

const TIMEZONE: Register<UefiSavedState> = {
  mask: 0x3ff,
  read: ({ time }) => time.timezone,
  write: (state, value) => ({ ...state, time: { ...state.time, timezone: value } }),
};

const DAYLIGHT: Register<UefiSavedState> = {
  mask: 0x03,
  read: ({ time }) => time.daylight,
  write: (state, value) => ({ ...state, time: { ...state.time, daylight: value } }),
};

const WATCHDOG_CONFIG: Register<UefiSavedState> = {
  mask: 0x01,
  read: ({ watchdog }) => watchdog.inner.config,
  write: (state, config) => ({
    ...state,
    watchdog: { inner: { ...state.watchdog.inner, config } },
  }),
};

const WATCHDOG_COUNT: Register<UefiSavedState> = {
  mask: 0xffff,
  read: ({ watchdog }) => watchdog.inner.count,
  write: (state, count) => ({
    ...state,
    watchdog: { inner: { ...state.watchdog.inner, count, configured_count: count } },
  }),
};

/** Half of the guest-physical address at which the generation id is to be written. */
function pointer(half: 0 | 1): Register<UefiSavedState> {
  return {
    mask: half === 0 ? 0xffff_fff0 : 0x7,
    read: ({ generation_id: { ptr } }) => ptr[half] ?? 0,
    write(state, value) {
      const { generation_id: generationId } = state;
      const ptr = generationId.ptr.with(half, value);
      return { ...state, generation_id: { ...generationId, ptr } };
    },
  };
}

export const UEFI: DeviceModel<UefiSavedState, typeof UefiSavedState> = {
  unit: "uefi",
  message: UefiSavedState,
  powerOn: {
    address: 0,
    nvram: {
      services: { runtime_state: { variant: "PreBoot", value: {} }, storage: { nvram: null } },
    },
    event_log: {},
    watchdog: { inner: { config: 0, resolution: 0x10, count: 0, configured_count: 0 } },
    generation_id: {
      id: Uint8Array.from({ length: 16 }, (_, index) => 0xc0 + index),
      ptr: [null, null],
    },
    time: { timezone: 0, daylight: 0 },
    diagnostics: { gpa: 0x7e00_0000, did_flush: true, log_level: LOG_LEVEL_CONFIGURED },
  },
  registers: {
    ADDRESS: held("address", 0xff),
    PHASE,
    TIMEZONE,
    DAYLIGHT,
    WATCHDOG_CONFIG,
    WATCHDOG_COUNT,
    GENERATION_ID_LOW: pointer(0),
    GENERATION_ID_HIGH: pointer(1),
  },
  save: (state) => state,
  restore: (saved) => saved,
};
