/**
 * The memory of the guest's channels: where it is, and how it is described to the host. Ids of
 * GPADLs and places are the guest's own choice.
 *
 * @module
 */
import { gpadlMessages, MESSAGE, wholePages } from "../vmbus/mod.ts";
import { forgetRings, type GuestChannel, type GuestGpadl } from "./driver_state.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

/** Pages of the two rings of a channel together. */
export const RING_PAGES = 8;

/** Pages of every other GPADL: too many for one message. */
const BUFFER_PAGES = 28;

/** Has the channel's memory ready. */
export function prepareMemory({ state }: VmbusDriver, channel: GuestChannel): void {
  const { planned } = channel;
  if (channel.gpadls.length > 0 || planned === null) return;
  const gpadls = planned.gpadls.map((id, index): GuestGpadl => {
    const pages = index === 0 ? RING_PAGES : BUFFER_PAGES;
    const pfn = state.nextPfn;
    state.nextPfn += pages;
    return { id, pfn, pages, state: "none" };
  });
  state.memory.set(planned, gpadls);
  channel.gpadls.push(...gpadls.map((gpadl) => ({ ...gpadl })));
}

/** Describes memory to the host; with `headerOnly` the bodies are left for another call. */
export function createGpadl(
  driver: VmbusDriver,
  channel: GuestChannel,
  gpadl: GuestGpadl,
  headerOnly = false,
): void {
  const { relid, gpadls } = channel;
  const ranges = { count: 1, octets: wholePages(gpadl.pfn, gpadl.pages) };
  const messages = gpadlMessages(relid, gpadl.id, ranges);
  const rest = gpadl.state === "begun" ? messages.slice(1) : messages;
  if (gpadl.state === "none") {
    driver.memory.clear(gpadl.pfn, gpadl.pages);
    // What was in flight in rings that are cleared does not come back.
    if (gpadl === gpadls[0]) forgetRings(driver.state, channel);
  }
  gpadl.state = headerOnly ? "begun" : "sent";
  for (const octets of headerOnly ? rest.slice(0, 1) : rest) driver.send(octets);
}

/** Takes memory back from the host. */
export function teardownGpadl(
  driver: VmbusDriver,
  { relid: channelId }: GuestChannel,
  gpadl: GuestGpadl,
): void {
  gpadl.state = "torn-down";
  driver.send(MESSAGE.gpadlTeardown.encode({ channelId, gpadlId: gpadl.id }));
}
