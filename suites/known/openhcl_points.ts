/**
 * What is known to break in OpenHCL at single points of the first save.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { atLeast } from "./at_least.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";
const DRIVER_2505 = `${REPOSITORY}/blob/release/2505/vm/devices/storage/disk_nvme/nvme_driver/src`;
const UNTIL_2607 = ["2411", "2505", "1.7.2511", "1.8.2607"];
const UNTIL_2511 = ["2411", "2505", "1.7.2511"];
const SINCE_2505 = ["2505", "1.7.2511", "1.8.2607", "main"];
const WITH_DISKS = ["nvme", "nvme+mana"];

/** A queue of 2505 that is full, whose devices are kept alive. */
const FULL_ON_2505 = {
  link: `${DRIVER_2505}/queue_pair.rs`,
  note:
    "A queue of 2505 that is full polls for completions only; a save that comes meanwhile waits " +
    "for as long as the disk does. Upstream asks for it: servicing_keepalive_with_io_queue_full.",
} as const;
const FACTORS_OF_FULL = {
  point: "queue:full",
  writer: "2505",
  "writer.host": "host",
  "writer.pool": "privatepool",
  devices: WITH_DISKS,
  request: ["nvme", "nvme+mana"],
};
/** Nothing hides it. */
const PLAIN = { fault: "none", lifetime: "Default", protocol: "current", placement: "whole" };

/** A queue of 2505 that waits for what its disk keeps over every save. */
const KEPT_ON_2505 = {
  factors: { ...FACTORS_OF_FULL, point: "idle", flight: "chain" },
  link: `${REPOSITORY}/pull/2736`,
  // The first save of a path finds no queue that drains.
  mayPass: true,
  note:
    "See second-save-hangs: with commands that the disk keeps, the second servicing in a row is " +
    "not heard by a queue of 2505 that drains.",
} as const;

export const POINTS: readonly Expectation[] = [
  {
    ...KEPT_ON_2505,
    name: "long-flights-hear-no-save",
    verdict: "hung",
    reason: "does not hear the save",
  },
  {
    ...KEPT_ON_2505,
    name: "long-flights-end-no-crash",
    scenarios: ["upgrade-principles/*"],
    verdict: "hung",
    reason: "does not hear the save",
  },
  {
    ...KEPT_ON_2505,
    name: "long-flights-are-not-foretold",
    scenarios: ["oracle/servicing-errors"],
    verdict: "failed",
    reason: "does not hear the save",
  },
  ...atLeast(PLAIN, {
    ...FULL_ON_2505,
    name: "full-queue-hears-no-save",
    factors: FACTORS_OF_FULL,
    verdict: "hung",
    reason: "does not hear the save",
  }),
  ...atLeast(PLAIN, {
    ...FULL_ON_2505,
    name: "full-queue-is-not-foretold",
    factors: FACTORS_OF_FULL,
    scenarios: ["oracle/servicing-errors"],
    verdict: "failed",
    reason: "does not hear the save",
  }),
  {
    ...FULL_ON_2505,
    name: "full-queue-is-not-fair",
    factors: FACTORS_OF_FULL,
    scenarios: ["oracle/fair-outcome"],
    verdict: "failed",
    reason: "does not hear the save",
    mayPass: true,
  },
  {
    ...FULL_ON_2505,
    name: "queue-full-again-hears-no-save",
    factors: { point: "queue:full", reader: "2505", devices: WITH_DISKS },
    scenarios: ["oracle/saves-again"],
    verdict: "failed",
    reason: "does not hear the save",
    // A guest whose requests were lost makes them again, if the disks are there.
    mayPass: true,
  },
  {
    name: "client-not-connected-by-2411",
    factors: { point: "client:none", devices: "relay", reader: "2411" },
    scenarios: ["oracle/guest-takes-leave", "save-points/relay/client-none"],
    verdict: "failed",
    reason: "the connection is none",
    link: `${REPOSITORY}/blob/release/2411/vm/devices/vmbus/vmbus_relay/src/saved_state.rs`,
    // Where the restore ends before, nobody asks.
    mayPass: true,
    note:
      "2411 restores its relay with a client that was saved Disconnected as it was, and does not " +
      "connect it; a guest then gets no answer from a bus behind it. Read out of the code.",
  },
  ...Object.entries({
    "not-saved": { writer: "2411" },
    dropped: { writer: SINCE_2505, reader: "2411" },
  }).map(([sides, factors]): Expectation => {
    return {
      name: `answers-pending-while-disks-work-${sides}`,
      factors: { ...factors, point: "answers:pending", devices: WITH_DISKS, ending: "leaves" },
      scenarios: ["oracle/guest-takes-leave", "save-points/*"],
      verdict: "failed",
      reason: "gets no further: no answer to a modification of the connection",
      link: `${REPOSITORY}/pull/956`,
      mayPass: true,
      note: "See pending-messages-dropped: a guest that waits for a disk does not leave at once.",
    };
  }),
  {
    name: "queue-layout-downgrade-after-many-commands",
    factors: {
      writer: ["1.7.2511", "1.8.2607", "main"],
      reader: "2505",
      "writer.host": "host",
      "writer.pool": "privatepool",
      devices: WITH_DISKS,
    },
    scenarios: ["oracle/queue-layout"],
    verdict: "failed",
    reason: "restore crashed (assertion `left == right` failed), table of layout says hung",
    link: FULL_ON_2505.link,
    // Few queues have ever held more than 64 commands.
    mayPass: true,
    note:
      "See queue-layout-downgrade: where the submission queue of a newer release has been used " +
      "beyond its first page, 2505 finds commands in place of no completion, and panics. Read " +
      "out of the code, not seen on hardware.",
  },
  {
    name: "inspect-forgets-a-queue",
    factors: { point: "queue:inspected", devices: WITH_DISKS, first: UNTIL_2511 },
    scenarios: ["oracle/exactly-once-io"],
    verdict: "failed",
    reason: "from processor 2 failed with status 0x4",
    link: `${REPOSITORY}/pull/3405`,
    // Where nobody comes back, nobody counts requests.
    mayPass: true,
    note:
      "Before 1.8 an inspect request makes the driver forget the queue that it is creating, and " +
      "the I/O that waits for it fails.",
  },
  {
    name: "gpadl-refused-for-a-rescind",
    factors: { point: "rescind:crossed", reader: UNTIL_2607 },
    scenarios: ["oracle/guest-takes-leave"],
    verdict: "failed",
    reason: "was refused for a rescind that it has crossed",
    link: `${REPOSITORY}/pull/3959`,
    // With few devices nobody has a channel, and where nobody comes back nobody takes leave.
    mayPass: true,
    note:
      "Before main a guest that shares a buffer with a channel whose rescind it has not seen is " +
      "refused, and Linux does not handle that well.",
  },
];
