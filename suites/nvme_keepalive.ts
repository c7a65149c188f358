/**
 * NVMe keepalive: the controller stays enabled while OpenHCL is serviced, so that its queues and
 * the commands in them belong to both sides of the save.
 *
 * Method: note controllers, queues and commands in flight before the first save, and look only
 * at what the hardware and the guest's storage stack can see after each restore.
 *
 * @module
 */
import type { ControllerRecord } from "../harness/facets/nvme.ts";
import { check, type Machine, scenario, suite } from "../harness/mod.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md, NVMe Keepalive";
const TESTS = "openvmm, vmm_tests/vmm_tests/tests/tests/multiarch/openhcl_servicing.rs";
const KEEPALIVE = ["nvme.keepalive"];

function controllers({ nvme }: Machine<"nvme">): readonly ControllerRecord[] {
  return nvme.controllers();
}

/** Each controller after restore with what was noted of it before. */
function* pairs(
  { nvme }: Machine<"nvme">,
  noted: readonly ControllerRecord[],
): Generator<readonly [ControllerRecord, ControllerRecord]> {
  for (const before of noted) {
    const after = nvme.controllers().find(({ pciId }) => pciId === before.pciId);
    check(after !== undefined, `${before.pciId} is gone`);
    yield [before, after];
  }
}

function text(queues: ControllerRecord["ioQueues"], of: "place" | "cpu"): string {
  return [...queues]
    .sort((a, b) => a.qid - b.qid)
    .map((q) => `${q.qid}:${of === "cpu" ? q.cpu : `${q.basePfn}+${q.pages}`}`)
    .join(" ");
}

function sends(machine: Machine<"nvme">, forbidden: string): void {
  for (const { pciId, adminOpcodes } of machine.nvme.controllers()) {
    const sent = adminOpcodes.find((opcode) => opcode.startsWith(forbidden));
    check(sent === undefined, `${pciId} received ${sent} after the restart`);
  }
}

export default suite("nvme-keepalive", [
  scenario({
    name: "controller/is-not-reset",
    must: "The controller remains enabled: the hardware sees no reset",
    source: `${GUIDE}, How It Works 3`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    before: controllers,
    after(machine, noted) {
      for (const [before, after] of pairs(machine, noted)) {
        check(
          after.resets === before.resets,
          `${after.pciId}: ${before.resets} resets, now ${after.resets}`,
        );
      }
    },
  }),

  scenario({
    name: "driver/takes-over",
    must: "The driver reconnects to the saved state of the device and does not initialise it",
    source: `${GUIDE}, How It Works 4`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    after({ nvme }) {
      const fresh = nvme.controllers().find(({ restored }) => !restored);
      check(fresh === undefined, `${fresh?.pciId} was initialised anew`);
    },
  }),

  scenario({
    name: "restore/sends-no-identify",
    must: "Restore trusts the saved identify data and sends no IDENTIFY command",
    source: `${TESTS}, servicing_keepalive_fault_if_identify`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    after: (machine) => sends(machine, "IDENTIFY"),
  }),

  scenario({
    name: "restore/creates-no-completion-queue",
    must: "Restore does not create the I/O completion queues again",
    source: `${TESTS}, servicing_keepalive_with_nvme_fault`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    after: (machine) => sends(machine, "CREATE_IO_COMPLETION_QUEUE"),
  }),

  scenario({
    name: "restore/creates-no-submission-queue",
    must: "Restore does not create the I/O submission queues again",
    source: `${TESTS}, servicing_keepalive_with_nvme_fault`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    after: (machine) => sends(machine, "CREATE_IO_SUBMISSION_QUEUE"),
  }),

  scenario({
    name: "restore/sends-no-second-aer",
    must: "The asynchronous event request that is outstanding is not sent a second time",
    source: `${TESTS}, servicing_keepalive_verify_no_duplicate_aers`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    after: (machine) => sends(machine, "ASYNCHRONOUS_EVENT_REQUEST"),
  }),

  scenario({
    name: "commands/new-wait-for-old",
    must: "No new command reaches a controller while commands from before the save are in flight",
    source: "openvmm, nvme_driver/src/queue_pair.rs, DrainAfterRestore; pulls 2833 and 210",
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    after({ nvme }) {
      for (const { pciId, overtaking } of nvme.controllers()) {
        check(overtaking === 0, `${pciId}: ${overtaking} new commands overtook old ones`);
      }
    },
  }),

  scenario({
    name: "commands/in-flight-complete",
    must: "Every command in flight at the save completes after restore",
    source: `${GUIDE}, Benefits: Pending I/O operations can complete`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    // What disks keep until the end of the path is asked for then; see exactly-once I/O.
    when: { flight: "hop" },
    after({ nvme }) {
      for (const { pciId, outstandingCids } of nvme.controllers()) {
        const cids = outstandingCids.join(", ");
        check(outstandingCids.length === 0, `${pciId} has not completed ${cids}`);
      }
    },
  }),

  scenario({
    name: "queues/are-the-same",
    must: "The I/O queues are the ones from before, in the same memory",
    source: `${GUIDE}, How It Works 1 and 4`,
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    before: controllers,
    after(machine, noted) {
      for (const [before, after] of pairs(machine, noted)) {
        const [was, is] = [text(before.ioQueues, "place"), text(after.ioQueues, "place")];
        check(is === was, `${after.pciId}: queues were ${was}, are ${is}`);
      }
    },
  }),

  scenario({
    name: "queues/keep-their-processor",
    must: "Each I/O queue belongs to the same processor as before",
    source: "openvmm, nvme_driver, IoQueueSavedState.cpu",
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    before: controllers,
    after(machine, noted) {
      for (const [before, after] of pairs(machine, noted)) {
        const [was, is] = [text(before.ioQueues, "cpu"), text(after.ioQueues, "cpu")];
        check(is === was, `${after.pciId}: processors were ${was}, are ${is}`);
      }
    },
  }),

  scenario({
    name: "namespaces/are-the-same",
    must: "The namespaces are the ones from before, of the same size",
    source: "openvmm, nvme_driver, SavedNamespaceData; pull 2243 saves them",
    needs: ["nvme"],
    needsCapabilities: KEEPALIVE,
    before: controllers,
    after(machine, noted) {
      for (const [before, after] of pairs(machine, noted)) {
        const was = before.namespaces.map(({ nsid, blocks }) => `${nsid}:${blocks}`).join(" ");
        const is = after.namespaces.map(({ nsid, blocks }) => `${nsid}:${blocks}`).join(" ");
        check(is === was, `${after.pciId}: namespaces were ${was}, are ${is}`);
      }
    },
  }),
]);
