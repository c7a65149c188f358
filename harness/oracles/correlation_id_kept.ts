/**
 * The correlation id of the request is in the saved state and known to the restored machine.
 *
 * @module
 */
import type { Guid } from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";

export const correlationIdKept: Oracle = {
  name: "correlation-id-kept",
  must: "The correlation id of the request is saved and comes out on the other side",
  source: "openvmm Guide, reference/architecture/openhcl/servicing.md, Correlation ID",
  needs: ["servicing"],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined) return;
    const { correlation_id: saved } = state.init;
    check(saved !== null, "the saved state has no correlation id");
    const text = textOf(saved);
    check(text === edge.correlationId, `saved ${text}, requested ${edge.correlationId}`);
    const known = edge.machine?.servicing?.correlationId();
    if (edge.machine === undefined) return;
    check(known === edge.correlationId, `restored ${known}, requested ${edge.correlationId}`);
  },
};

function textOf({ data1, data2, data3, data4 }: Guid): string {
  const tail = Array.from(data4, (octet) => octet.toString(16).padStart(2, "0")).join("");
  return `${hex(data1, 8)}-${hex(data2, 4)}-${hex(data3, 4)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
