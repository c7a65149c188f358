/**
 * The matrix of OpenHCL servicing: releases, axes, and what cannot happen. Values are the inputs
 * of a machine, never the strings that a release makes of them, so that releases without those
 * strings take part. Follows openvmm's `openhcl_boot` (command line), `underhill_core`
 * (`dispatch`, `options`) and its test hooks. It does not say what a release does with a value.
 *
 * @module
 */
import { type Axis, constraint, type Inputs, type Space } from "../../axis.ts";

/** Oldest first. */
export const RELEASES: readonly string[] = ["2411", "2505", "1.7.2511", "1.8.2607", "main"];

/** Releases that keep the memory layout in a region that survives the restart. */
const PERSISTED_REGION_SINCE = RELEASES.indexOf("1.7.2511");

/** Memory for a pool that is not exactly as large and in one piece. */
const UNUSUAL_MEMORY: readonly string[] = ["roomy", "numa", "scarce", "fragmented"];

/** Ids that only NVMe devices have. */
const NVME_IDS: readonly string[] = ["fused", "unreadable"];
const ODD_IDS: readonly string[] = ["wide", ...NVME_IDS];

const GUEST_PROTOCOLS: readonly string[] = ["guest-iron", "guest-win10", "guest-win7"];
/** Older guests, a host like OpenVMM, and one from before keepalive. */
const ODD_PROTOCOLS: readonly string[] = [...GUEST_PROTOCOLS, "host-pausing", "host-zeroed"];

/** Sources below are paths in the repository microsoft/openvmm. */
const AXES: readonly Axis[] = [
  {
    name: "host",
    per: "hop",
    values: ["host", "nohost"],
    meaning: "The host's device tree has the property nvme_keepalive",
  },
  {
    name: "pool",
    per: "hop",
    values: ["privatepool", "noprivatepool"],
    meaning: "The address space has a pool of private pages for VTL2",
  },
  {
    name: "image",
    per: "hop",
    values: ["usual", "bigger"],
    neutral: "usual",
    edition: 2,
    meaning: "Size of OpenHCL's image, which lies below its free memory",
  },
  {
    name: "devices",
    per: "path",
    values: ["none", "nvme", "nvme+mana", "relay"],
    meaning: "Assigned devices; with mana, OPENHCL_MANA_KEEP_ALIVE gets the string of NVMe",
  },
  {
    name: "request",
    per: "save",
    values: ["none", "nvme", "mana", "nvme+mana"],
    meaning: "Keepalive flags that the host sets in its servicing request",
  },
  {
    name: "lifetime",
    per: "path",
    values: ["Default", "Ephemeral"],
    neutral: "Default",
    meaning: "Lifetime of the guest state, a setting of the machine",
  },
  {
    name: "placement",
    per: "path",
    values: ["whole", ...UNUSUAL_MEMORY],
    neutral: "whole",
    edition: 2,
    meaning:
      "Memory for the pool: exactly as much, more, over two NUMA nodes, too little for every " +
      "queue, or with holes that a device has left",
  },
  {
    name: "ids",
    per: "path",
    values: ["usual", "reversed", ...ODD_IDS],
    neutral: "usual",
    edition: 2,
    meaning:
      "Ids of devices: in another order, as large as can be, or with one NVMe controller of a " +
      "kind that releases treat in their own way, or whose kind cannot be read",
  },
  {
    name: "protocol",
    per: "path",
    values: ["current", ...ODD_PROTOCOLS],
    neutral: "current",
    edition: 2,
    meaning:
      "VMBus that is spoken: an older guest, a host that pauses its messages, or one " +
      "from before keepalive, whose flags are all zero and who resets devices",
  },
  {
    name: "fault",
    per: "path",
    values: [
      "none",
      "servicing:stuck:save",
      "servicing:fail:save",
      "servicing:stuck:restore",
      "units:slow:save",
      "host:no-timeout:save",
      "machine:isolated:save",
      "machine:paused:save",
      "nvme:unsavable:save",
      "unit:unsavable:save",
      "unit:unknown:between",
      "unit:twice:between",
      "unit:missing:between",
      "logs:late:save",
      "vmgs:unsavable:save",
      "pci:held:save",
      "client-disconnected",
      "message-pending",
      "variable:shortened:after",
    ],
    neutral: "none",
    reserved: true,
    onlyFirst: true,
    meaning: "One disturbance of the first save or of the restore that follows",
  },
];

/** True when a servicing boot of `release` takes the ranges of its pool from the last boot. */
function keepsPoolRanges(release: string): boolean {
  return RELEASES.indexOf(release) >= PERSISTED_REGION_SINCE;
}

const POOL_SURVIVES = constraint({
  name: "pool-from-persisted-region",
  reason:
    "Between releases from 1.7.2511 on the pool cannot come or go: a servicing boot takes its " +
    "ranges from the persisted region (openhcl/openhcl_boot/src/host_params/dt/mod.rs)",
  over: ["writer", "writer.pool", "reader", "reader.pool"],
  allows(factors) {
    const flips = factors["writer.pool"] !== factors["reader.pool"];
    return !flips || !keepsPoolRanges(factors.writer) || !keepsPoolRanges(factors.reader);
  },
});

const ISOLATED_HAS_NO_POOL = constraint({
  name: "isolated-has-no-pool",
  reason:
    "An isolated machine has no private pool: it is only set up for machines without isolation " +
    "(openhcl/openhcl_boot/src/host_params/dt/mod.rs; facts semantics.md, Private pool size)",
  over: ["fault", "writer.pool", "reader.pool"],
  allows(factors) {
    if (factors.fault !== "machine:isolated:save") return true;
    return factors["writer.pool"] === "noprivatepool" && factors["reader.pool"] === "noprivatepool";
  },
});

const EPHEMERAL_HAS_NO_VMGS = constraint({
  name: "ephemeral-has-no-vmgs",
  reason:
    "With ephemeral guest state there is no VMGS whose save could fail " +
    "(openhcl/underhill_core/src/worker.rs; facts semantics.md, Save 8)",
  over: ["fault", "lifetime"],
  allows: ({ fault, lifetime }) => fault !== "vmgs:unsavable:save" || lifetime === "Default",
});

const BIGGER_IMAGE_NEEDS_ROOM = constraint({
  name: "bigger-image-needs-room",
  reason:
    "Where VTL2 has no more memory than the usual image and the pool need, a bigger image does " +
    "not fit whatever the release does (openhcl/openhcl_boot/src/host_params/dt/mod.rs)",
  over: ["writer.image", "reader.image", "placement"],
  allows(factors) {
    const usual = factors["writer.image"] === "usual" && factors["reader.image"] === "usual";
    return usual || factors.placement === "roomy" || factors.placement === "numa";
  },
});

const PLACEMENT_NEEDS_POOL = constraint({
  name: "placement-needs-pool",
  reason:
    "Without a pool of private pages it lies nowhere; a machine that never has one is the same " +
    "whatever memory there is",
  over: ["writer.pool", "reader.pool", "placement"],
  allows(factors) {
    const none = "noprivatepool";
    const pool = factors["writer.pool"] !== none || factors["reader.pool"] !== none;
    return pool || !UNUSUAL_MEMORY.includes(factors.placement);
  },
});

const IDS_NEED_DEVICES = constraint({
  name: "ids-need-devices",
  reason: "A machine without devices has none with other ids, and only NVMe has those kinds",
  over: ["ids", "devices"],
  allows({ ids, devices }) {
    if (NVME_IDS.includes(ids)) return devices.startsWith("nvme");
    return devices !== "none" || (ids !== "reversed" && ids !== "wide");
  },
});

const FUSED_NEEDS_MEMORY = constraint({
  name: "fused-needs-memory",
  reason:
    "A fused device gets all of its queues at once, and does not come up in memory that is too " +
    "little for them (vm/devices/storage/disk_nvme/nvme_driver/src/driver.rs)",
  over: ["ids", "placement"],
  allows: ({ ids, placement }) => !NVME_IDS.includes(ids) || placement !== "scarce",
});

const HOST_PROTOCOL_NEEDS_RELAY = constraint({
  name: "host-protocol-needs-relay",
  reason:
    "Without a relay OpenHCL does not speak to the host's VMBus at all " +
    "(openhcl/underhill_core/src/worker.rs, vmbus relay)",
  over: ["protocol", "devices"],
  allows: ({ protocol, devices }) => protocol !== "host-pausing" || devices === "relay",
});

const PENDING_NEEDS_MODIFY = constraint({
  name: "pending-needs-modify-connection",
  reason:
    "The messages that wait are answers to ModifyConnection, a feature that has to be agreed on " +
    "(vm/devices/vmbus/vmbus_core/src/protocol.rs)",
  over: ["fault", "protocol"],
  allows: ({ fault, protocol }) =>
    fault !== "message-pending" || !GUEST_PROTOCOLS.includes(protocol),
});

const ZEROED_HOST_ASKS_FOR_NOTHING = constraint({
  name: "zeroed-host-asks-for-nothing",
  reason:
    "A host from before keepalive sets no flag and has no property in its device tree; only the " +
    "first boot may have been elsewhere, before a live migration (pull requests 464 and 487)",
  over: ["protocol", "request", "reader.host"],
  allows(factors) {
    if (factors.protocol !== "host-zeroed") return true;
    return factors.request === "none" && factors["reader.host"] === "nohost";
  },
});

const USUAL: Inputs = { host: "host", pool: "privatepool", image: "usual" };
const BIGGER: Inputs = { ...USUAL, image: "bigger" };

export const openhclSpace: Space = {
  implementation: "openhcl",
  releases: RELEASES,
  configurations: [
    USUAL,
    { host: "nohost", pool: "privatepool", image: "usual" },
    { host: "nohost", pool: "noprivatepool", image: "usual" },
    BIGGER,
  ],
  axes: AXES,
  constraints: [
    POOL_SURVIVES,
    ISOLATED_HAS_NO_POOL,
    EPHEMERAL_HAS_NO_VMGS,
    BIGGER_IMAGE_NEEDS_ROOM,
    PLACEMENT_NEEDS_POOL,
    IDS_NEED_DEVICES,
    FUSED_NEEDS_MEMORY,
    HOST_PROTOCOL_NEEDS_RELAY,
    PENDING_NEEDS_MODIFY,
    ZEROED_HOST_ASKS_FOR_NOTHING,
  ],
  slices: [
    { name: "lifetimes", values: { lifetime: ["Ephemeral"], devices: ["none", "nvme"] } },
    {
      name: "ids",
      values: {
        ids: ["reversed", ...ODD_IDS],
        devices: ["nvme+mana"],
        request: ["nvme+mana"],
      },
    },
    {
      name: "protocols",
      values: {
        protocol: ODD_PROTOCOLS,
        devices: ["nvme", "relay"],
        request: ["none"],
      },
    },
    {
      name: "memory",
      values: {
        placement: UNUSUAL_MEMORY,
        devices: ["nvme+mana"],
        request: ["nvme+mana"],
      },
    },
    {
      name: "images",
      values: {
        placement: ["roomy"],
        devices: ["nvme+mana"],
        request: ["mana", "nvme+mana"],
      },
      between: [
        [USUAL, BIGGER],
        [BIGGER, USUAL],
      ],
    },
  ],
};
