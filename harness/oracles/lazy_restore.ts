/**
 * Queues of an attached controller are in service at once or wait for their processor's first
 * I/O, as writer and reader agree on by table. Those that still wait are saved again.
 *
 * @module
 */
import type { NvmeDriverSavedState } from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import type { ControllerRecord } from "../facets/nvme.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { keptIn } from "./kept.ts";
import { deviceRow } from "./rows_of_edge.ts";
import { LAZY_RESTORE, rowOf } from "./tables.ts";

/** Points at which a processor without a queue has a request under way. */
const ASKING = ["queue:sent", "queue:inspected"];

/** Identifiers of queues that wait, by controller. */
type Waiting = ReadonlyMap<string, readonly number[]>;

export const lazyRestore: Oracle<Waiting | undefined> = {
  name: "lazy-restore",
  must: "Idle queues wait for their first I/O exactly when the table says so",
  source: "fixtures/openhcl/lazy_restore.json",
  needs: ["nvme"],
  // The guest's work takes every queue into service.
  wants: ["found"],
  before: ({ nvme }) =>
    new Map(
      nvme?.controllers().map(({ pciId, ioQueues }) => {
        const waiting = ioQueues.filter(({ live }) => !live);
        return [pciId, waiting.map(({ qid }) => qid)];
      }),
    ),
  judge(edge, waiting) {
    const state = decoded(edge);
    if (!state?.init.nvme_state) return;
    const attached =
      edge.machine !== undefined && deviceRow(edge, keptIn(state), "nvme").outcome === "attach";
    for (const { pci_id, driver_state } of state.init.nvme_state.nvme_state.nvme_disks) {
      checkWriter(edge, driver_state);
      checkSavedAgain(pci_id, waiting?.get(pci_id) ?? [], driver_state);
      if (attached) checkReader(edge, pci_id, driver_state);
    }
  },
};

function checkWriter({ writer }: Edge, { worker_data }: NvmeDriverSavedState): void {
  const { allowLazyRestore } = rowOf(LAZY_RESTORE.writers, `queues of ${writer.release}`, (row) =>
    row.writers.includes(writer.release),
  );
  const saved = worker_data.allow_lazy_restore ?? null;
  check(
    saved === allowLazyRestore,
    `${writer.release} saves allow_lazy_restore ${saved}, table says ${allowLazyRestore}`,
  );
}

function checkSavedAgain(
  pciId: string,
  waiting: readonly number[],
  { worker_data }: NvmeDriverSavedState,
): void {
  const saved = worker_data.io.map(({ queue_data }) => queue_data.qid);
  const lost = waiting.find((qid) => !saved.includes(qid));
  check(lost === undefined, `${pciId}: queue ${lost} waited and is not saved again`);
}

function checkReader(
  { index, writer, reader, found, settings }: Edge,
  pciId: string,
  { worker_data }: NvmeDriverSavedState,
): void {
  const { live } = rowOf(
    LAZY_RESTORE.readers,
    `queues of ${writer.release} on ${reader.release}`,
    (row) => row.writers.includes(writer.release) && row.readers.includes(reader.release),
  );
  const controllers = (found?.nvme ?? []) as readonly ControllerRecord[];
  const controller = controllers.find((candidate) => candidate.pciId === pciId);
  // Such a request is issued anew as soon as there is a driver; so is what had to wait for disks.
  if (ASKING.includes(settings.point ?? "")) return;
  if (settings.flight === "chain" && index > 0) return;
  for (const { queue_data, unmapped } of worker_data.io) {
    // No processor could wait for a queue that is nobody's.
    if (unmapped) continue;
    const { qid, handler_data } = queue_data;
    const busy = qid === 1 || handler_data.pending_cmds.commands.length > 0;
    const queue = controller?.ioQueues.find((candidate) => candidate.qid === qid);
    check(queue !== undefined, `${pciId}: queue ${qid} is gone`);
    check(
      queue.live === (live === "all" || busy),
      `${pciId}: queue ${qid} is ${queue.live ? "in service" : "waiting"}, table says ${live}`,
    );
  }
}
