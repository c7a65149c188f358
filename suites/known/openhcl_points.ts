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
