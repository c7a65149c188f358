/**
 * Descriptions of QEMU's devices, as the command line asks for them; those of a release are taken
 * from the program itself.
 *
 * @module
 */

import {
  type Comparison,
  compareDumps,
  comparisonLines,
  DUMP_SIZE_MAX,
  type Dump,
  DumpError,
  readDump,
} from "../src/qemu_vmstate/mod.ts";
import { RELEASES } from "./adapters/qemu/releases.ts";
import { type DescriptionFormat, FormatError } from "./cli/product.ts";

export const qemuVmstate: DescriptionFormat<Dump> = {
  releases: RELEASES.map(({ name }) => name),
  machine: "none",
  sizeMax: DUMP_SIZE_MAX,
  async describe(name, machine) {
    // Whoever compares files needs nothing that starts programs.
    const { describe, DescribeError } = await import("./adapters/qemu/describe.ts");
    try {
      return await describe(name, machine);
    } catch (error) {
      if (!(error instanceof DescribeError)) throw error;
      throw new FormatError(error.message);
    }
  },
  read(text) {
    try {
      return readDump(text);
    } catch (error) {
      if (!(error instanceof DumpError)) throw error;
      const { message, reason, offset, path } = error;
      throw offset === undefined
        ? new FormatError(message, undefined, path)
        : new FormatError(reason, offset);
    }
  },
  compare(writer, reader) {
    const comparison = compareDumps(writer, reader);
    const { differences } = comparison;
    return {
      isHarmless: differences.every(({ severity }) => severity === "harmless"),
      json: jsonOf(comparison),
      lines: (title, showsHarmless) => comparisonLines(title, comparison, showsHarmless),
    };
  },
  async *beside(rows, names, dumps) {
    const { BesideError, besideLines } = await import("./adapters/qemu/beside.ts");
    try {
      yield* besideLines(rows, names, dumps);
    } catch (error) {
      if (!(error instanceof BesideError)) throw error;
      throw new FormatError(error.message);
    }
  },
};

function jsonOf({ differences, opaque, sectionCount }: Comparison) {
  return {
    compared: sectionCount,
    differences: differences.map((difference) => ({ ...difference })),
    opaque: opaque.map((one) => ({ ...one })),
  };
}
