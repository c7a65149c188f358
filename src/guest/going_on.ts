/**
 * How the guest goes on from wherever it is: to open channels with traffic on their rings, and from
 * there to a bus that it has taken leave of. What it cannot reach it tells.
 *
 * @module
 */
import { createGpadl, prepareMemory } from "./channel_memory.ts";
import { openChannel, releaseChannel, sendPackets } from "./channel_requests.ts";
import { contact, requestOffers, unload } from "./connection_requests.ts";
import type { GuestChannel } from "./driver_state.ts";
import type { VmbusDriver } from "./vmbus_driver.ts";

/** Packets that go through each channel when a guest shows that it works. */
const PACKETS = 4;

/** Rounds after which a guest that gets no further gives up. */
const ROUNDS_MAX = 32;

/** Opens every channel of the plan that is offered, from any state. Answers what is not open. */
export function openAll(driver: VmbusDriver): string[] {
  driver.setHoldsOutbox(false);
  driver.setHoldsSlot(false);
  for (let round = 0; round < ROUNDS_MAX && step(driver); round++);
  const { connection } = driver.state;
  if (connection !== "delivered") return [`the connection is ${connection}`];
  return driver
    .planned()
    .filter(({ state }) => state !== "open")
    .map(({ relid, state }) => `relid ${relid} is ${state}`);
}

/** Does what can be done next. Answers false when there is nothing, or only waiting. */
function step(driver: VmbusDriver): boolean {
  const { state } = driver;
  driver.wake();
  if (state.connection === "none") {
    if (state.versionAsked === driver.versions[0]) return false;
    contact(driver);
    return true;
  }
  if (state.connection === "connected") {
    requestOffers(driver);
    return true;
  }
  let stepped = false;
  for (const channel of [...state.channels.values()]) {
    if (channel.rescinded) releaseChannel(driver, channel);
    const moved = channel.rescinded || stepChannel(driver, channel);
    stepped = moved || stepped;
  }
  return stepped;
}

function stepChannel(driver: VmbusDriver, channel: GuestChannel): boolean {
  if (channel.state !== "offered" || channel.planned === null) return false;
  prepareMemory(driver, channel);
  let stepped = false;
  for (const gpadl of channel.gpadls) {
    if (gpadl.state !== "none" && gpadl.state !== "begun") continue;
    createGpadl(driver, channel, gpadl);
    stepped = true;
  }
  if (channel.gpadls.some((gpadl) => gpadl.state !== "created")) return stepped;
  openChannel(driver, channel);
  return true;
}

/** Passes packets through every open channel. Answers what has not come back. */
export function passPackets(driver: VmbusDriver, count: number = PACKETS): string[] {
  const unmet: string[] = [];
  for (const channel of driver.planned()) {
    if (channel.state !== "open") continue;
    sendPackets(driver, channel, count);
    const { sent, received } = channel.traffic;
    if (sent !== received) unmet.push(`relid ${channel.relid}: ${received} of ${sent} packets`);
  }
  return unmet;
}

/** Answers for which the guest waits although nothing is under way that it knows of. */
export function unanswered({ state }: VmbusDriver): string[] {
  const unmet: string[] = [];
  if (state.modifying > 0) unmet.push("a modification of the connection");
  for (const { relid, modifying, rescinded } of state.channels.values()) {
    if (modifying > 0 && !rescinded) unmet.push(`a modification of relid ${relid}`);
  }
  return unmet.map((what) => `no answer to ${what}`);
}

/** Takes leave of the bus. Answers what is left. */
export function leave(driver: VmbusDriver): string[] {
  const { state } = driver;
  if (state.connection !== "unloading" && state.connection !== "none") unload(driver);
  driver.wake();
  const { connection } = state;
  return connection === "none" ? [] : [`the connection is ${connection}`];
}

/**
 * Goes on to open channels with traffic and back to nothing. Answers what was not reached; a guest
 * that was taking leave only ends that.
 */
export function goOn(driver: VmbusDriver): string[] {
  driver.setHoldsOutbox(false);
  driver.setHoldsSlot(false);
  if (driver.state.connection === "unloading") return leave(driver);
  const opened = [...openAll(driver), ...unanswered(driver)];
  return [...opened, ...passPackets(driver), ...leave(driver)];
}
