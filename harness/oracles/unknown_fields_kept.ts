/**
 * What a reader does not know is still there when it saves again, for the next reader that does.
 * OpenHCL skips unknown fields and keeps none of them: the verdict lists what is lost.
 *
 * @module
 */
import { codecFor } from "../../src/mesh/mod.ts";
import { ServicingState } from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { type FieldCounter, type FieldCounts, unknownFieldsOf } from "./unknown_fields.ts";

/** Parts that are there or not as each save asks for it; see keepalive-decision. */
const ASKED_FOR = ["nvme_state", "dma_manager_state", "mana_state"] as const;

export const unknownFieldsKept: Oracle = {
  name: "unknown-fields-kept",
  must: "What a reader does not know is still there when it saves again",
  source: "openvmm, support/mesh/mesh_protobuf; Guide, dev_guide/contrib/save-state.md",
  needs: [],
  wants: ["again"],
  judge(edge) {
    const resaved = edge.again?.resaved;
    const state = decoded(edge);
    if (resaved === undefined || state?.read === undefined) return;
    const [writer, reader] = [edge.writer.release, edge.reader.release];
    const count = unknownFieldsOf(ServicingState, writer, reader);
    if (count === undefined) return;
    // Most readers know everything; what they save need not be legible to the writer.
    if (!leavesOut(count, state, state.read)) return;
    const again = codecFor(ServicingState, writer).decode(resaved.bytes);
    const saved = counted(count, comparable(state, again));
    const kept = counted(count, again);
    const lost = [...saved].filter(([name, times]) => (kept.get(name) ?? 0) < times);
    const names = lost.map(([name]) => name).join(", ");
    check(lost.length === 0, `${reader} loses ${names}`);
  },
};

/** By what was read, which is one object for every reader of a release. */
const leaving = new WeakMap<ServicingState, boolean>();

/** Whether there is anything in a saved state that its reader does not know. */
function leavesOut(count: FieldCounter, { init, units }: Decoded, read: ServicingState): boolean {
  const known = leaving.get(read);
  if (known !== undefined) return known;
  const leaves = counted(count, { init_state: init, units: [...units] }).size > 0;
  leaving.set(read, leaves);
  return leaves;
}

function counted(count: FieldCounter, state: ServicingState): FieldCounts {
  const counts: FieldCounts = new Map();
  count(state, counts);
  return counts;
}

/** The saved state, without units and parts that the reader knows and that are gone as a whole. */
function comparable(
  { init, units, read }: Decoded,
  { init_state: kept, units: unitsKept }: ServicingState,
): ServicingState {
  const init_state = { ...init };
  for (const part of ASKED_FOR) {
    if (read !== undefined && part in read.init_state && kept[part] === null)
      init_state[part] = null;
  }
  const names = new Set(unitsKept.map(({ name }) => name));
  return { init_state, units: units.filter(({ name }) => names.has(name)) };
}
