/**
 * What is known to break in OpenHCL at single points of the first save.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";
const UNTIL_2607 = ["2411", "2505", "1.7.2511", "1.8.2607"];
const UNTIL_2511 = ["2411", "2505", "1.7.2511"];

export const POINTS: readonly Expectation[] = [
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
  {
    name: "answers-pending-while-disks-work",
    factors: { point: "answers:pending", devices: ["nvme", "nvme+mana"], ending: "leaves" },
    scenarios: ["oracle/guest-takes-leave", "save-points/*"],
    verdict: "failed",
    reason: "gets no further",
    link: `${REPOSITORY}/pull/956`,
    mayPass: true,
    note: "See pending-messages-dropped: a guest that waits for a disk does not leave at once.",
  },
  {
    name: "inspect-forgets-a-queue",
    factors: { point: "queue:inspected", devices: ["nvme", "nvme+mana"], first: UNTIL_2511 },
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
