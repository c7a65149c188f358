/**
 * What becomes of a queue that 2505 leaves out of what it saves, by what the guest was at. The last
 * queue of the first device is the one: what it was for decides what is lost with it.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { atLeast } from "./at_least.ts";
import { KEPT_BY_2505 } from "./openhcl_unfair.ts";

const SOURCE =
  "https://github.com/microsoft/openvmm/blob/release/2505/vm/devices/storage/disk_nvme/nvme_driver";

const DROPPED = { ...KEPT_BY_2505, fault: "queue:unsavable:save", writer: "2505" };
const LINK = `${SOURCE}/src/driver.rs`;

/** Requests of every processor have queues, and some are in flight. */
const IN_FLIGHT = ["idle", "open:done", "ring:sent", "rescind:undone", "answers:pending"];

/** Some processors have queues, and nothing is in flight on the last one. */
const AT_WORK = [
  ...["channel-change:sent", "connection-change:sent", "queue:begun", "queue:done"],
  ...["list:sent", "flush:sent", "namespace:done", "namespace:sent"],
];

/** The guest has no use of its disks, whose drivers have the queue that they began with. */
const UNUSED = [
  ...["client:none", "contact:none", "contact:begun", "contact:sent", "contact:done"],
  ...["offers:sent", "offers:done", "gpadl:begun", "gpadl:sent", "gpadl:done"],
  ...["close:sent", "teardown:sent", "rescind:begun", "rescind:done"],
  ...["rescind:crossed", "rescind:early", "unload:sent"],
];

/** The same, and the first use comes right after the restore. */
const ABOUT_TO_USE = ["open:sent", "reopen:sent", "queue:none"];

/** Every processor has a queue, and nobody uses the last one before the next save. */
const NOT_USED_AGAIN = [
  "queue:done",
  "list:sent",
  "flush:sent",
  "namespace:done",
  "namespace:sent",
];

/** Nothing else ends the restore before. */
const PLAIN = { ids: "usual", protocol: "current", placement: "whole", "reader.image": "usual" };

/** What is in flight ends after one restore, and is not held longer than anybody looks. */
const ENDS_SOON = { flight: "hop" };

/** The processors that had no queue yet ask for one, and get the memory of the one left out. */
const NEW_PROCESSOR = ["queue:sent", "queue:inspected"];

const LOSES =
  "2505 leaves out a queue that it cannot save. Whoever is restored gives its memory back, and " +
  "the controller goes on writing there. Read out of the code, not seen on hardware.";

export const DROPPED_QUEUE: readonly Expectation[] = [
  {
    name: "dropped-queue-and-no-allocation-lost",
    factors: { ...DROPPED, point: [...IN_FLIGHT, ...AT_WORK] },
    scenarios: ["oracle/no-allocation-lost"],
    verdict: "failed",
    reason: "are free",
    link: LINK,
    note: LOSES,
  },
  ...atLeast(ENDS_SOON, {
    name: "dropped-queue-and-no-stray-dma",
    factors: { ...DROPPED, point: IN_FLIGHT },
    scenarios: ["oracle/no-stray-dma"],
    verdict: "failed",
    reason: "belongs to nobody",
    link: LINK,
    note: LOSES,
  }),
  {
    name: "dropped-queue-and-no-stray-dma-of-an-old-guest",
    factors: {
      ...DROPPED,
      point: ["channel-change:sent", "connection-change:sent"],
      protocol: ["guest-win10", "guest-win7"],
    },
    scenarios: ["oracle/no-stray-dma"],
    verdict: "failed",
    reason: "belongs to nobody",
    link: LINK,
    note: "See dropped-queue-and-no-stray-dma: so old a guest changes nothing, and works on.",
  },
  ...atLeast(
    { ...PLAIN, devices: "nvme" },
    {
      name: "dropped-queue-is-free-at-the-next-save",
      factors: {
        ...DROPPED,
        "reader.host": "host",
        point: [...UNUSED, ...NOT_USED_AGAIN],
      },
      scenarios: ["oracle/normal-form"],
      verdict: "failed",
      reason: ".state.variant was Allocated and is Free",
      link: LINK,
      note: LOSES,
    },
  ),
  {
    name: "dropped-queue-goes-to-another",
    factors: { ...DROPPED, point: NEW_PROCESSOR },
    scenarios: ["oracle/no-allocation-lost"],
    verdict: "failed",
    reason: "are allocated nvme_",
    link: LINK,
    note: `See dropped-queue-and-no-allocation-lost: somebody else has that memory at once.`,
  },
  ...atLeast(PLAIN, {
    name: "dropped-only-queue-panics",
    factors: { ...DROPPED, point: [...UNUSED, ...ABOUT_TO_USE] },
    scenarios: ["oracle/fair-outcome", "oracle/keepalive-mismatch"],
    verdict: "failed",
    reason: "restore crashed (unable to find an io issuer for fallback)",
    link: LINK,
    note:
      "2505 counts its queues for the identifier of a new one. Where it has left out the only " +
      "one that a device has, it asks for that one again, is refused, has no other to fall back " +
      "on, and panics. Read out of the code, not seen on hardware.",
  }),
  ...atLeast(
    { ...PLAIN, devices: "nvme" },
    {
      name: "dropped-only-queue-panics-before-the-next-save",
      factors: { ...DROPPED, point: ABOUT_TO_USE },
      scenarios: ["oracle/saves-again"],
      verdict: "failed",
      reason: "the second save crashed: unable to find an io issuer for fallback",
      link: LINK,
      note: "See dropped-only-queue-panics.",
    },
  ),
];
