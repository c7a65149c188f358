/**
 * A suspend image, and what a reader of it knows.
 *
 * @module
 */
import type { LibxcStream } from "./libxc_stream.ts";
import { UNIT_TYPES, type UnitName } from "./unit_table.ts";
import { RECORD_FIELDS, type XenopsRecord } from "./xenops_record.ts";

/** Both signatures have 15 octets. */
export const SIGNATURE = "XenSavedDomv2-\n";
export const LEGACY_SIGNATURE = "XenSavedDomain\n";
export const SIGNATURE_LENGTH = 15;

export interface Unit {
  readonly type: number;
  readonly name: UnitName;
  /** Of its header in the whole image; in a legacy image, of its record. */
  readonly offset: number;
  /** As its header has it; zero for streams that say themselves where they end. */
  readonly length: number;
  readonly record: Uint8Array;
  readonly libxc?: LibxcStream;
  readonly xenops?: XenopsRecord;
}

export type Layout = "v2" | "legacy";

export interface Image {
  readonly layout: Layout;
  /** The last one of layout `v2` is End_of_image. */
  readonly units: readonly Unit[];
  /** The first octet behind the image: a virtual disk is longer than what is written to it. */
  readonly end: number;
}

/** Where a stream that begins at `start` ends; it may throw a `RangeError` with a reason. */
export type EndFinder = (octets: Uint8Array, start: number) => number;

/** What one release of the reader takes. */
export interface ReaderRules {
  /** Signatures that it knows. */
  readonly layouts: readonly Layout[];
  /** Units that it knows the numbers of. */
  readonly units: readonly UnitName[];
  /** Fields that the record of xenopsd may have. */
  readonly fields: readonly string[];
  /** Ends of streams that are the matter of another program. */
  readonly ends: Readonly<Partial<Record<UnitName, EndFinder>>>;
  /** Whether an image without a stream of libxc is read to its end; nobody restores one. */
  readonly isVgpuStream: boolean;
}

/** The newest reader there is. */
export const READER: ReaderRules = {
  layouts: ["v2", "legacy"],
  units: UNIT_TYPES.map(({ name }) => name),
  fields: RECORD_FIELDS,
  ends: {},
  isVgpuStream: false,
};
