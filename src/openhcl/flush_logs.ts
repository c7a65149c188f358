/**
 * Flushing the logs at the end of a save: at most half a second, and a failure only shows in the
 * saved state.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`flush_logs_result`).
 *
 * @module
 */
import type { VirtualClock } from "../machine/mod.ts";
import type { FlushLogsResult } from "../openhcl_state/mod.ts";

/** The longest that a flush may hold up the save. */
export const FLUSH_LIMIT_US = 500_000;

/** How long a flush takes when the process that owns the logs answers. */
const FLUSH_US = 1_200;

/** Flushes the logs; `answers` is false when the process that owns them does not. */
export function flushLogs(clock: VirtualClock, answers: boolean): FlushLogsResult {
  const tookUs = answers ? FLUSH_US : FLUSH_LIMIT_US;
  clock.advance(tookUs);
  return { duration_us: BigInt(tookUs), error: answers ? null : "deadline exceeded" };
}
