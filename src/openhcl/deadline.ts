/**
 * The time limit of a servicing request: the timeout hint and the watchdog that enforces it.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`Event::ServicingRequest`,
 * `handle_servicing_inner`).
 *
 * @module
 */
import { type Environment, Panic } from "../machine/mod.ts";

/** A hint of at least this means that the host set none: `u16::MAX` seconds. */
export const TIMEOUT_UNSET_US = 65_535_000_000;

/** What is used when the host set none. */
export const TIMEOUT_DEFAULT_US = 200_000_000;

/** `OPENHCL_SERVICING_TIMEOUT_DUMP_COLLECTION_IN_MS`: left for the dump of a hung process. */
export const DUMP_COLLECTION_US = 500_000;

/** How a release treats the deadline of a request. */
export interface DeadlineRule {
  /** The hint as the release uses it. */
  timeout(hintUs: number): number;
  /**
   * Guards `work` until `deadlineUs` on the virtual clock. The watchdog dies with `work`, also
   * when `work` fails.
   */
  guard<T>(env: Environment, deadlineUs: number, work: () => T): T;
}

/** 2411 and 2505: the deadline is passed down and never looked at. */
export const deadlineUnused: DeadlineRule = {
  timeout: (hintUs) => hintUs,
  guard: (_env, _deadlineUs, work) => work(),
};

/** 1.7 and later: a thread of its own sleeps until shortly before the deadline and panics. */
export const deadlineWatched: DeadlineRule = {
  timeout: (hintUs) => (hintUs >= TIMEOUT_UNSET_US ? TIMEOUT_DEFAULT_US : hintUs),
  guard(env, deadlineUs, work) {
    const sleepUs = Math.max(0, deadlineUs - env.clock.nowUs - DUMP_COLLECTION_US);
    const watchdog = env.clock.after(sleepUs, () => {
      env.log.error("servicing operation timed out, triggering panic");
      throw new Panic("servicing operation timed out");
    });
    try {
      return work();
    } finally {
      watchdog.cancel();
    }
  },
};
