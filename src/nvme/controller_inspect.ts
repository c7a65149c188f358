/**
 * What `inspect` shows of a controller.
 *
 * @module
 */
import type { InspectNode } from "../machine/mod.ts";
import type { ControllerState } from "./controller_state.ts";
import type { SubmissionQueue } from "./hardware_queue.ts";
import { REGISTER } from "./registers.ts";

/** The controller's node of the tree. */
export function inspectController(state: ControllerState): InspectNode {
  const { registers, counters, submissionQueues, namespaces } = state;
  return {
    cc_en: registers.enabled,
    csts: registers.read32(REGISTER.CSTS),
    controller_resets: counters.controllerResets,
    function_level_resets: counters.functionLevelResets,
    queues: [...submissionQueues.values()].map((queue) => inspectQueue(state, queue)),
    namespaces: [...namespaces.values()].map(({ nsid, blocks }) => ({ nsid, blocks: `${blocks}` })),
    pending_interrupts: [...state.interrupts.pending],
    violations: [...state.faults.violations],
    verified: [...state.faults.verified],
  };
}

function inspectQueue(
  { completionQueues, inFlight, events }: ControllerState,
  { sqid, cqid, pfn, entries, head, tail }: SubmissionQueue,
): InspectNode {
  const cq = completionQueues.get(cqid);
  return {
    qid: sqid,
    sq_pfn: `${pfn}`,
    cq_pfn: cq === undefined ? null : `${cq.pfn}`,
    entries,
    sq_head: head,
    sq_tail: tail,
    cq_head: cq?.head ?? null,
    cq_tail: cq?.tail ?? null,
    held_back: cq?.heldBack.length ?? 0,
    outstanding: [...(sqid === 0 ? events.requests : []), ...inFlight.cids(sqid)],
  };
}
