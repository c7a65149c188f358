/**
 * What breaks in the model of the migration design: all that the stream of old cannot hold, and
 * what an old release has no place for, which is told.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const DESIGN = "https://wiki.qemu.org/Features/Migration/Next";
const SAVEVM = "https://gitlab.com/qemu-project/qemu/-/blob/master/migration/savevm.c";
const VMSTATE = "https://gitlab.com/qemu-project/qemu/-/blob/master/migration/vmstate.c";
const CRAFT = "https://gitlab.com/qemu-project/qemu/-/blob/master/hw";

/** Releases without the commands that the wiki asks for, and those with them. */
const MUTE = ["0.10", "0.13"];
const SPEAKING = ["1.7", "2.5", "5.2"];

/** Releases whose serial port saves what is queued in it. */
const LATE = ["2.5", "5.2"];

/** All claims but that of a clean refusal, which holds. */
const STATE = ["migration-design/devices/*", "migration-design/ports/*"];

export const KNOWN: readonly Expectation[] = [
  {
    name: "nvme-is-blocked",
    factors: { devices: "nvme", handshake: "none" },
    scenarios: STATE,
    verdict: "refused",
    reason: "State blocked by non-migratable device 'nvme'",
    link: `${CRAFT}/nvme/ctrl.c`,
    note: "No release of QEMU before 11 puts an NVMe controller into its stream.",
  },
  {
    name: "nvme-needs-a-described-transport",
    factors: { devices: "nvme", handshake: "capabilities", writer: "1.7" },
    scenarios: STATE,
    verdict: "refused",
    reason: "State blocked by non-migratable device 'nvme'",
    link: DESIGN,
    note: "1.7 transforms, but has no transport beside the stream of old.",
  },
  {
    name: "nvme-needs-a-reader-of-it",
    factors: {
      devices: "nvme",
      handshake: "capabilities",
      writer: ["2.5", "5.2"],
      reader: "1.7",
    },
    scenarios: STATE,
    verdict: "refused",
    reason: "State blocked by non-migratable device 'nvme'",
    link: DESIGN,
    note: "1.7 transforms, but has no transport beside the stream of old.",
  },
  {
    name: "e1000-too-new",
    factors: { devices: "e1000", writer: ["0.13", ...SPEAKING], reader: "0.10" },
    scenarios: STATE,
    verdict: "refused",
    reason: "version must be",
    link: SAVEVM,
    note: "A newer version on the wire is declined; a reader without capabilities gets no other.",
  },
  {
    name: "ports-too-new",
    factors: { devices: "virtio-serial", writer: ["0.13", ...SPEAKING], reader: "0.10" },
    scenarios: STATE,
    verdict: "refused",
    reason: "version must be",
    link: `${CRAFT}/char/virtio-serial-bus.c`,
    note: "0.10 had one console and no ports.",
  },
  {
    name: "taken-in-part-is-too-new",
    factors: { devices: "virtio-serial", writer: SPEAKING, reader: "0.13" },
    scenarios: STATE,
    verdict: "refused",
    reason: "version must be",
    link: `${CRAFT}/char/virtio-serial-bus.c`,
    note: "0.13 knows no buffer that was taken in part.",
  },
  {
    name: "subsection-unknown",
    factors: { devices: "serial", first: LATE, writer: LATE, reader: MUTE },
    scenarios: STATE,
    verdict: "refused",
    reason: "a subsection must be one that it knows",
    link: VMSTATE,
    note: "A subsection that is needed is declined by whoever does not know it.",
  },
  {
    name: "subsection-unknown-without-handshake",
    factors: {
      devices: "serial",
      first: LATE,
      writer: LATE,
      reader: "1.7",
      handshake: "none",
    },
    scenarios: STATE,
    verdict: "refused",
    reason: "a subsection must be one that it knows",
    link: VMSTATE,
    note: "A subsection that is needed is declined by whoever does not know it.",
  },
  {
    name: "segmentation-left-out-by-type",
    factors: {
      devices: "e1000",
      first: "5.2",
      writer: "5.2",
      reader: ["0.13", ...SPEAKING],
      machine: ["pc-0.10", "pc-1.7", "pc-2.5"],
      handshake: "none",
    },
    scenarios: ["migration-design/devices/*"],
    verdict: "failed",
    reason: "e1000: e1000/tx_tso_state",
    link: `${CRAFT}/core/machine.c`,
    note: "migrate_tso_props=off keeps the stream readable, and costs the context without a word.",
  },
  {
    name: "segmentation-left-out-for-the-mute",
    factors: {
      devices: "e1000",
      first: "5.2",
      writer: "5.2",
      reader: "0.13",
      handshake: "capabilities",
    },
    scenarios: ["migration-design/devices/*"],
    verdict: "failed",
    reason: "e1000: e1000/tx_tso_state",
    link: `${CRAFT}/core/machine.c`,
    note: "A reader without capabilities gets the stream of old, with its silence.",
  },
  {
    name: "segmentation-has-no-place",
    factors: {
      devices: "e1000",
      first: "5.2",
      writer: "5.2",
      reader: ["1.7", "2.5"],
      handshake: "capabilities",
    },
    scenarios: ["migration-design/devices/are-as-they-were"],
    verdict: "failed",
    reason: "e1000: e1000/tx_tso_state",
    link: DESIGN,
    note: "Releases before 2.12 have one context for both kinds of packets; its loss is told.",
  },
  {
    name: "queued-characters-have-no-place",
    factors: {
      devices: "serial",
      first: LATE,
      writer: LATE,
      reader: "1.7",
      handshake: "capabilities",
    },
    scenarios: ["migration-design/devices/are-as-they-were"],
    verdict: "failed",
    reason: "serial: serial/",
    link: DESIGN,
    note: "Releases before 2.2 save no FIFO; its loss is told.",
  },
];
