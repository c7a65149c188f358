/**
 * What is known to break when real QEMUs hand machines to each other, by factors of the edge that
 * breaks. What a reason must contain is in QEMU's own words.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";
import { KNOWN_CAPABILITIES } from "./qemu_capabilities.ts";
import { KNOWN_GUESTS } from "./qemu_guests.ts";

const SOURCE = "https://gitlab.com/qemu-project/qemu/-/blob/master";
const VIRTIO_SOURCE = `${SOURCE}/hw/virtio/virtio.c`;

/** Sets with a device of virtio. */
const VIRTIO = [
  ...["virtio-blk", "virtio-blk-queues", "virtio-blk-legacy", "virtio-blk-packed", "virtio-scsi"],
  ...["virtio-serial", "virtio-net", "virtio-net-slirp", "virtio-net-hub", "virtio-balloon"],
  ...["virtio-rng", "virtio-input", "virtio-gpu", "virtio-vga", "pci-bridge", "pcie-root-port"],
];
const VIRTIO_NET = ["virtio-net", "virtio-net-slirp", "virtio-net-hub", "pcie-root-port"];
const ESP = ["esp", "dc390"];
const IPMI = ["ipmi-kcs", "ipmi-bt"];

/** Before 11.1, and before 10.0.13, which is apart in what it sends of virtio. */
const OLDER = ["5.2", "7.2", "10.0.2", "10.0.13"];
const USUAL = ["5.2", "7.2", "10.0.2"];

const DEVICES_SAME = ["qemu-migration/devices/are-the-same-when-saved-again"];
const MACHINE_SAME = ["qemu-migration/machine/is-the-same-when-saved-again"];
const NONE_LOST = ["qemu-migration/devices/none-is-lost"];

/** Releases by the types that `q35` and `pc` stand for. */
const SAME_ALIAS = [["5.2"], ["7.2"], ["10.0.2", "10.0.13"], ["11.1"]];

const PCI_MACHINES = [...["pc-q35-5.2", "pc-i440fx-5.2", "pc-q35-7.2", "pc-q35-10.0", "q35", "pc"]];

const isapc = {
  link: `${SOURCE}/hw/i386/isapc.c`,
  note:
    "The machine without PCI has no version: each release sends what it has by now, which its " +
    "types with a version do not, and older ones do not know it.",
} as const;

const ISAPC: readonly Expectation[] = [
  {
    ...isapc,
    name: "isapc-switchover-command",
    factors: {
      machine: "isapc",
      writer: ["10.0.2", "10.0.13", "11.1"],
      reader: ["5.2", "7.2"],
    },
    verdict: "refused",
    reason: "MIG_CMD 0xb unknown",
  },
  {
    ...isapc,
    name: "isapc-keyboard-into-5.2",
    factors: { machine: "isapc", writer: "7.2", reader: "5.2" },
    verdict: "refused",
    reason: "Failed to load pckbd:kbd",
  },
  {
    ...isapc,
    name: "isapc-keyboard-from-5.2",
    factors: { machine: "isapc", writer: "5.2", reader: ["7.2", "10.0.2", "10.0.13", "11.1"] },
    scenarios: MACHINE_SAME,
    verdict: "failed",
    reason: "kbd.<pckbd/extended_state> was not there before",
  },
  {
    ...isapc,
    name: "isapc-ide-from-7.2",
    factors: { machine: "isapc", writer: "7.2", reader: ["10.0.2", "10.0.13", "11.1"] },
    scenarios: MACHINE_SAME,
    verdict: "failed",
    reason: "field of isa-ide: it was not there before",
  },
];

const ALIASES = SAME_ALIAS.map((writer): Expectation => {
  const others = SAME_ALIAS.filter((group) => group !== writer);
  return {
    name: `alias-of-${writer[0]}`,
    factors: { machine: ["q35", "pc"], writer, reader: others.flat() },
    verdict: "refused",
    reason: "Machine type received is 'pc-",
    link: `${SOURCE}/docs/devel/migration/compatibility.rst`,
    note: "A type without a version is the newest of each release: no two of them are the same.",
  };
});

/** A machine that cannot be saved, or is not taken. */
const REFUSED: readonly Expectation[] = [
  {
    name: "usb-devices-without-state",
    factors: { devices: ["usb-net", "usb-serial", "usb-wacom"] },
    verdict: "refused",
    reason: "State blocked by non-migratable device '0000:00:01.0/1/usb-",
    link: `${SOURCE}/hw/usb/dev-serial.c`,
    note: "Network card, serial port and drawing tablet on USB are marked as not migratable.",
  },
  {
    name: "esp-layout-without-version",
    factors: { writer: ["5.2", "7.2"], reader: ["10.0.2", "10.0.13", "11.1"], devices: ESP },
    verdict: "refused",
    reason: "Missing section footer for 0000:00:01.0/pciespscsi",
    link: `${SOURCE}/hw/scsi/esp-pci.c`,
    note:
      "The state of the ESP within that of its PCI function has a version of its own, which the " +
      "stream does not carry; what an older release has sent is read by the layout of the newer.",
  },
  {
    name: "esp-layout-back",
    factors: { writer: "11.1", reader: ["7.2", "10.0.2", "10.0.13"], devices: ESP },
    verdict: "refused",
    reason: "Missing section footer for 0000:00:01.0/pciespscsi",
    link: `${SOURCE}/hw/scsi/esp-pci.c`,
    note: "11.1 sends more of the ESP without a version by which an older release could tell.",
  },
  {
    name: "esp-version-2",
    factors: { writer: ["7.2", "10.0.2", "10.0.13", "11.1"], reader: "5.2", devices: ESP },
    verdict: "refused",
    reason: "unsupported version 2 for '0000:00:01.0/pciespscsi' v1",
    link: `${SOURCE}/hw/scsi/esp-pci.c`,
    note: "From 6.0 on the section has version 2, whatever the type of the machine.",
  },
  {
    name: "ipmi-version-2",
    factors: { writer: "11.1", reader: OLDER, devices: IPMI },
    verdict: "refused",
    reason: "unsupported version 2 for 'ipmi-bmc-sim' v1",
    link: `${SOURCE}/hw/ipmi/ipmi_bmc_sim.c`,
    note: "11.1 sends version 2 of the simulated BMC, whatever the type of the machine.",
  },
  {
    name: "virtio-queue-size-of-10.0.13",
    factors: { first: "10.0.13", reader: "11.1", devices: VIRTIO, mode: "cold" },
    verdict: "refused",
    reason: "exceeds allocated max",
    link: VIRTIO_SOURCE,
    note:
      "The point release says that a queue has 1024 entries where it has fewer, and 11.1 " +
      "compares that with what it has allotted. 10.0.2 of the same series is taken. Who comes " +
      "between keeps the number.",
  },
];

const ESP_VERSIONS = {
  scenarios: DEVICES_SAME,
  verdict: "failed",
  reason: "field of 0000:00:01.0/pciespscsi: ",
  link: `${SOURCE}/hw/scsi/esp.c`,
  note: "Each release sends the ESP in the version that it has, not in the one that it got.",
} as const;

const GPU = {
  scenarios: DEVICES_SAME,
  verdict: "failed",
  reason: "virtio.config_len was",
  link: `${SOURCE}/hw/display/virtio-gpu-base.c`,
  note: "The configuration that a guest sees has 16 octets up to 10.0, and 20 in 11.1.",
} as const;

/** What is sent though nobody has written it. */
const LEFT_OVER: readonly Expectation[] = [
  {
    name: "esp-sends-memory-of-the-host",
    factors: {
      writer: ["7.2", "10.0.2", "10.0.13", "11.1"],
      reader: ["7.2", "10.0.2", "10.0.13", "11.1"],
      devices: ESP,
      mode: "twin",
    },
    scenarios: ["qemu-migration/twin/sends-the-same"],
    verdict: "failed",
    reason: "esp.fifo.data was 16 octets, and is 16 octets of another machine",
    link: `${SOURCE}/util/fifo8.c`,
    note:
      "The FIFOs of the ESP are sent as they were allocated, with what the host had there " +
      "before: no two machines send the same, and the other side gets to see it.",
  },
];

/** What is not sent on as it came. */
const CHANGED: readonly Expectation[] = [
  {
    name: "cpu-hotplug-from-11.1-on",
    factors: { first: OLDER, writer: OLDER, reader: "11.1", machine: PCI_MACHINES },
    scenarios: MACHINE_SAME,
    verdict: "failed",
    reason: "/cpuhp> was not there before",
    link: `${SOURCE}/hw/acpi/ich9.c`,
    note:
      "11.1 has hotplug of processors by ACPI for machines that did not have it, and sends its " +
      "state along. What comes from there keeps it elsewhere, too.",
  },
  {
    name: "virtio-ringsize-into-10.0.13",
    factors: { writer: [...USUAL, "11.1"], reader: "10.0.13", devices: VIRTIO },
    scenarios: DEVICES_SAME,
    verdict: "failed",
    reason: "virtio.<virtio/ringsize> was not there before",
    link: VIRTIO_SOURCE,
    note: "10.0.13 takes each queue for one of another size than usual, and sends the usual one.",
  },
  {
    name: "virtio-ringsize-out-of-10.0.13",
    factors: { writer: "10.0.13", reader: USUAL, devices: VIRTIO },
    scenarios: DEVICES_SAME,
    verdict: "failed",
    reason: "virtio.<virtio/ringsize> was not there before",
    link: VIRTIO_SOURCE,
    note:
      "Sizes that 10.0.13 sends are not the usual ones to other releases, which say so when they " +
      "send them on.",
  },
  {
    name: "virtio-net-vlans-of-5.2",
    factors: { first: "5.2", writer: ["5.2", "11.1"], reader: USUAL, devices: VIRTIO_NET },
    scenarios: DEVICES_SAME,
    verdict: "failed",
    reason: "virtio.vlans was",
    link: `${SOURCE}/hw/net/virtio-net.c`,
    note:
      "5.2 begins with no VLAN let through; a load lets all of them through while the guest has " +
      "not asked for a filter. 11.1 keeps what it was given, and the next one changes it.",
  },
  {
    name: "esp-versions-into-7.2",
    factors: { writer: ["5.2", "10.0.2", "10.0.13"], reader: "7.2", devices: ESP },
    ...ESP_VERSIONS,
  },
  {
    name: "esp-versions-into-11.1",
    factors: { writer: ["10.0.2", "10.0.13"], reader: "11.1", devices: ESP },
    ...ESP_VERSIONS,
  },
  {
    name: "ipmi-versions",
    factors: { writer: OLDER, reader: "11.1", devices: IPMI },
    scenarios: DEVICES_SAME,
    verdict: "failed",
    reason: "field of ipmi-bmc-sim: its version was 1, and is 2",
    link: `${SOURCE}/hw/ipmi/ipmi_bmc_sim.c`,
    note: "11.1 sends version 2 of what it was given as 1, and nobody older takes that back.",
  },
  {
    name: "e1000e-descriptors",
    factors: { reader: ["10.0.13", "11.1"], devices: "e1000e" },
    scenarios: DEVICES_SAME,
    verdict: "failed",
    reason: "field of 0000:00:01.0/e1000e: ",
    link: `${SOURCE}/hw/net/e1000e.c`,
    note:
      "What the card derives from registers is worked out anew by a load, and the timers that " +
      "5.2 and 7.2 send are no fields any more. The point release 10.0.13 has that already.",
  },
  {
    name: "sb16-fields",
    factors: {
      first: ["5.2", "7.2"],
      writer: ["5.2", "7.2"],
      reader: ["10.0.2", "10.0.13", "11.1"],
      devices: "sb16",
    },
    scenarios: DEVICES_SAME,
    verdict: "failed",
    reason: "field of sb16: it had 43 values, and has 39",
    link: `${SOURCE}/hw/audio/sb16.c`,
    note: "Four fields are padding from 10.0 on: they are read, forgotten, and sent as zeros.",
  },
  {
    name: "virtio-gpu-configuration-into-11.1",
    factors: { writer: USUAL, reader: "11.1", devices: ["virtio-gpu", "virtio-vga"] },
    ...GPU,
  },
  {
    name: "virtio-gpu-configuration-out-of-11.1",
    factors: { writer: "11.1", reader: USUAL, devices: ["virtio-gpu", "virtio-vga"] },
    ...GPU,
  },
];

/** Devices of which the stream has nothing. */
const LOST: readonly Expectation[] = [
  {
    name: "edu-has-no-state",
    factors: { devices: "edu" },
    scenarios: NONE_LOST,
    verdict: "failed",
    reason: "lost-state of edu: no section has edu",
    link: `${SOURCE}/hw/misc/edu.c`,
    note:
      "The device has registers, a timer and a buffer for DMA, and no description of its state: " +
      "all of it is gone after a migration that succeeds.",
  },
  {
    name: "adlib-has-no-state",
    factors: { devices: "adlib" },
    scenarios: NONE_LOST,
    verdict: "failed",
    reason: "lost-state of adlib: no section has adlib",
    link: `${SOURCE}/hw/audio/adlib.c`,
    note: "The registers of the synthesizer are not saved: it is silent after a migration.",
  },
  {
    name: "pvpanic-has-no-state",
    factors: { devices: "pvpanic" },
    scenarios: NONE_LOST,
    verdict: "failed",
    reason: "lost-state of pvpanic: no section has pvpanic",
    link: `${SOURCE}/hw/misc/pvpanic-isa.c`,
    note: "It has nothing but what it was started with, and nothing is lost with it.",
  },
  {
    name: "debug-ports-have-no-state",
    factors: { devices: "vmmouse-debug" },
    scenarios: NONE_LOST,
    verdict: "failed",
    reason: "lost-state of isa-debugcon: no section has isa-debugcon, isa-debug-exit",
    link: `${SOURCE}/hw/char/debugcon.c`,
    note: "Ports that pass on what is written have nothing else, and nothing is lost with them.",
  },
];

export const KNOWN: readonly Expectation[] = [
  ...ALIASES,
  ...ISAPC,
  ...REFUSED,
  ...CHANGED,
  ...LOST,
  ...LEFT_OVER,
  ...KNOWN_GUESTS,
  ...KNOWN_CAPABILITIES,
];
