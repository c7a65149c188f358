/**
 * The watchdog that a UEFI guest finds in its WDAT table: an index and a data port.
 *
 * Source: microsoft/openvmm, vm/devices/watchdog. It does not count down here, and never bites.
 *
 * @module
 */
import { GuestWatchdogSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register, within } from "./register.ts";

/** A new count is also what a restart of the countdown begins with. */
const COUNT: Register<GuestWatchdogSavedState["inner"]> = {
  mask: 0xffff,
  read: ({ count }) => count,
  write: (state, value) => ({ ...state, count: value, configured_count: value }),
};

export const GUEST_WATCHDOG: DeviceModel<GuestWatchdogSavedState, typeof GuestWatchdogSavedState> =
  {
    unit: "guest-watchdog",
    message: GuestWatchdogSavedState,
    powerOn: {
      watchdog_reg: 0,
      inner: { config: 0, resolution: 0, count: 0, configured_count: 0 },
    },
    registers: {
      INDEX: held("watchdog_reg", 0x03),
      ...within("inner", { COUNT, RESOLUTION: { read: ({ resolution }) => resolution } }),
    },
    save: (state) => state,
    restore: (saved) => saved,
  };
