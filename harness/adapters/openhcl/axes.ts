/**
 * The axes of the matrix of OpenHCL. Values are the inputs of a machine, never the strings that a
 * release makes of them, so that releases without those strings take part.
 *
 * Source: openvmm's `openhcl_boot` (command line), `underhill_core` (`dispatch`, `options`) and its
 * test hooks.
 *
 * @module
 */
import { DEFECTS, IDLE, SAVE_POINTS } from "../../../src/openhcl/mod.ts";
import type { Axis } from "../../axis.ts";
import { LATER_POINTS, ODD_IDS, ODD_PROTOCOLS, UNUSUAL_MEMORY } from "./axis_values.ts";
import { editionOfFault, FIRST_FAULTS, LATER_FAULTS, PAST_FAULTS } from "./fault_values.ts";

export const AXES: readonly Axis[] = [
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
    name: "bus",
    per: "hop",
    values: ["newest", "iron"],
    neutral: "newest",
    edition: 4,
    meaning: "Newest version of VMBus that a guest gets; iron by OPENHCL_VMBUS_MAX_VERSION",
  },
  {
    name: "mana",
    per: "hop",
    values: ["mana-as-nvme", "mana-off", "mana-on"],
    neutral: "mana-as-nvme",
    edition: 5,
    meaning: "OPENHCL_MANA_KEEP_ALIVE: the text that NVMe has, absent, or enabled",
  },
  {
    name: "devices",
    per: "path",
    values: ["none", "nvme", "nvme+mana", "relay"],
    meaning: "Assigned devices",
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
    name: "point",
    per: "path",
    values: SAVE_POINTS,
    editions: LATER_POINTS,
    neutral: IDLE,
    reserved: true,
    onlyFirst: true,
    parts: ["place", "step"],
    edition: 2,
    meaning:
      "What the guest is at when it is saved first, on VMBus or with its disks, and how far it is",
  },
  {
    name: "fault",
    per: "path",
    values: ["none", ...FIRST_FAULTS, ...LATER_FAULTS],
    editions: Object.fromEntries(LATER_FAULTS.map((name) => [name, editionOfFault(name)])),
    neutral: "none",
    reserved: true,
    onlyFirst: true,
    parts: ["place", "kind", "time"],
    partsEdition: 4,
    retired: PAST_FAULTS,
    meaning: "One disturbance of the first save or of the restore that follows",
  },
  {
    name: "flight",
    per: "path",
    values: ["hop", "chain"],
    neutral: "hop",
    edition: 5,
    meaning:
      "For how long disks keep what is in flight at a save: to the next hop, or over every save " +
      "of the path, to its end",
  },
  {
    name: "ending",
    per: "path",
    values: ["goes-on", "leaves", "resets"],
    neutral: "goes-on",
    edition: 2,
    meaning:
      "What comes after the restore: the guest goes on with what it was at, takes leave of its " +
      "bus at once, or is reset while a channel is opened; in the end it uses all of its bus",
  },
  {
    name: "defect",
    per: "path",
    values: ["none", ...DEFECTS.map(({ name }) => name)],
    neutral: "none",
    onDemand: true,
    edition: 2,
    meaning: "A real bug of OpenHCL that every release on the path is given; see run --defects",
  },
];
