/**
 * Days on the command line: that of the clock, and one that is given in its place.
 *
 * @module
 */
import { isDay } from "../expiry.ts";
import { UsageError } from "./exit.ts";

/** The day of the clock, as `2026-12-31`. */
export function dayNow(): string {
  return new Date().toISOString().slice(0, 10);
}

/** Reads the day that `option` must be. */
export function day(option: string): (text: string) => string {
  return (text) => {
    if (isDay(text)) return text;
    throw new UsageError(
      `Cannot run as ${option} must be a day such as 2026-12-31: current value is ${text}`,
    );
  };
}
