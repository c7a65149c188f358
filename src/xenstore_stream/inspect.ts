/**
 * All that can be told about octets that somebody calls a xenstore stream: which layout is
 * believed and why, what is in it, and what is wrong with it.
 *
 * @module
 */
import { detect } from "./detect.ts";
import { DUMP_IDENT, type Dump } from "./dump.ts";
import { isDump, readDump } from "./dump_reader.ts";
import { StreamError } from "./error.ts";
import { demandForced, type Forced } from "./forced.ts";
import type { Stream } from "./layout.ts";
import type { StreamRecord } from "./record.ts";
import { type JsonObject, lineJson, recordJson } from "./show.ts";
import { verifyReading } from "./verify.ts";
import { type Violation, Violations } from "./violation.ts";

/** What was found; exactly one of `stream` and `dump` is there. */
export interface Inspection {
  /** `draft`, `1`, `2`, `text`, or `ambiguous`. */
  readonly layout: string;
  readonly why: string;
  readonly header: JsonObject;
  readonly stream?: Stream;
  readonly dump?: Dump;
  readonly violations: readonly Violation[];
  readonly violationCount: number;
  readonly deviations: readonly Violation[];
}

/** Looks at `octets`; what is in no layout, or cannot be in the one that is named, is an error. */
export function inspect(octets: Uint8Array, forced: Forced = {}): Inspection {
  demandForced(octets, forced);
  if (isDump(octets)) return inspectDump(octets);
  const { layout, why, shape, reading } = detect(octets, forced);
  const [fault] = reading.faults;
  if (isForced(forced) && fault !== undefined && reading.stream.records.every(isDamaged)) {
    const reason = `is not in the layout that is named: ${fault.reason}`;
    throw new StreamError(reason, fault.offset, fault.path);
  }
  const { version, flags } = reading.stream;
  const { order, lengths } = shape;
  const header = { ident: "xenstore", version, flags, order, lengths, watch_head: shape.watchHead };
  return { layout, why, header, ...verifyReading(octets, reading) };
}

function isForced({ layout, order }: Forced): boolean {
  return layout !== undefined || order !== undefined;
}

function isDamaged({ kind }: StreamRecord): boolean {
  return kind === "DAMAGED";
}

/** The records of an inspection as JSON, one after the other. */
export function* recordsJson({ stream, dump }: Inspection): Generator<JsonObject> {
  for (const record of stream?.records ?? []) yield recordJson(record, stream as Stream);
  for (const line of dump?.lines ?? []) yield lineJson(line);
}

function inspectDump(octets: Uint8Array): Inspection {
  const dump = readDump(octets);
  const found = new Violations();
  const owners = new Set<number>();
  for (const line of dump.lines) {
    const at = line.offset ?? 0;
    if (line.kind === "dom") owners.add(line.domid);
    if (line.kind === "socket") owners.add(-line.fd);
    if (line.kind === "watch" && !owners.has(line.owner)) {
      found.add(
        "dump-watch",
        at,
        "watch",
        `its connection must come earlier: current owner is ${line.owner}`,
      );
    }
    if (line.kind === "ignored")
      found.add("dump-line", at, "lines", `oxenstored ignores it: ${line.reason}`);
  }
  if (!dump.isWhole)
    found.add("dump-whole", octets.length, "lines", "the last line must end in a line feed");
  return {
    layout: "text",
    why: `the first line is that of oxenstored, and ${dump.lines.length} lines follow`,
    header: { ident: DUMP_IDENT },
    dump,
    violations: found.sorted(),
    violationCount: found.count,
    deviations: [],
  };
}
