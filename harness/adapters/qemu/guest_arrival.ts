/**
 * What a guest must be like that has just come: stopped as it was, with all that it had counted.
 *
 * @module
 */
import type { Guest } from "./guest.ts";
import type { Counters } from "./guest_counters.ts";
import type { GuestMode } from "./guest_modes.ts";
import { statusOf } from "./saves.ts";

/** Status of a machine that has come, by mode. */
const STATUS: Readonly<Record<GuestMode, string>> = {
  booted: "paused",
  "in-flight": "io-error",
  live: "running",
  "live-postcopy": "running",
  // It was started to wait, and QEMU says no more than that.
  snapshot: "prelaunch",
  "snapshot-job": "prelaunch",
  reset: "paused",
};

/** What is wrong with a guest that has come and has not gone on, if anything is. */
export async function wrongIn(
  guest: Guest,
  before: Counters,
  mode: GuestMode,
): Promise<string | undefined> {
  const [status, now] = [await statusOf(guest.emulator), await guest.counters()];
  if (status !== STATUS[mode]) return `the machine is ${status}, not ${STATUS[mode]}`;
  const isThere =
    STATUS[mode] === "running"
      ? now.boots === before.boots && now.reads >= before.reads && now.passes >= before.passes
      : JSON.stringify(now) === JSON.stringify(before);
  if (isThere) return undefined;
  return `its memory has ${JSON.stringify(now)}, not ${JSON.stringify(before)}`;
}
