/**
 * Saving and restoring run under the spans that the release's table names, in the order of its
 * steps, and those that belong to the operation carry its correlation id. A machine that was
 * saved cannot be asked any more, so the spans of a save show when a save fails at its very end.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Lifecycle, SpanRecord } from "../facets/lifecycle.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { keptIn } from "./kept.ts";
import { gateOf } from "./mode.ts";
import { deviceRow } from "./rows_of_edge.ts";
import { rowOf, SAVE_ORDER, type SpanRow } from "./tables.ts";

/** The writer, to be asked when its save has failed. */
type Seen = Lifecycle | undefined;

export const spansComplete: Oracle<Seen> = {
  name: "spans-complete",
  must: "Each span of the release's table is seen, in order and with the correlation id",
  source: "fixtures/openhcl/save_order.json",
  needs: ["lifecycle"],
  before: ({ lifecycle }) => lifecycle,
  judge(edge, seen) {
    const late = edge.save.kind === "refused" && edge.settings.fault === "servicing:fail:save";
    if (late && seen !== undefined) checkSave(edge, seen.spans());
    if (edge.machine?.lifecycle !== undefined) {
      checkSide(edge, "restore", edge.machine.lifecycle.spans());
    }
  },
};

function checkSave(edge: Edge, spans: readonly SpanRecord[]): void {
  checkSide(edge, "save", spans);
  const { release } = edge.writer;
  const { steps } = rowOf(SAVE_ORDER.saves, `order of ${release}`, ({ releases }) =>
    releases.includes(release),
  );
  let last = -1;
  for (const { span } of steps) {
    const at = spans.findIndex(({ name }) => name === span);
    if (at < 0) continue;
    check(at > last, `span ${span} comes before one of an earlier step`);
    last = at;
  }
}

function checkSide(edge: Edge, side: SpanRow["side"], spans: readonly SpanRecord[]): void {
  const { release } = side === "save" ? edge.writer : edge.reader;
  for (const row of SAVE_ORDER.spans) {
    if (row.side !== side || !row.releases.includes(release)) continue;
    if (applies(edge, row)) checkSpan(row, spans);
  }
  for (const { name, correlationId } of spans) {
    const own = correlationId === null || correlationId === edge.correlationId;
    check(own, `span ${name} carries ${correlationId}, not ${edge.correlationId}`);
  }
}

function applies(edge: Edge, { when }: SpanRow): boolean {
  const { devices = "none" } = edge.settings;
  if (when === "always") return true;
  if (when === "nics") return devices.endsWith("mana");
  if (when === "nics kept") return gateOf(edge.writer, "mana", edge.settings) === "kept";
  if (!devices.startsWith("nvme")) return false;
  if (when === "controllers") return true;
  if (when === "controllers kept") return gateOf(edge.writer, "nvme", edge.settings) === "kept";
  const state = decoded(edge);
  if (!state?.init.nvme_state?.nvme_state.nvme_disks.length) return false;
  if (when === "controllers saved") return true;
  const { outcome } = deviceRow(edge, keptIn(state), "nvme");
  return outcome === (when === "controllers attached" ? "attach" : "fresh-after-clear");
}

/** Whose correlation id a span carries is checked of every one; here, that it carries one. */
function checkSpan({ span, correlated }: SpanRow, spans: readonly SpanRecord[]): void {
  let seen = false;
  for (const { name, correlationId } of spans) {
    if (name !== span) continue;
    seen = true;
    check(!correlated || correlationId !== null, `span ${span} carries no correlation id`);
  }
  check(seen, `span ${span} is missing`);
}
