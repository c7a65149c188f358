/**
 * The guest, as far as it takes part in VMBus.
 *
 * @module
 */
export { adoptedGuest } from "./adopted_guest.ts";
export {
  type DriverState,
  GUEST_PAGES,
  type GuestChannel,
  type PlannedChannel,
  type TrafficTotals,
} from "./driver_state.ts";
export { goOn, leave, openAll, passPackets } from "./going_on.ts";
export {
  advanceTo,
  leaveMessagesUntaken,
  PROTOCOL_STEPS,
  type ProtocolStep,
  type Stage,
} from "./protocol_steps.ts";
export { VmbusDriver } from "./vmbus_driver.ts";
