/**
 * Mutations of VMBus: messages, server, client, relay, the guest's driver, and the host's bus.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";

const RELAY =
  "openhcl@main[host,privatepool]>main[host,privatepool] " + "devices=relay request=none";

const NVME = "openhcl@main[host,privatepool]>main[host,privatepool] devices=nvme request=none";
const MANA = NVME.replace("devices=nvme", "devices=nvme+mana");

const MESSAGE_PENDING =
  "openhcl@main[host,privatepool]>main[host,privatepool] " +
  "devices=none request=none point=answers:pending";

const DELIVERED_ONCE = "vmbus-relay/messages/pending-are-delivered-once";

export const VMBUS_MUTATIONS: readonly Mutation[] = [
  // The relay's state on its way between releases.
  {
    name: "relay-leaves-in-its-own-layout",
    file: "src/openhcl/relay_unit.ts",
    find: "fixPreSave: fixPreSave(release)",
    replace: "fixPreSave: fixNothing",
    scenario: "oracle/relay-conversion",
    condition:
      "openhcl@main[host,privatepool]>2411[host,privatepool] " + "devices=relay request=none",
  },
  {
    name: "relay-is-not-converted-back",
    file: "src/openhcl/relay_unit.ts",
    find: "fixPostRestore: fixPostRestore(release)",
    replace: "fixPostRestore: fixNothing",
    scenario: "vmbus-relay/channels/stay-open",
    condition:
      "openhcl@2411[host,privatepool]>main[host,privatepool] " + "devices=relay request=none",
  },
  {
    name: "client-is-saved-twice",
    file: "src/openhcl/legacy_relay.ts",
    find: "init_state: { ...state.init_state, vmbus_client: null },",
    replace: "init_state: state.init_state,",
    scenario: "oracle/relay-conversion",
    condition: RELAY,
  },
  {
    name: "converted-relay-loses-the-client",
    file: "src/openhcl/legacy_relay.ts",
    find: "vmbus_client: client } };",
    replace: "vmbus_client: null } };",
    scenario: "vmbus-relay/channels/stay-open",
    condition:
      "openhcl@2411[host,privatepool]>main[host,privatepool] " + "devices=relay request=none",
  },

  // Server: what is saved and restored.
  {
    name: "pending-messages-are-not-restored",
    file: "src/vmbus/restoring.ts",
    find: "    plane.pending.push(octets);\n",
    replace: "",
    scenario: DELIVERED_ONCE,
    condition: MESSAGE_PENDING,
  },
  {
    name: "pending-messages-are-restored-twice",
    file: "src/vmbus/restoring.ts",
    find: "    plane.pending.push(octets);\n",
    replace: "    plane.pending.push(octets, octets);\n",
    scenario: DELIVERED_ONCE,
    condition: MESSAGE_PENDING,
  },
  {
    name: "pending-messages-are-not-saved",
    file: "src/vmbus/server_saved.ts",
    find: "rules.pendingMessages ? pending.map",
    replace: "!rules.pendingMessages ? pending.map",
    scenario: DELIVERED_ONCE,
    condition: MESSAGE_PENDING,
  },
  {
    name: "restored-channels-are-revoked",
    file: "src/vmbus/claiming.ts",
    find: '  channel.restore = "Restored";\n',
    replace: "",
    scenario: "vmbus-relay/channels/stay-open",
    condition: NVME,
  },
  {
    name: "restored-channels-get-other-ids",
    file: "src/vmbus/restoring.ts",
    find: "const info = { channelId, connectionId, monitorId };",
    replace: "const info = { channelId: channelId + 1, connectionId, monitorId };",
    scenario: "vmbus-relay/channels/are-offered-as-before",
    condition: NVME,
  },
  {
    name: "gpadls-are-not-restored",
    file: "src/vmbus/restoring.ts",
    find: "  for (const gpadl of gpadls) restoreOneGpadl(plane, gpadl);\n",
    replace: "",
    scenario: "vmbus-relay/gpadls/stay",
    condition: NVME,
  },
  {
    name: "half-a-gpadl-is-restored-as-another",
    file: "src/vmbus/restoring.ts",
    find: "const gpadl = restoreGpadl(saved);",
    replace:
      'const half = state.variant === "InProgress";\n' +
      "  const gpadl = restoreGpadl(half ? { ...saved, count: saved.count + 1 } : saved);",
    scenario: "oracle/normal-form",
    condition: `${RELAY} point=gpadl:begun`,
  },
  {
    name: "open-channels-are-asked-to-open-again",
    file: "src/vmbus/claiming.ts",
    find: "  if (open) continueOpen(plane, channel);",
    replace: "  if (!open) continueOpen(plane, channel);",
    scenario: "vmbus-relay/channels/stay-open",
    condition: NVME,
  },
  {
    name: "server-takes-over-before-its-channels-are-there",
    file: "src/vmbus/server.ts",
    find: "this.#port.settling(() => restoreChannels(this.#plane, saved));",
    replace: "",
    scenario: "vmbus-relay/channels/stay-open",
    condition: NVME,
  },

  // Server: messages and the guest's slot.
  {
    name: "messages-that-do-not-fit-are-dropped",
    file: "src/vmbus/control_plane.ts",
    find: "    pending.splice(0, sent);\n",
    replace: "    pending.length = 0;\n",
    scenario: DELIVERED_ONCE,
    condition: MESSAGE_PENDING,
  },
  {
    name: "guest-is-promised-no-features",
    file: "src/vmbus/server_rules.ts",
    find: "  return { version, featureFlags: flags & has };",
    replace: "  return { version, featureFlags: flags & has & 0 };",
    scenario: DELIVERED_ONCE,
    condition: MESSAGE_PENDING,
  },

  // Client.
  {
    name: "client-gpadls-are-not-restored",
    file: "src/vmbus/client_saved.ts",
    find: "  for (const gpadl of saved.gpadls) restoreGpadl(state, gpadl);\n",
    replace: "",
    scenario: "oracle/relay-conversion",
    condition: RELAY,
  },
  {
    name: "client-closes-what-the-relay-has-claimed",
    file: "src/vmbus/client_saved.ts",
    find: 'if (channel.state.kind !== "Restored") continue;',
    replace: 'if (channel.state.kind === "Offered") continue;',
    scenario: "oracle/relay-conversion",
    condition: RELAY,
  },
  {
    name: "client-saves-open-channels-as-offered",
    file: "src/vmbus/client_saved.ts",
    find: 'state.kind === "Offered" ? "Offered" : "Opened"',
    replace: 'state.kind !== "Opening" ? "Offered" : "Opened"',
    scenario: "vmbus-relay/channels/stay-open",
    condition: RELAY,
  },
  {
    name: "client-does-not-note-that-a-channel-is-open",
    file: "src/vmbus/host_answer.ts",
    find: '    channel.state = { kind: "Opened", connectionId, eventFlag };\n',
    replace: "",
    scenario: "vmbus-relay/channels/stay-open",
    condition: RELAY,
  },
  {
    name: "client-does-not-note-that-a-gpadl-is-there",
    file: "src/vmbus/host_answer.ts",
    find: 'channel.gpadls.set(gpadlId, "Created")',
    replace: "undefined",
    scenario: "vmbus-relay/gpadls/stay",
    condition: RELAY,
  },
  {
    name: "claimed-channel-stays-restored",
    file: "src/vmbus/host_channel.ts",
    find: '    channel.state = { kind: "Opened", connectionId, eventFlag };\n',
    replace: "",
    scenario: "oracle/relay-conversion",
    condition: RELAY,
  },

  // Relay.
  {
    name: "relay-offers-nothing-after-a-restore",
    file: "src/openhcl/vm_vmbus.ts",
    find: "if (connected) vmbus.relay?.offerAll();",
    replace: "if (connected) return;",
    scenario: "vmbus-relay/channels/are-offered-as-before",
    condition: RELAY,
  },
  {
    name: "relay-does-not-restore-its-channels",
    file: "src/vmbus/relay.ts",
    find: "      channel.restore(saved);\n",
    replace: "",
    scenario: "vmbus-relay/channels/stay-open",
    condition: RELAY,
  },
  {
    name: "relay-restores-as-if-closed",
    file: "src/vmbus/relay_channel.ts",
    find: "this.#offered?.restore(isOpen, (restored)",
    replace: "this.#offered?.restore(false, (restored)",
    scenario: "vmbus-relay/channels/stay-open",
    condition: RELAY,
  },
  {
    name: "relay-claims-nothing-from-the-client",
    file: "src/vmbus/relay_channel.ts",
    find: "this.#host.restoreOpened(opened.connectionId, ownFlag)",
    replace: "undefined",
    scenario: "oracle/relay-conversion",
    condition: RELAY,
  },

  // Messages, the guest, and what is behind its channels.
  {
    name: "gpadl-created-names-another-gpadl",
    file: "src/vmbus/gpadl_requests.ts",
    find: "MESSAGE.gpadlCreated.encode({ channelId, gpadlId, status })",
    replace: "MESSAGE.gpadlCreated.encode({ channelId, gpadlId: channelId, status })",
    scenario: "vmbus-relay/channels/stay-open",
    condition: RELAY,
  },
  {
    name: "slot-of-the-guest-is-overwritten",
    file: "src/guest/vmbus_driver.ts",
    find: "    if (this.state.slot !== null) return false;\n",
    replace: "",
    scenario: DELIVERED_ONCE,
    condition: MESSAGE_PENDING,
  },
  {
    name: "guest-takes-messages-that-it-leaves",
    file: "src/guest/vmbus_driver.ts",
    find: "if (slot === null || holdsSlot) return false;",
    replace: "if (slot === null) return false;",
    scenario: DELIVERED_ONCE,
    condition: MESSAGE_PENDING,
  },
  {
    name: "device-does-not-claim-its-channel",
    file: "src/openhcl/channel_units.ts",
    find: "device.restore(open !== null)",
    replace: "void open",
    scenario: "vmbus-relay/channels/stay-open",
    condition: MANA,
  },
  {
    name: "device-forgets-that-it-was-open",
    file: "src/vmbus/ring_device.ts",
    find: "      this.#opened = opened;\n",
    replace: "",
    scenario: "state-units/content/is-kept",
    condition: NVME,
  },
];
