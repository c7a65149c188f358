/**
 * The result of flushing the logs is in the saved state, is the one that the table foretells, and
 * is reported by the restored machine.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { faultOn } from "./rows_of_edge.ts";

export const flushLogResult: Oracle = {
  name: "flush-log-result",
  must: "The result of flushing the logs is saved, and reported after the restart",
  source: "fixtures/openhcl/servicing_errors.json, flushError",
  needs: ["servicing"],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined) return;
    const { flush_logs_result: saved } = state.init;
    check(saved !== null, "no result of flushing the logs is saved");
    const { flushError = null, flushDurationUs } = faultOn(edge) ?? {};
    if (flushError === null) check(saved.error === null, `flush failed: ${saved.error}`);
    else check(saved.error?.includes(flushError) === true, `flush ended with ${saved.error}`);
    if (flushDurationUs !== undefined) {
      check(saved.duration_us >= BigInt(flushDurationUs), `gave up after ${saved.duration_us} us`);
    }
    const reported = edge.machine?.servicing?.flushLogs();
    if (edge.machine === undefined) return;
    check(
      reported?.durationUs === saved.duration_us && reported.error === saved.error,
      `saved ${saved.duration_us} us ${saved.error}, ` +
        `reported ${reported?.durationUs} us ${reported?.error}`,
    );
  },
};
