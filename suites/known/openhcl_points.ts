/**
 * What is known to break in OpenHCL at single points of the first save.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";
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
];
