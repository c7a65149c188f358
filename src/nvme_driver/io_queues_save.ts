/**
 * Saving the I/O queues of a driver: those in service, and those that have waited for their first
 * I/O since the last restore. Source: microsoft/openvmm, nvme_driver driver.rs
 * `DriverWorkerTask::save`.
 *
 * @module
 */
import { ChainError, refusal } from "../machine/mod.ts";
import type { IoQueueSavedState } from "../openhcl_state/mod.ts";
import type { DriverContext } from "./driver_context.ts";
import { type IoQueue, QUEUE_STATE_US } from "./io_queue.ts";
import type { IoQueues } from "./io_queues.ts";
import { waitUntil } from "./patience.ts";

/** Saves live queues, then those that wait, as they were. */
export function saveIoQueues(context: DriverContext, queues: IoQueues): IoQueueSavedState[] {
  const { release, environment } = context;
  const saved: IoQueueSavedState[] = [];
  let failed = false;
  for (const queue of queues.live) {
    waitUntilHeard(context, queue);
    environment.clock.advance(QUEUE_STATE_US);
    try {
      const name = `nvme/save/io/${queue.pair.qid}`;
      saved.push(environment.points.around(name, () => saveOne(context, queue)));
    } catch (error) {
      environment.log.error(`failed to save io queue: ${refusal(error).message}`);
      failed = true;
    }
  }
  if (failed && release.unsavedIoQueue === "fails") {
    throw new ChainError("failed to save one or more io queues");
  }
  return [...saved, ...queues.waiting.map((proto) => proto.saved)];
}

function saveOne(
  { release }: DriverContext,
  { pair, cpu, iv, unmapped }: IoQueue,
): IoQueueSavedState {
  const queue_data = pair.save();
  return { cpu, iv, queue_data, ...(release.knowsFusedDevices ? { unmapped } : {}) };
}

/** A queue that hears nothing else while it drains, or is full, answers after that. */
function waitUntilHeard({ release, environment }: DriverContext, { pair }: IoQueue): void {
  if (release.savesWhileDraining) return;
  const heard = () => !pair.draining && !pair.full && pair.waiting === 0;
  const what = () => `io queue ${pair.qid} does not hear the save`;
  environment.blackout.within("drain", () => waitUntil(environment.clock, heard, what));
}
