/**
 * What is known to break in OpenHCL by what its host and its guest speak.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const REPOSITORY = "https://github.com/microsoft/openvmm";

export const PROTOCOL: readonly Expectation[] = [
  {
    name: "pause-and-resume-unknown",
    factors: {
      protocol: "host-pausing",
      devices: "relay",
      lifetime: "Default",
      writer: ["2505", "1.7.2511", "1.8.2607", "main"],
      reader: "2411",
    },
    verdict: "refused",
    reason: "vmbus_relay: unsupported feature flags",
    link: `${REPOSITORY}/pull/962`,
    note:
      "Where the host can pause its messages, clients since 2505 agree on that with it; the " +
      "client of 2411 does not know the flag and refuses the whole connection. Read out of the " +
      "code, not seen on hardware.",
  },
];
