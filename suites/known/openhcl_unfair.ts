/**
 * What OpenHCL does under a fault where something else would be fair, by factors of the edge.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { atLeast } from "./at_least.ts";

const SOURCE = "https://github.com/microsoft/openvmm/blob/main";
const SOURCE_2505 = "https://github.com/microsoft/openvmm/blob/release/2505";
const SINCE_2505 = ["2505", "1.7.2511", "1.8.2607", "main"];
const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];

/** Nothing that ends a path before, and something is in flight. */
const PLAIN = { point: "idle", lifetime: "Default", protocol: "current", ids: "usual" };

/** Deaths of a restore once its disks have been looked at. */
const AFTER_DISKS = [
  "disks:crash-in:restore",
  ...["disks:crash-after", "validate:crash-before", "validate:crash-after"].map(inRestore),
  ...["units:crash-before", "units:crash-in", "units:crash-after"].map(inRestore),
  ...["resume:crash-before", "resume:crash-after"].map(inRestore),
];

/** Disks that 2505 takes over. */
export const KEPT_BY_2505 = {
  reader: "2505",
  "writer.host": "host",
  "writer.pool": "privatepool",
  "reader.pool": "privatepool",
  lifetime: "Default",
  devices: ["nvme", "nvme+mana"],
  request: ["nvme", "nvme+mana"],
};

/** The two ways in which a boot keeps MANA alive: as it does NVMe, or by an option of its own. */
const AS_NVME = { host: "host", pool: "privatepool", mana: "mana-as-nvme" };
const ALONE = { host: "nohost", pool: "privatepool", mana: "mana-on" };

function ofSide(side: "writer" | "reader", inputs: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(inputs).map(([axis, value]) => [`${side}.${axis}`, value]),
  );
}

/** A network device that both sides keep alive, and that is reset in between. */
const LOST_NIC = {
  factors: {
    fault: "nic:reset:between",
    devices: "nvme+mana",
    request: "nvme+mana",
    writer: SINCE_2511,
    reader: SINCE_2511,
  },
  scenarios: ["restore-failures/lost-nic/*"],
  verdict: "refused",
  reason: "HWC request failed",
  link: "https://github.com/microsoft/openvmm/issues/2427",
  note: "A network device whose channel cannot be restored is an error that ends the boot.",
} as const;

function inRestore(death: string): string {
  return `${death}:restore`;
}

export const UNFAIR: readonly Expectation[] = [
  {
    name: "slow-save-is-unfair",
    factors: { fault: "units:slow:save", writer: SINCE_2511 },
    scenarios: ["oracle/fair-outcome"],
    verdict: "failed",
    reason: "servicing operation timed out",
    link: `${SOURCE}/openhcl/underhill_core/src/dispatch/mod.rs`,
    note: "See slow-save-is-killed: a save that only takes too long could be refused.",
  },
  {
    name: "torn-state-is-taken",
    factors: { fault: "state:torn:between" },
    scenarios: ["oracle/fair-outcome"],
    verdict: "failed",
    reason: "restore done, fair is refused",
    link: `${SOURCE}/support/mesh/mesh_protobuf/src/protobuf.rs`,
    mayPass: true,
    note:
      "A pair of zeros reads as field 0 with the value 0, which nobody knows and everybody " +
      "skips: a state whose end was never written is taken where its zeros are even in number " +
      "and begin in a value; the units behind are lost without a word.",
  },
  {
    name: "torn-state-loses-requests",
    factors: { fault: "state:torn:between" },
    scenarios: ["oracle/exactly-once-io"],
    verdict: "failed",
    reason: "requests have no answer",
    link: `${SOURCE}/support/mesh/mesh_protobuf/src/protobuf.rs`,
    mayPass: true,
    note: "See torn-state-is-taken: a disk whose unit is lost answers nothing any more.",
  },
  {
    name: "restore-that-was-killed-panics",
    factors: {
      fault: AFTER_DISKS,
      writer: "2505",
      ...KEPT_BY_2505,
    },
    scenarios: ["oracle/fair-outcome"],
    verdict: "failed",
    reason: "completion for unknown cid: qid=0",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/queue_pair.rs`,
    note:
      "2505 identifies every namespace again, on queues that are in operation. Where it dies " +
      "after that and is started once more with the same state, it finds completions of commands " +
      "that it does not know, and panics. Read out of the code, not seen on hardware.",
  },
  {
    name: "restore-that-was-killed-is-not-done-again",
    factors: { fault: AFTER_DISKS, ...KEPT_BY_2505, writer: "2505" },
    scenarios: ["restore-failures/killed-restore/*"],
    verdict: "crashed",
    reason: "completion for unknown cid: qid=0",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/queue_pair.rs`,
    note: "See restore-that-was-killed-panics.",
  },
  ...Object.entries({
    // Its rings are empty then, and nobody knows of the packets.
    taken: { point: "ring:sent", reason: "requests have no answer" },
    // Its driver has begun to talk to a device that is at the beginning again.
    greeted: { point: ["open:sent", "reopen:sent"], reason: "failed with status 0xc0000184" },
  }).map(([what, { point, reason }]): Expectation => {
    return {
      name: `packets-that-were-${what}-before-another-start`,
      factors: { fault: "resume:crash-after:restore", point, devices: ["nvme", "nvme+mana"] },
      scenarios: ["oracle/exactly-once-io"],
      verdict: "failed",
      reason,
      link: `${SOURCE}/vm/devices/storage/storvsp/src/lib.rs`,
      // Not every machine comes up again.
      mayPass: true,
      note:
        "A guest goes on as soon as its machine runs again. Where that dies then and is started " +
        "once more with the same state, the state knows nothing of what has come through the " +
        "rings meanwhile. Read out of the code, not seen on hardware.",
    };
  }),
  {
    name: "list-of-transfer-in-flight-is-overwritten",
    factors: {
      fault: "create-queue:delay:save",
      point: "ring:sent",
      devices: ["nvme", "nvme+mana"],
      request: ["nvme", "nvme+mana"],
      "writer.host": "host",
      "writer.pool": "privatepool",
      "reader.pool": "privatepool",
      writer: SINCE_2505,
      reader: SINCE_2505,
    },
    scenarios: ["oracle/exactly-once-io"],
    verdict: "failed",
    reason: "not write",
    link: `${SOURCE}/vm/devices/user_driver/src/page_allocator.rs`,
    // Not every machine comes up, or has two long transfers in one queue.
    mayPass: true,
    note:
      "After a restore every page for lists of pages counts as free. A request that the guest's " +
      "controller repeats writes its list before it waits for what is in flight, maybe over that " +
      "of another transfer, which then goes to the wrong pages. Here a queue that is slow to be " +
      "created has two of them share another one. Read out of the code, not seen on hardware.",
  },
  {
    name: "controller-that-is-gone-hangs-restore",
    factors: {
      fault: "registers:gone:restore",
      writer: "2505",
      ...KEPT_BY_2505,
    },
    scenarios: ["oracle/fair-outcome"],
    verdict: "failed",
    reason: "admin command IDENTIFY never completes",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs`,
    note:
      "All ones in CSTS pass for ready, and 2505 waits without a limit for a controller that is " +
      "not there. Read out of the code, not seen on hardware.",
  },
  {
    name: "controller-that-is-gone-hangs-whoever-asks-it",
    factors: { fault: "registers:gone:restore", ...KEPT_BY_2505, writer: SINCE_2505 },
    scenarios: ["restore-failures/lost-controller/*"],
    verdict: "failed",
    reason: "never completes",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs`,
    note:
      "See controller-that-is-gone-hangs-restore; with state of a later release 2505 hangs " +
      "anyway.",
  },
  {
    name: "queue-save-error-is-silent",
    factors: {
      fault: "queue:unsavable:save",
      "writer.host": "host",
      "writer.pool": "privatepool",
      writer: SINCE_2511,
      reader: SINCE_2505,
      "reader.pool": "privatepool",
    },
    scenarios: ["save-failures/queue-failure/*"],
    verdict: "refused",
    reason: "unrestored allocations found",
    link: `${SOURCE}/openhcl/underhill_core/src/nvme_manager/manager.rs`,
    note: "See nvme-save-error-is-silent: one queue that cannot be saved is enough for that.",
  },
  ...atLeast(PLAIN, {
    name: "clears-before-the-reset",
    factors: {
      fault: "commands:done:restore",
      "writer.host": "host",
      "writer.pool": "privatepool",
      writer: SINCE_2505,
      reader: SINCE_2511,
      "reader.host": "nohost",
      "reader.pool": "privatepool",
      devices: KEPT_BY_2505.devices,
      request: KEPT_BY_2505.request,
    },
    scenarios: ["oracle/no-stray-dma"],
    verdict: "failed",
    reason: "belongs to nobody",
    link: `${SOURCE}/openhcl/underhill_core/src/nvme_manager/device.rs`,
    note:
      "Where keepalive is off since the save, the queues of a device that is still at work are " +
      "freed before it is reset, and what it finishes in between goes to pages of nobody. Read " +
      "out of the code, not seen on hardware.",
  }),
  {
    ...LOST_NIC,
    name: "nic-is-not-created-anew",
    factors: { ...LOST_NIC.factors, ...ofSide("writer", AS_NVME), ...ofSide("reader", AS_NVME) },
  },
  ...[
    [AS_NVME, ALONE],
    [ALONE, AS_NVME],
    [ALONE, ALONE],
  ].map(([writer = {}, reader = {}]): Expectation => {
    return {
      ...LOST_NIC,
      name: `nic-is-not-created-anew-${writer["mana"]}-${reader["mana"]}`,
      factors: { ...LOST_NIC.factors, ...ofSide("writer", writer), ...ofSide("reader", reader) },
      // No part of the plan but random paths goes there.
      mayPass: true,
    };
  }),
  ...["nvme", "nvme+mana"].flatMap((devices) =>
    // What is held over a whole path is asked for at its end, perhaps behind a reset.
    atLeast(
      { flight: "hop" },
      {
        name: `controller-that-is-gone-leaves-${devices.replace("+", "-")}-waiting`,
        factors: {
          fault: "registers:gone:restore",
          writer: SINCE_2511,
          reader: SINCE_2511,
          "writer.host": "host",
          "writer.pool": "privatepool",
          "reader.host": "host",
          "reader.pool": "privatepool",
          devices,
          // With one flag of two nothing comes up at all.
          request: devices === "nvme" ? ["nvme", "nvme+mana"] : "nvme+mana",
        },
        scenarios: ["oracle/exactly-once-io"],
        verdict: "failed",
        reason: "requests have no answer",
        link: `${SOURCE}/vm/devices/storage/disk_nvme/nvme_driver/src/queue_pair.rs`,
        note:
          "All ones in CSTS pass for ready, and a restored driver asks its controller nothing: " +
          "it comes up on one that is gone, and no request of the guest ever comes to an end. " +
          "Read out of the code, not seen on hardware.",
      },
    ),
  ),
  ...["flipped", "torn"].flatMap((kind) =>
    ["crashed", "hung"].map((ending): Expectation => {
      return {
        name: `${kind}-state-${ending}`,
        factors: { fault: `state:${kind}:between`, devices: ["nvme", "nvme+mana"] },
        scenarios: ["oracle/fair-outcome"],
        verdict: "failed",
        reason: `restore ${ending}`,
        link: `${SOURCE}/vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs`,
        mayPass: true,
        note:
          "A driver takes what is saved of its queues for granted: where a bit of it is another " +
          "one, or its end is zeros, it panics for want of its memory, or waits for what never " +
          "comes; it refuses nothing.",
      };
    }),
  ),
  {
    name: "flipped-state-doubles-a-gpadl",
    factors: { fault: "state:flipped:between", devices: "relay" },
    scenarios: ["oracle/fair-outcome"],
    verdict: "failed",
    reason: "restore crashed (duplicate gpadl ID",
    link: `${SOURCE}/vm/devices/vmbus/vmbus_client/src/lib.rs`,
    mayPass: true,
    note:
      "A client believes the ids of buffers that are saved: where a bit of one is another one, " +
      "the next buffer that it is asked for has an id that is taken, and it panics.",
  },
];
