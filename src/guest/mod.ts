/**
 * The guest: its memory, its VMBus driver and its storage driver with a ledger of all I/O.
 *
 * @module
 */
export { adoptedGuest } from "./adopted_guest.ts";
export type {
  DriverState,
  GuestChannel,
  PlannedChannel,
  TrafficTotals,
} from "./driver_state.ts";
export { goOn, leave, openAll, passPackets, unanswered } from "./going_on.ts";
export { GuestRam } from "./guest_ram.ts";
export type { LedgerTotals } from "./ledger.ts";
export {
  advanceTo,
  PROTOCOL_STEPS,
  type ProtocolStep,
} from "./protocol_steps.ts";
export type { Stage } from "./stage.ts";
export { diskName, GuestStorage, type StorageRequest } from "./storage.ts";
export { reopenUnanswered } from "./unfinished.ts";
export { VmbusDriver } from "./vmbus_driver.ts";
