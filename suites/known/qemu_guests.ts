/**
 * What is known to break when guests at work are carried between real QEMUs.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const CODE = "https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0";
const BEFORE_11 = ["5.2", "7.2", "10.0.2", "10.0.13"];

const common = { scenarios: ["qemu-guests/*"] } as const;

export const KNOWN_GUESTS: readonly Expectation[] = [
  {
    ...common,
    name: "guest-virtio-scsi-from-10.0.13-to-11.1",
    factors: { writer: "10.0.13", reader: "11.1", devices: "virtio-scsi" },
    verdict: "refused",
    reason: "VQ 0 vring.num 1024 exceeds allocated max 256",
    link: `${CODE}/hw/scsi/virtio-scsi.c`,
    note: "10.0.13 gives the control queue 1024 entries, and 11.1 takes 256",
  },
  {
    ...common,
    name: "guest-blk-queues-from-10.0.13-to-11.1",
    factors: { writer: "10.0.13", reader: "11.1", devices: "virtio-blk-queues" },
    verdict: "refused",
    reason: "VQ 1 vring.num 1024 exceeds allocated max 256",
    link: `${CODE}/hw/block/virtio-blk.c`,
    note: "10.0.13 gives queues that the firmware has not set up 1024 entries, and 11.1 takes 256",
  },
  {
    ...common,
    name: "guest-packed-request-in-flight",
    factors: { devices: "virtio-blk-packed", mode: "in-flight" },
    verdict: "crashed",
    reason: "virtio: unexpected memory split",
    link: `${CODE}/hw/virtio/virtio.c`,
    note: "A request of a packed ring in flight is not mapped again as it was, and QEMU ends",
  },
  {
    ...common,
    name: "guest-lsi-request-in-flight",
    factors: { devices: "lsi", mode: "in-flight" },
    verdict: "crashed",
    reason: "lsi_pre_save: Assertion `QTAILQ_EMPTY(&s->queue)' failed",
    link: `${CODE}/hw/scsi/lsi53c895a.c`,
    note: "The controller demands to have no request when it is saved, and the source dies",
  },
  {
    ...common,
    name: "guest-megasas-request-in-flight",
    factors: { devices: "megasas", mode: "in-flight" },
    verdict: "crashed",
    reason: "crash: SIGSEGV",
    link: `${CODE}/hw/scsi/megasas.c`,
    note: "The disk's request comes without the controller's frame, and the reader dies over it",
  },
  {
    ...common,
    name: "guest-errors-that-do-not-stop",
    factors: { devices: ["boot-mptsas", "boot-pvscsi"], mode: "in-flight" },
    verdict: "refused",
    reason: "absent: without migration, the guest got 1 errors from its disk",
    link: `${CODE}/hw/scsi/mptsas.c`,
    note: "The guest gets the error in place of being stopped, without migration, too",
  },
  {
    ...common,
    name: "guest-reset-on-q35-of-5.2",
    factors: { writer: "5.2", mode: "reset", machine: "pc-q35-5.2" },
    verdict: "refused",
    reason: "absent: without migration, the guest does not",
    link: "https://gitlab.com/qemu-project/seabios/-/blob/rel-1.14.0/src/resume.c",
    note: "The firmware of 5.2 resets for ever once it was reset on q35, without migration, too",
  },
  {
    ...common,
    name: "guest-reset-with-ide-from-7.2-to-10.0",
    factors: {
      writer: "7.2",
      reader: ["10.0.2", "10.0.13", "11.1"],
      devices: ["ahci", "boot-ide"],
      mode: "reset",
    },
    scenarios: ["qemu-guests/reset/goes-on"],
    verdict: "failed",
    reason: "guest-dead: the guest does not reboot",
    link: `${CODE}/hw/ide/ahci.c`,
    note: "A guest from 7.2 goes on, but does not boot again from a SATA disk when it is reset",
  },
  {
    ...common,
    name: "guest-virtio-legacy-on-10.0.13",
    factors: { writer: "10.0.13", devices: "virtio-blk-legacy" },
    verdict: "refused",
    reason: "absent: without migration, the",
    link: `${CODE}/hw/virtio/virtio-pci.c`,
    note: "Queues of 10.0.13 claim 1024 entries, and its firmware does not boot from them",
  },
  {
    ...common,
    name: "guest-reset-with-virtio-legacy-on-10.0.13",
    factors: {
      writer: ["7.2", "10.0.2", "11.1"],
      reader: "10.0.13",
      devices: "virtio-blk-legacy",
      mode: "reset",
    },
    scenarios: ["qemu-guests/reset/goes-on"],
    verdict: "failed",
    reason: "guest-dead: the guest does not reboot",
    link: `${CODE}/hw/virtio/virtio-pci.c`,
    note: "As without migration",
  },
  {
    ...common,
    name: "guest-reset-with-usb-on-5.2",
    factors: {
      writer: ["7.2", "10.0.2", "10.0.13", "11.1"],
      reader: "5.2",
      devices: "usb-storage",
      mode: "reset",
    },
    scenarios: ["qemu-guests/reset/goes-on"],
    verdict: "failed",
    reason: "crash: SIGSEGV",
    link: "https://gitlab.com/qemu-project/qemu/-/blob/v5.2.0/hw/usb/hcd-xhci.c",
    note: "5.2 dies, most times, when a machine that has come from a later release is reset",
    mayPass: true,
  },
  {
    ...common,
    name: "guest-nvme-of-5.2-is-not-booted",
    factors: { writer: "5.2", devices: "boot-nvme", mode: ["booted", "live", "snapshot"] },
    verdict: "refused",
    reason: "absent: without migration, the guest does not boot",
    link: "https://gitlab.com/qemu-project/seabios/-/blob/rel-1.14.0/src/hw/nvme.c",
    note: "The firmware of 5.2 boots no NVMe",
  },
  {
    ...common,
    name: "guest-nvme-is-not-saved-before-11.1",
    factors: { writer: ["7.2", "10.0.2", "10.0.13"], devices: "boot-nvme" },
    verdict: "refused",
    reason: "State blocked by non-migratable device",
    link: `${CODE}/hw/nvme/ctrl.c`,
    note: "NVMe is said not to be migratable",
  },
  {
    ...common,
    name: "guest-nvme-is-not-loaded-before-11.1",
    factors: { writer: "11.1", reader: BEFORE_11, devices: "boot-nvme" },
    verdict: "refused",
    reason: "State blocked by non-migratable device",
    link: `${CODE}/hw/nvme/ctrl.c`,
    note: "NVMe that 11.1 has sent is not taken by releases that do not send it",
  },
];
