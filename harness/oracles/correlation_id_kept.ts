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
  source: "openvmm Guide, reference/architecture/openhcl_servicing.md, Correlation ID",
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

/** Two hex digits of every octet. */
const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, "0"));

function textOf({ data1, data2, data3, data4 }: Guid): string {
  let tail = "";
  for (const octet of data4) tail += HEX[octet];
  const head = hex16(data1 >>> 16) + hex16(data1 & 0xffff);
  return `${head}-${hex16(data2)}-${hex16(data3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

function hex16(value: number): string {
  return `${HEX[value >> 8]}${HEX[value & 0xff]}`;
}
