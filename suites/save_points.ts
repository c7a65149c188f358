/**
 * Points of a save: whatever the guest is at when it is saved, it goes on from there.
 *
 * Method: the guest is taken to one step of VMBus, or of its work with disks, and saved. After the
 * restore it gets what it waits for and opens its channels. What its bus and its disks may not do
 * is the business of oracles.
 *
 * @module
 */
import type { ChannelRecord } from "../harness/facets/vmbus.ts";
import { check, type Scenario, scenario, suite } from "../harness/mod.ts";

const PROTOCOL = "openvmm, vm/devices/vmbus/vmbus_server/src/channels/saved_state.rs";
const DRIVER = "openvmm, vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs";

/** By point: what the guest is at. */
const ON_BUS: Readonly<Record<string, string>> = {
  "client:none": "runs on an OpenHCL that is not connected to the host",
  "contact:none": "has not made contact with its bus",
  "contact:sent": "has made contact and not taken the answer",
  "contact:begun": "makes contact while the host behind its bus takes its time",
  "contact:done": "is connected and knows of no channel",
  "offers:sent": "has asked for offers and taken none",
  "offers:done": "knows its channels",
  "gpadl:begun": "has made known half of a buffer",
  "gpadl:sent": "waits for its buffers to be taken",
  "gpadl:done": "has shared its buffers",
  "open:sent": "waits for a channel to open",
  "open:done": "has opened its channels",
  "channel-change:sent": "waits for a channel to change its processor",
  "connection-change:sent": "waits for its connection to change",
  "ring:sent": "waits for packets in its rings",
  "close:sent": "has closed a channel",
  "reopen:sent": "opens a channel that is still closing",
  "teardown:sent": "waits for a buffer to be its own again",
  "rescind:begun": "is told that a channel is gone",
  "rescind:done": "has let go of a channel that is gone",
  "unload:sent": "takes leave of its bus",
  "rescind:crossed": "shares a buffer with a channel of whose end it is about to hear",
  "rescind:early": "waits for a buffer to be its own again when the host takes the channel away",
  "rescind:undone": "has a channel that the host takes away and offers anew",
  "answers:pending": "does not take what its bus answers",
};

const WITH_DISKS: Readonly<Record<string, string>> = {
  "queue:none": "has not used its disks",
  "queue:begun": "has used its disks from some processors",
  "queue:done": "has used its disks and waits for nothing",
  "queue:sent": "uses a disk from another processor for the first time",
  "queue:inspected": "uses a disk from another processor while somebody inspects its driver",
  "list:sent": "waits for a transfer that needs a list of pages",
  "flush:sent": "waits for a flush",
  "namespace:done": "has a disk that has just grown",
  "namespace:sent": "has a disk that grows",
  "queue:full": "has asked for more than a queue can take",
};

/** What the machine has, and what the host asks for. */
const RELAY = { devices: "relay", request: "none" };
const DISKS = { devices: "nvme", request: "nvme" };

function goesOn(point: string, is: string, machine: typeof RELAY, source: string): Scenario {
  const { devices } = machine;
  return scenario({
    name: `${devices}/${point.replace(":", "-")}`,
    must: `A guest that ${is} goes on after servicing`,
    source,
    needs: ["recall", "lifecycle"],
    when: { point, ...machine },
    after({ recall, lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
      const [unmet] = recall.refused().filter((text) => text.startsWith("bus: "));
      check(unmet === undefined, `the guest gets no further: ${unmet}`);
    },
  });
}

const OPEN_AGAIN = scenario({
  name: "relay/rescind-undone-is-open-again",
  must: "A channel that the host takes away and offers anew is opened again after servicing",
  source: "openvmm, vmbus_server/src/lib.rs, OfferInstanceId; pull 1815",
  needs: ["vmbus"],
  when: { point: "rescind:undone", ...RELAY },
  before: ({ vmbus }) => openOf(vmbus.channels()),
  after({ vmbus }, was) {
    const is = openOf(vmbus.channels());
    check(is === was, `${was} channels were open, and ${is} are when one was offered anew`);
  },
});

function openOf(channels: readonly ChannelRecord[]): number {
  return channels.filter(({ open }) => open).length;
}

export default suite("save-points", [
  ...Object.entries(ON_BUS).map(([point, is]) => goesOn(point, is, RELAY, PROTOCOL)),
  ...Object.entries(WITH_DISKS).map(([point, is]) => goesOn(point, is, DISKS, DRIVER)),
  OPEN_AGAIN,
]);
