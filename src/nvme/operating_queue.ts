/**
 * A controller in the middle of its work: what has to be known of its queues to put hardware there
 * that a driver has left elsewhere.
 *
 * @module
 */
import type { Command } from "./command.ts";
import type { ControllerState } from "./controller_state.ts";
import { CompletionQueue, type QueuePlace } from "./hardware_queue.ts";
import { serviceTimeUs } from "./timing.ts";

/** A queue pair in use; submission and completion queue have the same identifier. */
export interface OperatingQueue {
  readonly qid: number;
  readonly sq: QueuePlace;
  readonly cq: QueuePlace;
  /** Next entry of the submission queue to be fetched. */
  readonly sqHead: number;
  /** Next entry of the completion queue to be written, all before it being taken, and its tag. */
  readonly cqTail: number;
  readonly phase: boolean;
  readonly vector: number;
  /** Commands in flight, oldest first. */
  readonly inFlight: readonly { readonly cid: number; readonly command: Command }[];
}

/**
 * Puts `queues`, the admin queue among them, to work in `state`. Positions come from elsewhere:
 * those behind the end of a queue are taken from its start, and no queue is too short for one.
 */
export function operate(
  state: ControllerState,
  queues: readonly OperatingQueue[],
  nowUs: number,
): void {
  for (const { qid, sq, cq, sqHead, cqTail, phase, vector, inFlight } of queues) {
    if (sq.entries < 2 || cq.entries < 2) continue;
    if (qid === 0) state.registers.assumeReady(sq, cq);
    const place = { sqid: qid, cqid: qid, ...sq };
    const head = sqHead % sq.entries;
    state.submissionQueues.set(qid, { ...place, head, tail: head });
    const completions = new CompletionQueue(qid, cq, vector);
    completions.head = cqTail % cq.entries;
    completions.tail = completions.head;
    completions.phase = phase;
    state.completionQueues.set(qid, completions);
    for (const { cid, command } of inFlight) {
      const serviceUs = serviceTimeUs(qid, command.opcode);
      const flight = { sqid: qid, cid, command, serviceUs, reply: null, delayed: false };
      state.inFlight.add(flight, nowUs);
    }
  }
}
