/**
 * What a guest has seen, and how long it stood still, as figures of a transcript.
 *
 * @module
 */
import type { Machine } from "./facets/machine.ts";
import type { Figures } from "./report.ts";

/** What the guest of `machine` has seen so far; null of a machine that does not tell. */
export function guestFigures({ guest }: Machine): Figures | null {
  if (guest === undefined) return null;
  const { issued, done, failed, outstanding, oddities } = guest.io();
  const traffic = guest.traffic();
  return {
    tick: guest.tick(),
    issued,
    done,
    failed,
    outstanding,
    sent: traffic.sent,
    returned: traffic.returned,
    odd: oddities.length + traffic.oddities.length,
    damaged: guest.damagedPages().length,
  };
}

/** Phases of the last servicing in microseconds; null when nobody was serviced. */
export function blackoutFigures({ servicing }: Machine): Figures | null {
  const phases = servicing?.blackout() ?? [];
  if (phases.length === 0) return null;
  return Object.fromEntries(phases.map(({ phase, us }) => [phase, us]));
}

/** `tick 2, issued 41`. */
export function figuresText(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}
