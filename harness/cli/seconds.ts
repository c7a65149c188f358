/**
 * A time as an option has it: `90s` or `3m`.
 *
 * @module
 */
import { UsageError } from "./exit.ts";

/** The seconds that `text` says. */
export function seconds(text: string): number {
  const [, count, unit] = /^(\d{1,6})(s|m)?$/.exec(text) ?? [];
  if (count !== undefined && Number(count) > 0) return Number(count) * (unit === "m" ? 60 : 1);
  throw new UsageError(`Cannot measure as a time must be like 90s or 3m: current value is ${text}`);
}
