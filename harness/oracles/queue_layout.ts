/**
 * Memory of NVMe queues: saved blocks have the writer's size, and a live queue that meets a
 * reader with another layout ends as the table says.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { checkEnded } from "./ended.ts";
import { foretoldRestore } from "./foretold.ts";
import { type LayoutRow, QUEUE_LAYOUT, rowOf } from "./tables.ts";

export const queueLayout: Oracle = {
  name: "queue-layout",
  must: "Queue memory has the writer's layout, and crossing to another one ends as the table says",
  source: "fixtures/openhcl/queue_layout.json",
  needs: ["nvme"],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined || edge.restore === undefined) return;
    if (state.init.nvme_state) checkSaved(edge, state, layoutOf(edge.writer.release));
    const foretold = foretoldRestore(edge);
    if (foretold.by === "layout") checkEnded("restore", edge.restore, foretold);
  },
};

function layoutOf(release: string): LayoutRow {
  return rowOf(QUEUE_LAYOUT.layouts, `queue layout of ${release}`, ({ releases }) =>
    releases.includes(release),
  );
}

function checkSaved({ writer }: Edge, { init }: Decoded, { memLen, entriesMax }: LayoutRow): void {
  for (const { driver_state } of init.nvme_state?.nvme_state.nvme_disks ?? []) {
    const { admin, io } = driver_state.worker_data;
    for (const queue of [admin, ...io.map(({ queue_data }) => queue_data)]) {
      if (queue === null) continue;
      check(
        queue.mem_len === BigInt(memLen) && queue.sq_entries <= entriesMax,
        `queue ${queue.qid} of ${writer.release} has ${queue.mem_len} octets and ` +
          `${queue.sq_entries} entries, table says ${memLen} and at most ${entriesMax}`,
      );
    }
  }
}
