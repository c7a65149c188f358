/**
 * Shares as options of the commands that measure.
 *
 * @module
 */
import { UsageError } from "./exit.ts";

/** Reads percents of an option, of which `min` are the fewest, as a share. */
export function percent(option: string, min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d{1,3}(\.\d{1,3})?$/.test(text) && value >= min && value <= 100) return value / 100;
    throw new UsageError(
      `Cannot measure as ${option} must be ${min} to 100 percent: current value is ${text}`,
    );
  };
}
