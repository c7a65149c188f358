/**
 * Capabilities that not all releases of QEMU have: whoever lacks one refuses it.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

const LINK = "https://gitlab.com/qemu-project/qemu/-/blob/v10.0.0/qapi/migration.json";
const BEFORE_MAPPED_RAM = ["5.2", "7.2"];
const ZERO_BLOCKS = ["5.2", "7.2", "10.0.2", "10.0.13"];

const mappedRam = {
  scenarios: ["qemu-capabilities/mapped-ram/carries"],
  verdict: "refused",
  reason: "absent of mapped-ram: ",
  link: LINK,
  note: "mapped-ram, pages of memory at fixed places of a file, came with 9.0",
} as const;

const zeroBlocks = {
  scenarios: ["qemu-capabilities/zero-blocks/carries"],
  verdict: "refused",
  reason: "absent of zero-blocks: Parameter 'capability' does not accept value 'zero-blocks'",
  link: LINK,
  note: "zero-blocks was for disks that are sent along, and is gone in 11.1",
} as const;

export const KNOWN_CAPABILITIES: readonly Expectation[] = [
  {
    ...mappedRam,
    name: "mapped-ram-of-an-old-writer",
    factors: { mode: "mapped-ram", writer: BEFORE_MAPPED_RAM },
  },
  {
    ...mappedRam,
    name: "mapped-ram-of-an-old-reader",
    factors: {
      mode: "mapped-ram",
      writer: ["10.0.2", "10.0.13", "11.1"],
      reader: BEFORE_MAPPED_RAM,
    },
  },
  {
    ...zeroBlocks,
    name: "zero-blocks-of-a-new-writer",
    factors: { mode: "zero-blocks", writer: "11.1" },
  },
  {
    ...zeroBlocks,
    name: "zero-blocks-of-a-new-reader",
    factors: { mode: "zero-blocks", writer: ZERO_BLOCKS, reader: "11.1" },
  },
];
