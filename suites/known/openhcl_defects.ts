/**
 * How the seeded defects of OpenHCL give themselves away: where to look for each one, and what a
 * verdict says that points at its cause.
 *
 * @module
 */
import type { Field, Sign } from "../../harness/mod.ts";

const SINCE_2505 = ["2505", "1.7.2511", "1.8.2607", "main"];
const SINCE_2511 = ["1.7.2511", "1.8.2607", "main"];

/** Releases that read each other's queues. */
const ALONE_2505 = { writers: ["2505"], readers: ["2505"] };
const AMONG_2511 = { writers: SINCE_2511, readers: SINCE_2511 };
const AMONG_2505 = { writers: SINCE_2505, readers: SINCE_2505 };

const NVME_KEPT = { devices: ["nvme"], request: ["nvme"] };
const NOT_KEPT = { devices: ["nvme"], request: ["none"] };
/** A machine with a BIOS and a relay. */
const RELAY = { devices: ["relay"] };

/** The guest is at something on the host's bus, which the relay passes on. */
const ON_BUS = { ...RELAY, request: ["none"] };

/** Two hops that keep NVMe alive. */
const KEPT: readonly Field[] = [
  { ...ALONE_2505, values: NVME_KEPT },
  { ...AMONG_2511, values: NVME_KEPT },
];

/** Signs by name of the defect. */
export const SIGNS: Readonly<Record<string, Sign>> = {
  "nvme-attaches-without-keepalive": {
    fields: [{ ...AMONG_2511, values: NVME_KEPT, hops: [{}, { host: "nohost" }] }],
    cause: /was taken over, table says fresh-after-clear|was not reset, table says fresh-after/,
  },
  "nvme-namespaces-are-not-saved": {
    fields: KEPT,
    cause: /received IDENTIFY after the restart/,
    known: "identify-after-keepalive",
  },
  "nvme-event-request-is-sent-twice": {
    fields: KEPT,
    cause: /received ASYNCHRONOUS_EVENT_REQUEST after the restart/,
    known: "second-aer-after-keepalive",
  },
  "nvme-restores-lazily-unasked": {
    fields: [{ writers: ["1.7.2511"], readers: SINCE_2511, values: NVME_KEPT }],
    cause: /queue \d+ is waiting, table says all/,
  },
  "nvme-restores-idle-queues": {
    fields: [{ writers: ["1.8.2607", "main"], readers: SINCE_2511, values: NVME_KEPT }],
    cause: /queue \d+ is in service, table says busy/,
  },
  "one-keepalive-flag-of-two": {
    fields: [{ ...AMONG_2511, values: { devices: ["nvme+mana"], request: ["nvme", "mana"] } }],
    cause: /private pool: unrestored allocations found/,
    known: "one-keepalive-flag-of-two",
  },
  "nic-is-not-created-anew": {
    fields: [
      {
        ...AMONG_2511,
        values: {
          devices: ["nvme+mana"],
          request: ["nvme+mana"],
          fault: ["nic:reset:between"],
        },
      },
    ],
    cause: /HWC request failed/,
    known: "nic-is-not-created-anew",
  },
  "flag-disables-keepalive": {
    fields: [{ ...AMONG_2505, values: { ...NVME_KEPT, request: ["none", "nvme"] } }],
    cause: /(?:dma_manager|nvme)_state is (?:not )?saved, table says otherwise/,
  },
  "flags-are-ignored": {
    fields: [{ ...AMONG_2505, values: NOT_KEPT }],
    cause: /(?:dma_manager|nvme)_state is saved, table says otherwise/,
  },
  "withdrawn-keepalive-comes-back": {
    fields: [{ ...AMONG_2511, values: { ...NOT_KEPT, fault: ["servicing:fail:save"] } }],
    cause: /nvme is enabled after the failure, table says disabled/,
  },
  "pool-is-saved-for-nvme-alone": {
    fields: [{ ...AMONG_2511, values: { devices: ["nvme+mana"], request: ["mana"] } }],
    cause: /dma_manager_state is not saved, table says otherwise/,
  },
  "pool-is-saved-without-keepalive": {
    fields: [{ ...AMONG_2505, values: NOT_KEPT }],
    cause: /dma_manager_state is saved, table says otherwise/,
  },
  "pool-is-not-reported": {
    fields: [{ ...AMONG_2505, values: NVME_KEPT }],
    cause: /nvme on \S+\[host,privatepool\] is \S+, table says enabled/,
  },
  "ephemeral-memory-from-the-pool": {
    fields: [{ ...ALONE_2505, values: { devices: ["nvme+mana"], request: ["nvme"] } }],
    cause: /private pool: unrestored allocations found/,
  },
  "absent-variables-are-none": {
    fields: [{ writers: ["2411"], readers: SINCE_2505 }],
    cause: /variable \S+ is lost/,
  },
  "pci-state-is-split": {
    fields: [{ values: RELAY }],
    cause: /440bx-host-pci-bridge: .*missing required field/,
  },
  "register-takes-a-number": {
    fields: [
      { writers: SINCE_2505, readers: ["2411"] },
      { writers: ["2411"], readers: SINCE_2505 },
    ],
    cause: /vp0 rdx was 0x[0-9a-f]+, is 0x/,
  },
  "relay-state-is-not-converted": {
    fields: [{ values: RELAY }],
    cause: /vmbus_client is on the wire beside a relay unit|vmbus\.relay\.SavedState/,
  },
  "vmbus-forgets-waiting-messages": {
    fields: [
      { values: { point: ["answers:pending"], devices: ["none", "relay"] } },
      { ...AMONG_2505, values: { ...ON_BUS, point: ["offers:sent"] } },
      { ...AMONG_2505, values: { ...ON_BUS, point: ["gpadl:sent"] } },
    ],
    cause: /pending were \S+, are $|gets no further: bus: (?:the connection|relid \d+) is/,
    known: "pending-messages-not-saved",
  },
  "nvme-save-waits-for-the-drain": {
    fields: KEPT,
    cause: /does not hear the save|second save crashed: servicing operation timed out/,
    known: "second-save-hangs",
  },
  "vmbus-reset-waits-for-an-opening-channel": {
    fields: [{ values: { devices: ["nvme"], ending: ["resets"] } }],
    cause: /could not take leave: the connection is contacted/,
  },
  "vmbus-restore-minds-the-cap": {
    fields: [{ values: { devices: ["none"] }, hops: [{ bus: "newest" }, { bus: "iron" }] }],
    cause: /unsupported protocol version 0x60000/,
  },
  "vmbus-restores-what-it-does-not-know": {
    fields: [
      { ...AMONG_2505, readers: ["2411"], values: { ...RELAY, protocol: ["host-pausing"] } },
    ],
    cause: /restore done, table of features says refused/,
  },
  "pool-lies-behind-the-image": {
    fields: [
      {
        ...AMONG_2511,
        values: { ...NVME_KEPT, placement: ["roomy"] },
        hops: [{ image: "usual" }, { image: "bigger" }],
      },
    ],
    cause: /pool ranges do not match/,
  },
  "nvme-drains-each-queue-alone": {
    fields: KEPT,
    cause: /\d+ new commands overtook old ones/,
    known: "new-commands-overtake-old",
  },
  "vmbus-rescinds-closed-channels": {
    fields: [{ values: { ...RELAY, request: ["none"] } }],
    cause: /channels\.\d+\.state\.variant was Closed and is Revoked|channels were [\d ]+, are/,
  },
  "vmbus-offers-unasked": {
    fields: [{ values: { ...ON_BUS, point: ["contact:done"] } }],
    cause: /matches!\(channel\.state, ChannelState::ClientReleased\)/,
  },
  "vmbus-keeps-half-a-gpadl": {
    fields: [{ values: { ...ON_BUS, point: ["gpadl:begun"], ending: ["leaves"] } }],
    cause: /gpadl ID validated above/,
  },
  "vmbus-revokes-at-every-start": {
    fields: [
      {
        ...AMONG_2511,
        values: {
          devices: ["nvme+mana"],
          request: ["none"],
          point: ["teardown:sent"],
          fault: ["servicing:fail:save"],
        },
      },
    ],
    cause: /gpadl 0x[0-9a-f]+ is being torn down already/,
  },
  "nvme-kind-is-not-asked-at-restore": {
    fields: [{ ...AMONG_2511, values: { ...NVME_KEPT, ids: ["fused", "unreadable"] } }],
    cause: /received ASYNCHRONOUS_EVENT_REQUEST after the restart/,
  },
  "nvme-fused-device-is-asked-for-events": {
    fields: [{ ...AMONG_2511, values: { ...NVME_KEPT, ids: ["fused", "unreadable"] } }],
    cause: /fused keepalive device restored with a non-empty admin queue/,
  },
  "nvme-inspect-forgets-a-queue": {
    fields: [{ ...AMONG_2511, values: { ...NVME_KEPT, point: ["queue:inspected"] } }],
    cause: /from processor 2 failed with status 0x4/,
    known: "inspect-forgets-a-queue",
  },
  "vmbus-refuses-gpadls-of-revoked-channels": {
    fields: [{ values: { ...ON_BUS, point: ["rescind:crossed"] } }],
    cause: /GPADL \d+ of relid \d+ was refused for a rescind that it has crossed/,
    known: "gpadl-refused-for-a-rescind",
  },
  "vmbus-revokes-a-newer-offer": {
    fields: [{ values: { ...ON_BUS, point: ["rescind:undone"] } }],
    cause: /3 channels were open, and 2 are when one was offered anew/,
  },
  "vmbus-releases-what-is-not-answered": {
    fields: [{ values: { ...ON_BUS, point: ["rescind:early"] } }],
    cause: /channel ChannelId\(\d+\) not found/,
  },
  "nvme-drops-unsaved-queues": {
    fields: [{ ...AMONG_2511, values: { ...NVME_KEPT, fault: ["queue:unsavable:save"] } }],
    cause: /nvme_state is saved, table says otherwise/,
  },
  "vmbus-offers-the-client-id": {
    fields: [{ writers: SINCE_2505, readers: ["2411"] }],
    cause: /vmbus: unsupported feature flags/,
  },
};
