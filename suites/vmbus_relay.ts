/**
 * VMBus over servicing: the guest has open channels and shared buffers, and must not notice.
 *
 * Method: note channels and GPADLs before the first save and compare after each restore. Messages
 * go out while OpenHCL is stopped, too, so that one is only pending when the guest's slot is full.
 *
 * @module
 */
import type { ChannelRecord } from "../harness/facets/vmbus.ts";
import { check, scenario, suite } from "../harness/mod.ts";

const GUIDE =
  "openvmm Guide, reference/architecture/openhcl_servicing.md, State Units, VmBus Relay";

function ids(channels: readonly ChannelRecord[]): string {
  const sorted = channels.map(({ channelId }) => channelId).sort((a, b) => a - b);
  return sorted.join(" ");
}

export default suite("vmbus-relay", [
  scenario({
    name: "channels/are-offered-as-before",
    must: "The guest is offered the same channels as before",
    source: GUIDE,
    needs: ["vmbus"],
    before: ({ vmbus }) => ids(vmbus.channels()),
    after({ vmbus }, was) {
      const is = ids(vmbus.channels());
      check(is === was, `channels were ${was}, are ${is}`);
    },
  }),

  scenario({
    name: "channels/stay-open",
    must: "A channel that the guest has opened is open after servicing",
    source: GUIDE,
    needs: ["vmbus"],
    before: ({ vmbus }) => ids(vmbus.channels().filter(({ open }) => open)),
    after({ vmbus }, was) {
      const open = ids(vmbus.channels().filter((channel) => channel.open)).split(" ");
      const closed = was.split(" ").find((id) => !open.includes(id));
      check(closed === undefined || closed === "", `channel ${closed} is closed`);
    },
  }),

  scenario({
    name: "channels/none-open-by-themselves",
    must: "A channel that the guest has not opened is not open after servicing",
    source: GUIDE,
    needs: ["vmbus"],
    before: ({ vmbus }) => ids(vmbus.channels().filter(({ open }) => !open)).split(" "),
    after({ vmbus }, closed) {
      const opened = vmbus
        .channels()
        .find(({ channelId, open }) => open && closed.includes(String(channelId)));
      check(opened === undefined, `channel ${opened?.channelId} is open`);
    },
  }),

  scenario({
    name: "gpadls/stay",
    must: "The GPADLs of an open channel stay: the guest's ring buffers are in them",
    source: "openvmm, vmbus_client/src/saved_state.rs, Gpadl",
    needs: ["vmbus"],
    before: ({ vmbus }) => vmbus.channels().filter(({ open }) => open),
    after({ vmbus }, noted) {
      const channels = vmbus.channels();
      for (const { channelId, gpadls } of noted) {
        const now = channels.find((channel) => channel.channelId === channelId);
        const lost = gpadls.find((gpadl) => !now?.gpadls.includes(gpadl));
        check(lost === undefined, `channel ${channelId} has lost GPADL ${lost}`);
      }
    },
  }),

  scenario({
    name: "messages/pending-are-delivered-once",
    must: "A message that the guest has not received at the save is still to be received, once",
    source: "openvmm, vmbus_server/src/channels/saved_state.rs, pending_messages; pull 956",
    needs: ["vmbus"],
    when: { point: "answers:pending" },
    before: ({ vmbus }) => vmbus.pendingMessages().map((octets) => octets.join(",")),
    after({ vmbus }, was) {
      const found = vmbus.found?.()?.pending ?? vmbus.pendingMessages();
      const is = found.map((octets) => octets.join(","));
      check(was.length > 0, "no message was pending at the save");
      check(is.join(" ") === was.join(" "), `pending were ${was.join(" ")}, are ${is.join(" ")}`);
    },
  }),
]);
