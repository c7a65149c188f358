/**
 * A request that a guest makes and a device does not answer for now, so that its machine can be
 * reset in between.
 *
 * @module
 */
import { closeChannel, openChannel } from "./channel_requests.ts";
import type { GuestChannel } from "./driver_state.ts";
import type { Stage } from "./stage.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

/** Closes a channel and asks for it again; its device does not say that it is open. */
export function reopenUnanswered(driver: VmbusDriver, stage: Stage): void {
  const [channel] = openChannels(driver);
  if (channel === undefined) return;
  closeChannel(driver, channel);
  stage.hold(["open"]);
  openChannel(driver, channel);
}

function openChannels(driver: VmbusDriver): readonly GuestChannel[] {
  return driver.planned().filter(({ state, rescinded }) => state === "open" && !rescinded);
}
