/**
 * Seeded defects of the NVMe driver and its manager.
 *
 * Source: microsoft/openvmm, at the link of each one.
 *
 * @module
 */
import { RELEASE_2505, RELEASE_2511 } from "../nvme_driver/mod.ts";
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
    name: "nvme-restores-idle-queues",
    link: pull(2456),
    meaning:
      "Every queue is restored in the blackout, those that nobody waits for as well: the more " +
      "processors, the longer the guest stands still (also 2495).",
    realIn: ["2505"],
    changes: inNvme({ restoresLazily: RELEASE_2505.restoresLazily }),
  },
  {
    name: "nvme-save-waits-for-the-drain",
    link: pull(2753),
    meaning:
      "A queue that still drains does not hear a save: a second servicing hangs when the device " +
      "does not complete what it was sent before the first one (also 2736 and 2747).",
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
  {
    name: "nvme-kind-is-not-asked-at-restore",
    link: pull(3438),
    meaning:
      "The kind of a device only counts when it is brought up: one that is restored is taken for " +
      "a usual one, and gets admin commands that its kind must not (also 3415, 3460 and 3811).",
    changes: inNvme({ asksKindAtRestore: false }),
  },
  {
    name: "nvme-fused-device-is-asked-for-events",
    link: pull(3998),
    meaning:
      "A fused device has a request for events in its admin queue, which was to be empty: the " +
      "restore panics (also 4102 and 4164).",
    changes: inNvme({ asksFusedForEvents: true }),
  },
  {
    name: "nvme-inspect-forgets-a-queue",
    link: pull(3405),
    meaning:
      "Who inspects a driver that creates a queue has it forget the queue: the I/O that waits " +
      "for it fails, and a command to create it stays in the saved admin queue.",
    realIn: ["2411", "2505", "1.7.2511"],
    changes: inNvme({ inspectDropsCreation: true }),
  },
  {
    name: "nvme-drops-unsaved-queues",
    link: `${SOURCE_2505}/vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs`,
    meaning:
      "An I/O queue that cannot be saved is left out of the state, and its memory stays in the " +
      "pool.",
    realIn: ["2411", "2505"],
    changes: inNvme({ unsavedIoQueue: "dropped" }),
  },
];
