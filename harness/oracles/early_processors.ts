/**
 * A boot after a servicing knows which processors it has to bring up first: those whose queues have
 * I/O in flight, and those that only have an interrupt, as the saved state has them. Who is not
 * told, by table, knows of none.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { EARLY_PROCESSORS, rowOf } from "./tables.ts";

export const earlyProcessors: Oracle = {
  name: "early-processors",
  must: "The boot after a servicing knows which processors have I/O in flight, or an interrupt",
  source: "fixtures/openhcl/early_processors.json",
  needs: ["servicing"],
  judge(edge) {
    const found = edge.machine?.servicing?.earlyProcessors?.();
    const state = decoded(edge);
    if (found === undefined || state === undefined) return;
    const [writer, reader] = [edge.writer.release, edge.reader.release];
    const { told } = rowOf(EARLY_PROCESSORS.rows, `processors of ${writer} on ${reader}`, (row) => {
      return row.writers.includes(writer) && row.readers.includes(reader);
    });
    check(
      (found !== null) === told,
      `${reader} is ${told ? "not " : ""}told, table says otherwise`,
    );
    if (found === null) return;
    const disks = state.init.nvme_state?.nvme_state.nvme_disks ?? [];
    const queues = disks.flatMap(({ driver_state }) => driver_state.worker_data.io);
    const busy = new Set<number>();
    for (const { cpu, queue_data } of queues) {
      if (queue_data.handler_data.pending_cmds.commands.length > 0) busy.add(cpu);
    }
    const idle = new Set(queues.map(({ cpu }) => cpu)).difference(busy);
    checkSame("I/O in flight", found.withIo, busy);
    checkSame("an interrupt and no I/O", found.withInterrupt, idle);
  },
};

function checkSame(what: string, told: readonly number[], saved: ReadonlySet<number>): void {
  const words = (cpus: Iterable<number>) => [...cpus].sort((a, b) => a - b).join(", ") || "none";
  const [is, should] = [words(told), words(saved)];
  check(is === should, `processors with ${what} are told as ${is}, saved are ${should}`);
}
