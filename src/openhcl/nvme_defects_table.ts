/**
 * Seeded defects of the NVMe driver and its manager.
 *
 * Source: facts/openhcl/tests.md, Real bugs; the pull requests that each one names.
 *
 * @module
 */
import { RELEASE_2511 } from "../nvme_driver/mod.ts";
import { inNvme, pull, type SeededDefect, SOURCE_2505 } from "./defect.ts";

export const NVME_DEFECTS: readonly SeededDefect[] = [
  {
    name: "nvme-attaches-without-keepalive",
    link: pull(2371),
    meaning:
      "A reader whose host has no keepalive attaches to a device that was kept alive, in place " +
      "of resetting it and giving its memory back.",
    realIn: ["2505"],
    changes: inNvme({ keepaliveLost: "attaches" }),
  },
  {
    name: "nvme-namespaces-are-not-saved",
    link: pull(2243),
    meaning:
      "Namespaces are no part of the saved state: each one is identified again in the blackout, " +
      "and one that has changed in the meantime is taken as it is (also issue 997).",
    realIn: ["2505"],
    changes: inNvme({ keepsNamespaces: false, looksAgain: true }),
  },
  {
    name: "nvme-event-request-is-sent-twice",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs`,
    meaning:
      "The event request that is in flight over a servicing is forgotten and sent a second time.",
    realIn: ["2505"],
    changes: inNvme({ asynchronousEvents: "task" }),
  },
  {
    name: "nvme-restores-lazily-unasked",
    link: pull(3811),
    meaning:
      "Idle queues wait for their first I/O although the writer has not said that they may, on a " +
      "device that needs its interrupt vectors in order (also 3149, 4005, 3995).",
    realIn: ["1.7.2511"],
    changes: inNvme({ restoresLazily: RELEASE_2511.restoresLazily }),
  },
  {
    name: "nvme-save-waits-for-the-drain",
    link: pull(2753),
    meaning:
      "A queue that still drains does not hear a save: a second servicing hangs when the device " +
      "does not complete what it was sent before the first one.",
    realIn: ["2505"],
    changes: inNvme({ savesWhileDraining: false }),
  },
  {
    name: "nvme-drains-each-queue-alone",
    link: pull(2833),
    meaning:
      "After a restore each queue only waits for its own commands of the last hop, so that new " +
      "writes overtake old ones of another queue.",
    realIn: ["2505"],
    changes: inNvme({ drains: "queue" }),
  },
];
