/**
 * What cannot happen in the matrix of OpenHCL, and why. Paths are in microsoft/openvmm.
 *
 * @module
 */
import { type Constraint, constraint, type PastConstraint } from "../../axis.ts";
import { GUEST_PROTOCOLS, NVME_IDS, UNUSUAL_MEMORY } from "./axis_values.ts";
import { FAULT_CONSTRAINTS } from "./fault_constraints.ts";
import { RELEASES } from "./releases.ts";

/** Releases that keep the memory layout in a region that survives the restart. */
const PERSISTED_REGION_SINCE = RELEASES.indexOf("1.7.2511");

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
    "(openhcl/openhcl_boot/src/host_params/dt/mod.rs)",
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
    "(openhcl/underhill_core/src/worker.rs)",
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
  over: ["point", "protocol", "writer.bus"],
  allows(factors) {
    if (factors.point !== "answers:pending") return true;
    return factors["writer.bus"] === "newest" && !GUEST_PROTOCOLS.includes(factors.protocol);
  },
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

const OPTION_NEEDS_NICS = constraint({
  name: "option-needs-nics",
  reason: "The option of MANA is about devices that the machine has to have",
  over: ["writer.mana", "reader.mana", "devices"],
  allows(factors) {
    const usual = "mana-as-nvme";
    if (factors["writer.mana"] === usual && factors["reader.mana"] === usual) return true;
    return factors.devices === "nvme+mana";
  },
});

const FLIGHT_NEEDS_DISKS = constraint({
  name: "flight-needs-disks",
  reason:
    "Only disks keep what is in flight; a queue that is full of it would be so at every save, " +
    "and not at the first one only, as the point says",
  over: ["flight", "devices", "point"],
  allows({ flight, devices, point }) {
    return flight !== "chain" || (devices.startsWith("nvme") && point !== "queue:full");
  },
});

/** Longer flights came for quiet paths first. */
const FLIGHT_IS_QUIET = {
  ...constraint({
    name: "flight-is-quiet",
    reason: "Oracles could not tell what a fault has lost from what a disk still keeps",
    over: ["flight", "fault", "point"],
    allows({ flight, fault, point }) {
      return flight !== "chain" || (fault === "none" && point === "idle");
    },
  }),
  edition: 6,
};

export const PAST_CONSTRAINTS: readonly PastConstraint[] = [FLIGHT_IS_QUIET];

export const CONSTRAINTS: readonly Constraint[] = [
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
  OPTION_NEEDS_NICS,
  FLIGHT_NEEDS_DISKS,
  ...FAULT_CONSTRAINTS,
];
