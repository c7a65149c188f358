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
import type { Stream } from "./layout.ts";
import { isStream } from "./reader.ts";
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

/** Looks at `octets`; what is in no layout at all is a `StreamError`. */
export function inspect(octets: Uint8Array): Inspection {
  if (isDump(octets)) return inspectDump(octets);
  if (!isStream(octets)) {
    throw new StreamError(`must begin with "xenstore" or "${DUMP_IDENT}"`, 0, "stream");
  }
  const { layout, why, shape, reading } = detect(octets);
  const { version, flags } = reading.stream;
  const { order, lengths } = shape;
  const header = { ident: "xenstore", version, flags, order, lengths, watch_head: shape.watchHead };
  return { layout, why, header, ...verifyReading(octets, reading) };
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
      found.add(at, "watch", `its connection must come earlier: current owner is ${line.owner}`);
    }
    if (line.kind === "ignored") found.add(at, "lines", `oxenstored ignores it: ${line.reason}`);
  }
  if (!dump.isWhole) found.add(octets.length, "lines", "the last line must end in a line feed");
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
