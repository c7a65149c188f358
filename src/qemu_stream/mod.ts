/**
 * The migration stream of QEMU: read to the last octet, and written again.
 *
 * @module
 */
export type {
  BodyDescription,
  Description,
  DeviceDescription,
  FieldDescription,
} from "./description.ts";
export {
  diffStreams,
  type FieldDifference,
  isSame,
  type SectionDifference,
  type Side,
  type StreamDifference,
} from "./diff.ts";
export { differenceJson, differenceLines } from "./diff_text.ts";
export { CutError, StreamError, WriteError } from "./error.ts";
export type {
  Body,
  Field,
  ListField,
  OctetsField,
  ScalarField,
  ScalarsField,
  StructField,
  Subsection,
} from "./field.ts";
export { KnownDescriptions } from "./known_descriptions.ts";
export { type Leaf, leavesOf } from "./leaf.ts";
export {
  BLOCKS_MAX,
  DEPTH_MAX,
  DESCRIPTION_SIZE_MAX,
  FIELDS_MAX,
  HELD_SIZE_MAX,
  JSON_DEPTH_MAX,
  PARTS_MAX,
  VALUES_OF_FIELD,
} from "./limits.ts";
export { type Closed, type Opened, openBlobs } from "./open.ts";
export type {
  BlockTally,
  FilledPage,
  Page,
  RamBlock,
  RamBlocks,
  RamItem,
  RamMark,
} from "./ram.ts";
export { diffRam, type RamDifference, type RamRange } from "./ram_diff.ts";
export { type ReadOptions, readStream, StreamReader } from "./reader.ts";
export { headJson, type Json, partJson } from "./show.ts";
export {
  type Command,
  type Configuration,
  type Described,
  type FieldsContent,
  MAGIC,
  type OctetsContent,
  type RamContent,
  type Section,
  type SectionType,
  type Stream,
} from "./stream.ts";
export { type PlacedSubsection, subsectionsOf } from "./subsections.ts";
export { summaryLines, treeLines } from "./table.ts";
export type { Scalar } from "./value.ts";
export { isVirtio, openVirtio } from "./virtio.ts";
export { type StreamToWrite, writeStream } from "./writer.ts";
