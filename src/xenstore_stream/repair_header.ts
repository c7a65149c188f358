/**
 * The header of a stream that is repaired: its version, its flags, and its byte order, which is
 * little-endian on every host that runs these daemons.
 *
 * Source: Xen, docs/designs/xenstore-migration.md, Header.
 *
 * @module
 */
import type { Stream } from "./layout.ts";
import type { Ledger } from "./ledger.ts";
import type { StreamRecord } from "./record.ts";
import type { Target } from "./target.ts";

/** The version to write; what changes in the header is noted. */
export function versionFor(
  stream: Stream,
  records: readonly StreamRecord[],
  target: Target,
  ledger: Ledger,
): number {
  const note = (offset: number, text: string, lost?: string) => {
    const costs = lost === undefined ? {} : { lost };
    ledger.add({ offset, section: "Header", action: "changed", text, ...costs });
  };
  const [first = 1] = target.versions;
  if (target.layout === "text") {
    note(0, "it is a text dump of oxenstored, which reads nothing else");
    return first;
  }
  if (stream.order === "big") {
    const pending = pendingSize(records);
    const lost = `the headers of the messages in ${pending} octets that wait: they stay big-endian`;
    note(12, "records are little-endian: they were big-endian", pending > 0 ? lost : undefined);
  } else if (stream.flags !== 0) {
    const value = `0x${stream.flags.toString(16)}`;
    note(12, `flags are 0, as the records are little-endian: they were ${value}`);
  }
  if (stream.order === "big" && stream.flags >>> 1 !== 0) {
    note(12, `flags 1 to 31 are zero: they were 0x${stream.flags.toString(16)}`);
  }
  const version = chosen(stream.version, records, target);
  const crosses = (stream.layout === "draft") !== (target.layout === "draft");
  if (version !== stream.version) {
    note(8, `version is ${version}: it was ${stream.version}`);
  } else if (crosses) {
    note(8, `records are those of ${crossing(target)}: both call themselves version ${version}`);
  }
  return version;
}

/** That of the stream, when the reader takes it and it has what is in the records. */
function chosen(version: number, records: readonly StreamRecord[], target: Target): number {
  const { versions, kinds } = target;
  const [first = 1] = versions;
  if (!versions.includes(version)) return first;
  const needsSecond = records.some(
    (record) =>
      (record.kind === "WATCH_DATA_EXTENDED" && record.depth !== undefined) ||
      (record.kind === "DOMAIN_DATA" && record.features !== 0),
  );
  return needsSecond && kinds.has("DOMAIN_DATA") ? first : version;
}

function crossing({ layout }: Target): string {
  return layout === "draft" ? "the draft" : `version ${layout} as it was implemented`;
}

function pendingSize(records: readonly StreamRecord[]): number {
  return records.reduce((size, record) => {
    return record.kind === "CONNECTION_DATA"
      ? size + record.inData.length + record.outData.length
      : size;
  }, 0);
}
