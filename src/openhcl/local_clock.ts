/**
 * The guest's clock, as a difference to the host's. Setting it also writes the file `RTC_SKEW`, in
 * units of 100 ns.
 *
 * Source: openhcl/underhill_core/src/emuplat/local_clock.rs.
 *
 * @module
 */

import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";
import type { LocalClockSavedState } from "../openhcl_state/mod.ts";
import type { Host } from "./host.ts";
import type { Vmgs } from "./vmgs.ts";
import { FILE } from "./vmgs_disk.ts";

/**
 * A boot, of whatever kind, does not let a clock be farther behind the host's than this. Upstream
 * calls it two days and leaves out a zero: it is four hours and 48 minutes.
 */
export const OFFSET_MIN_MILLIS = -100 * 60 * 60 * 24 * 2;

/** A host gives the guest its own local time at first. */
const HOST_TIME_ZONE_MILLIS = 3_600_000;

const UNITS_PER_MILLI = 10_000;

export class LocalClock {
  readonly #host: Host;
  readonly #vmgs: Vmgs | null;
  #offsetMillis: number;

  /** With `saved` the file is not looked at. */
  constructor(host: Host, vmgs: Vmgs | null, saved: LocalClockSavedState | null) {
    this.#host = host;
    this.#vmgs = vmgs;
    const offsetMillis = saved ? Number(saved.offset_from_host_time_millis) : storedOffset(vmgs);
    this.#offsetMillis = Math.max(offsetMillis, OFFSET_MIN_MILLIS);
  }

  get offsetMillis(): number {
    return this.#offsetMillis;
  }

  /** Milliseconds since 1970 by the guest's clock. */
  get nowMillis(): number {
    return this.#host.timeMillis + this.#offsetMillis;
  }

  /** The guest sets its clock so far ahead of the host's. */
  set(offsetMillis: number): void {
    this.#offsetMillis = offsetMillis;
    const units = offsetMillis * UNITS_PER_MILLI;
    const skew = new Uint8Array(8);
    putU32(skew, 0, units >>> 0);
    putU32(skew, 4, Math.floor(units / 2 ** 32) >>> 0);
    this.#vmgs?.write(FILE.rtcSkew, skew);
  }

  save(): LocalClockSavedState {
    return { offset_from_host_time_millis: BigInt(this.#offsetMillis) };
  }
}

function storedOffset(vmgs: Vmgs | null): number {
  const skew = vmgs?.read(FILE.rtcSkew) ?? null;
  if (skew === null) return HOST_TIME_ZONE_MILLIS;
  const units = (u32At(skew, 4) | 0) * 2 ** 32 + u32At(skew, 0);
  return Math.trunc(units / UNITS_PER_MILLI);
}
