/**
 * The verifier: every violation of the specification, each with its section. It goes on behind
 * the first one as far as there are records.
 *
 * C xenstored counts padding in `len`, in every stream it writes. That is no violation here but a
 * deviation, so that what is particular to a stream can be seen.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; for paths docs/misc/xenstore.txt.
 *
 * @module
 */
import type { Shape, Stream } from "./layout.ts";
import { type Reading, readThrough } from "./reading.ts";
import { RECORD_TYPES } from "./record.ts";
import { bodySize } from "./record_writer.ts";
import type { RuleCode } from "./rules.ts";
import { Verifier } from "./verify_records.ts";
import { type Violation, Violations } from "./violation.ts";

export interface Verdict {
  readonly stream: Stream;
  readonly violations: readonly Violation[];
  /** How many there are; more than are listed, perhaps. */
  readonly violationCount: number;
  readonly deviations: readonly Violation[];
}

/** Reads `octets` in a layout and lists what is wrong. */
export function verify(octets: Uint8Array, shape: Shape): Verdict {
  return verifyReading(octets, readThrough(octets, shape));
}

/** Lists what is wrong in `octets`, which have been read. */
export function verifyReading(octets: Uint8Array, reading: Reading): Verdict {
  const { stream } = reading;
  const found = new Violations();
  for (const { offset, path, reason } of reading.faults) {
    const [record = ""] = path.split(".");
    found.add(codeOf(path), offset, sectionOf(record), `${path} ${reason}`);
  }
  new Verifier(octets, reading, found).run();
  const deviations = paddingCounted(stream);
  return { stream, violations: found.sorted(), violationCount: found.count, deviations };
}

/** The rule that a fault of the reader breaks. */
function codeOf(path: string): RuleCode {
  const [record = "", field = ""] = path.split(".");
  if (record === "header") return "header-version";
  if (record === "END") return "end-there";
  if (path === "number of records") return "records-max";
  if (field === "len" || path === "record header") return "record-whole";
  if (field === "path") return "node-path";
  if (field === "wpath") return "watch-path";
  if (field === "token") return "watch-token";
  return field === "name" ? "quota-name" : "record-length";
}

function sectionOf(record: string): string {
  if (record === "header") return "Header";
  return record in RECORD_TYPES ? record : "Records";
}

/** Where C's `len` first shows. */
function paddingCounted(stream: Stream): Violation[] {
  if (stream.lengths !== "padded") return [];
  let first: number | undefined;
  let count = 0;
  for (const record of stream.records) {
    if (record.kind === "UNKNOWN" || record.kind === "DAMAGED") continue;
    const size = bodySize(record, stream);
    if (size % 8 === 0) continue;
    first ??= record.offset;
    count++;
  }
  if (first === undefined) return [];
  const text = `len counts the padding, as C xenstored writes it, in ${count} records`;
  return [{ code: "record-length", offset: first + 4, section: "Records", text }];
}
