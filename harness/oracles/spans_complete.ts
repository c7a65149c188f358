/**
 * Restoring runs under the spans that the release's table names, and those that belong to the
 * operation carry its correlation id. The spans of a save end with the machine that was saved, so
 * only a save that fails shows them.
 *
 * @module
 */
import { check } from "../check.ts";
import type { SpanRecord } from "../facets/lifecycle.ts";
import type { Machine } from "../facets/machine.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { deviceRow } from "./foretold.ts";
import { keptIn } from "./kept.ts";
import { SAVE_ORDER, type SpanRow } from "./tables.ts";

export const spansComplete: Oracle<Machine> = {
  name: "spans-complete",
  must: "Each span of the release's table is seen, with the correlation id where it has one",
  source: "fixtures/openhcl/save_order.json, spans",
  needs: ["lifecycle"],
  judge(edge) {
    if (edge.machine?.lifecycle === undefined) return;
    const spans = edge.machine.lifecycle.spans();
    for (const row of SAVE_ORDER.spans) {
      if (row.side !== "restore" || !row.releases.includes(edge.reader.release)) continue;
      if (applies(edge, row)) checkSpan(row, spans, edge.correlationId);
    }
  },
};

function applies(edge: Edge, { when }: SpanRow): boolean {
  if (when === "always") return true;
  const state = decoded(edge);
  if (!state?.init.nvme_state?.nvme_state.nvme_disks.length) return false;
  return when === "nvme" || deviceRow(edge, keptIn(state), "nvme").outcome === "attach";
}

function checkSpan(row: SpanRow, spans: readonly SpanRecord[], correlationId: string): void {
  const span = spans.find(({ name }) => name === row.span);
  check(span !== undefined, `span ${row.span} is missing`);
  if (!row.correlated) return;
  check(
    span.correlationId === correlationId,
    `span ${row.span} carries ${span.correlationId}, not ${correlationId}`,
  );
}
