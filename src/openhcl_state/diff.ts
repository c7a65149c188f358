/**
 * What breaks between two releases by schema alone, with bytes that prove it, and the same in
 * words for the command `diff`.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import { codecFor, RELEASE_NAMES } from "../mesh/mod.ts";
import { compareReleases } from "../schema/compare.ts";
import type { Finding, Severity } from "../schema/finding.ts";
import { isOneof, MESSAGES, messageNamed } from "./catalogue.ts";

/** A finding, and bytes of the writer that show it; absent where no single message can. */
export interface ProvenFinding extends Omit<Finding, "example"> {
  readonly witness?: Uint8Array;
  /** What the schemas do not say. */
  readonly note?: string;
}

/** Both directions between two releases. */
export interface ReleaseDiff {
  readonly from: string;
  readonly to: string;
  /** What a reader `to` makes of bytes of a writer `from`. */
  readonly forward: readonly ProvenFinding[];
  /** The other way round. */
  readonly back: readonly ProvenFinding[];
}

/** Compares the schemas of two releases in both directions. */
export function diffReleases(from: string, to: string): ReleaseDiff {
  return { from, to, forward: findingsOf(from, to), back: findingsOf(to, from) };
}

/** What a reader `to` makes of bytes of a writer `from`, by name and number. */
export function findingsOf(from: string, to: string): ProvenFinding[] {
  return compareReleases(SAVED, from, to, RELEASE_NAMES).map(({ example, ...finding }) => {
    const note = NOTES.get(finding.message);
    return {
      ...finding,
      ...(example !== undefined && { witness: encoded(finding.message, from, example) }),
      ...(note !== undefined && { note }),
    };
  });
}

const NOTES: ReadonlyMap<string, string> = new Map([
  [
    "vmbus.relay.SavedState",
    "from 2505 on a save converts it to the layout of 2411, and a restore converts it back",
  ],
  ["vmbus.relay.Channel", "lost in the layout of 2411, and found again in the client's channels"],
]);

/** The golden rows' own messages are no saved state. */
const SAVED = new Map([...MESSAGES].filter(([name]) => !name.startsWith("t.")));

/** A variant's finding is shown by a value of its enum. */
function encoded(name: string, release: string, example: unknown): Uint8Array {
  const declaration = messageNamed(name) ?? messageNamed(name.slice(0, name.lastIndexOf(".")));
  if (declaration === undefined) {
    throw new TypeError(`Cannot encode a witness as ${name} is declared: current value is nothing`);
  }
  const codec = isOneof(declaration)
    ? codecFor(declaration, release)
    : codecFor(declaration, release);
  return codec.encode(example as never);
}

/** The diff for JSON: witnesses are hexadecimal text. */
export function diffJson({ from, to, forward, back }: ReleaseDiff): object {
  return { from, to, forward: forward.map(findingJson), back: back.map(findingJson) };
}

function findingJson({ witness, ...finding }: ProvenFinding): object {
  return witness === undefined ? finding : { ...finding, witness: toHex(witness) };
}

/** Kinds of findings, the worst first, and what each means. */
const SEVERITIES: readonly (readonly [Severity, string])[] = [
  ["breaks", "the reader refuses the state"],
  ["loses", "the reader drops what was written"],
  ["reinterprets", "the reader takes it for something else"],
  ["defaults", "the reader fills in what was not written"],
  ["harmless", "the reader sees what the writer meant"],
];

/** The diff in words, worst first, the fields of a message together. */
export function diffLines({ from, to, forward, back }: ReleaseDiff): string[] {
  const there = directionLines(from, to, forward);
  const all = from === to ? there : [...there, "", ...directionLines(to, from, back)];
  return all.flatMap(folded);
}

/** Width that is readable everywhere. */
const WIDTH_MAX = 100;

/** A line, gone on below, further in, where it is too long. */
function folded(line: string): string[] {
  const end = line.length <= WIDTH_MAX ? -1 : line.lastIndexOf(" ", WIDTH_MAX);
  const margin = line.search(/\S/);
  if (end <= margin) return [line];
  const rest = " ".repeat(Math.min(margin + 2, 8)) + line.slice(end + 1);
  return [line.slice(0, end), ...folded(rest)];
}

function directionLines(from: string, to: string, findings: readonly ProvenFinding[]): string[] {
  const lines = [`${to} reads what ${from} has written`];
  for (const [severity, meaning] of SEVERITIES) {
    const some = findings.filter((finding) => finding.severity === severity);
    if (some.length === 0) continue;
    lines.push(`  ${severity} (${some.length}): ${meaning}`);
    const messages = Map.groupBy(some, ({ message }) => message);
    for (const [message, own] of messages) lines.push(`    ${message}`, ...messageLines(own));
  }
  if (findings.length === 0) lines.push("  no difference");
  return lines;
}

/** What is found about one message, and what the schemas do not say of it. */
function messageLines(findings: readonly ProvenFinding[]): string[] {
  const notes = new Set(findings.flatMap(({ note }) => note ?? []));
  return [...findings.flatMap(findingLines), ...[...notes].map((note) => `      (${note})`)];
}

function findingLines({ number, field, text, witness, severity }: ProvenFinding): string[] {
  const line = `      ${field === "" ? "" : `#${number} ${field}: `}${text}`;
  const shown = severity === "breaks" && witness !== undefined && witness.length <= SHOWN_MAX;
  return shown ? [line, `        shown by the bytes ${hexText(witness)}`] : [line];
}

/** Longer witnesses do not fit a line; the data has them. */
const SHOWN_MAX = 24;

function hexText(bytes: Uint8Array): string {
  return bytes.length === 0 ? "of an empty message" : toHex(bytes);
}
