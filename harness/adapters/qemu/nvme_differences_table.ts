/**
 * What QEMU's NVMe controller shows otherwise than the model's, and which of them the specification
 * is with. What is not listed is the same in all releases; what is listed must differ.
 *
 * Sources: NVM Express Base Specification 2.0c (B), NVM Command Set Specification 1.0c (N); QEMU,
 * hw/nvme/ctrl.c (hw/block/nvme.c in 5.2), whose claims are VS 1.3 (5.2) and 1.4.
 *
 * @module
 */

export interface NvmeDifference {
  readonly look: string;
  readonly what: string;
  readonly model: number;
  readonly qemu: number;
  /** Releases that show it; all when absent. */
  readonly only?: readonly string[];
  /** Whom the specification is with: `both` may be. */
  readonly right: "model" | "qemu" | "both";
  readonly why: string;
}

const LATER = ["7.2", "10.0.2", "10.0.13", "11.1"];

export const NVME_DIFFERENCES: readonly NvmeDifference[] = [
  {
    look: "registers/keep-what-is-written",
    what: "aqa",
    model: 0x0fff_0fff,
    qemu: 0xffff_ffff,
    right: "model",
    why: "B 3.1.3.8: bits 31:28 and 15:12 are reserved, and read as zeros",
  },
  {
    look: "registers/keep-what-is-written",
    what: "asq low",
    model: 0x0012_3000,
    qemu: 0x0012_3fff,
    right: "model",
    why: "B 3.1.3.9: bits 11:0 are reserved, and read as zeros",
  },
  {
    look: "registers/keep-what-is-written",
    what: "acq",
    model: 0x0045_6000,
    qemu: 0x0045_6fff,
    right: "model",
    why: "B 3.1.3.10: bits 11:0 are reserved, and read as zeros",
  },
  {
    look: "features/set-and-get",
    what: "queues granted",
    model: 0x0001_0001,
    qemu: 0x003f_003f,
    right: "both",
    why: "B 5.27.1.5: more may be allocated than were asked for",
  },
  {
    look: "features/set-and-get",
    what: "events at first",
    model: 0x100,
    qemu: 0,
    right: "both",
    why: "B 5.27.1.8: the default value is the vendor's",
  },
  {
    look: "logs/pages",
    what: "health of namespace 0",
    model: 0x000,
    qemu: 0x00b,
    right: "model",
    why: "B 5.16.1.3: 0h is the controller, as FFFFFFFFh is",
  },
  {
    look: "logs/pages",
    what: "changed namespaces",
    model: 0x000,
    qemu: 0x002,
    only: ["5.2"],
    right: "both",
    why: "B 5.16.1.5: the page is optional",
  },
  {
    look: "logs/pages",
    what: "unknown",
    model: 0x109,
    qemu: 0x002,
    right: "model",
    why: "B 5.16.2: Invalid Log Page is the status of a page that is not supported",
  },
  {
    look: "abort/requests-and-what-is-gone",
    what: "of no queue",
    model: 0x000,
    qemu: 0x002,
    right: "both",
    why: "B 5.1: which queue is meant is not said to be checked, nor not to be",
  },
  {
    look: "commands/unknown",
    what: "do not retry",
    model: 0,
    qemu: 1,
    right: "qemu",
    why: "B 3.3.3.2.1: DNR says that the same command fails again; the model never says so",
  },
  {
    look: "queues/creation",
    what: "sq into cq 0",
    model: 0x101,
    qemu: 0x100,
    right: "model",
    why: "B 5.5: the admin completion queue is an Invalid Queue Identifier",
  },
  {
    look: "queues/deletion",
    what: "cq 0",
    model: 0x101,
    qemu: 0x100,
    right: "model",
    why: "B 5.6: the status is Invalid Queue Identifier",
  },
  {
    look: "queues/deletion",
    what: "cq twice",
    model: 0x101,
    qemu: 0x100,
    right: "model",
    why: "B 5.6: the status is Invalid Queue Identifier",
  },
  {
    look: "io/zeroes-and-deallocation",
    what: "deallocation over the end",
    model: 0x080,
    qemu: 0x001,
    only: ["5.2"],
    right: "both",
    why: "N 3.2.3: the command is optional, and 5.2 has none",
  },
  {
    look: "io/zeroes-and-deallocation",
    what: "deallocation over the end",
    model: 0x080,
    qemu: 0x000,
    only: LATER,
    right: "both",
    why: "N 3.2.3: a hint; QEMU leaves out ranges that reach over the end (nvme_dsm_md)",
  },
  {
    look: "reset/forgets-queues-and-keeps-blocks",
    what: "threshold",
    model: 0x157,
    qemu: 0x150,
    right: "model",
    why: "B 5.27: what is not saved does not persist across a controller level reset",
  },
];
