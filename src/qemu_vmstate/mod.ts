/**
 * The descriptions that QEMU's option `-dump-vmstate` writes: read, and compared.
 *
 * @module
 */
export { compareDumps } from "./compare.ts";
export type { Comparison, Difference, Kind, Opaque, Severity } from "./difference.ts";
export { comparisonLines } from "./difference_lines.ts";
export type { Body, Dump, Field, Section } from "./dump.ts";
export { readDump } from "./dump_reader.ts";
export { DumpError } from "./error.ts";
export { DEPTH_MAX, DUMP_SIZE_MAX, FIELDS_MAX, NAME_LENGTH_MAX } from "./limits.ts";
export { shown } from "./shown.ts";
