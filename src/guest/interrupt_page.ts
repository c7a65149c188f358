/**
 * The interrupt page of a guest from before Windows 8: one bit for each channel in either
 * direction, and a single interrupt, or a single connection, for all of them.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channel_bitmap.rs.
 *
 * @module
 */
import type { GuestMemory } from "../memory/mod.ts";
import {
  SHARED_CONNECTION_ID,
  SHARED_EVENT_FLAG,
  setForHost,
  takeForGuest,
  VERSION,
} from "../vmbus/mod.ts";
import type { DriverState, GuestChannel } from "./driver_state.ts";

/** Beside the monitor pages. */
export const INTERRUPT_PAGE = 0x7fe0_2000n;

function usesPage({ version }: DriverState): boolean {
  return version !== null && version.version < VERSION.win8;
}

/** Event flags of the channels that were signalled. */
export function eventsTaken(state: DriverState, memory: GuestMemory): ReadonlySet<number> {
  const { events } = state;
  state.events = new Set();
  if (!usesPage(state) || !events.has(SHARED_EVENT_FLAG)) return events;
  return new Set(takeForGuest(memory, INTERRUPT_PAGE));
}

/** The connection by which the host hears of a channel. */
export function connectionOf(
  state: DriverState,
  memory: GuestMemory,
  { relid, connectionId }: GuestChannel,
): number {
  if (!usesPage(state)) return connectionId;
  setForHost(memory, INTERRUPT_PAGE, relid);
  return SHARED_CONNECTION_ID;
}
