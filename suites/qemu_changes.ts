/**
 * What a machine has made of its state between a stream and the next one, without having run.
 *
 * Releases call the same octets by other names, and number the elements of a list in other ways;
 * so sections are compared by their octets, and where those differ, values in their order.
 *
 * What it does not do: compare pages of RAM, which a guest of its own looks at.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  diffStreams,
  type Leaf,
  leavesOf,
  openBlobs,
  type Section,
} from "../src/qemu_stream/mod.ts";
import { holds, type ReadStream } from "./qemu_streams.ts";

export interface Change {
  readonly section: string;
  readonly text: string;
}

/** Octets of a section before what it says of itself: its type and its id. */
const ID_LENGTH = 5;
/** Octets of the id in a footer. */
const FOOTER_ID_LENGTH = 4;

/** What the monitor says that the machine is at. */
const RUN_STATE = "globalstate";

/** Comparisons that were made; several claims are about the same one. */
const made = new WeakMap<ReadStream, readonly Change[]>();

/** Changes from `given` to `again`, in the order of sections; `again` follows one stream only. */
export function changesOf(given: ReadStream, again: ReadStream): readonly Change[] {
  let known = made.get(again);
  if (known === undefined) {
    known = [...changes(given, again)];
    made.set(again, known);
  }
  return known;
}

function* changes(given: ReadStream, again: ReadStream): Generator<Change> {
  const [was, is] = [given.stream.configuration?.machine, again.stream.configuration?.machine];
  if (was !== is) yield { section: "machine", text: `its type was ${was}, and is ${is}` };
  const others = statesOf(again);
  for (const [key, section] of statesOf(given)) {
    const other = others.get(key);
    others.delete(key);
    if (other === undefined) {
      if (holds(section)) yield { section: section.idstr, text: "it is not sent on" };
    } else if (!sameOctets(given, section, again, other)) {
      yield* changesWithin(section, other);
    }
  }
  for (const other of others.values()) {
    if (holds(other)) yield { section: other.idstr, text: "it was not there before" };
  }
  yield* changedBlocks(given, again);
}

function* changedBlocks({ stream: given }: ReadStream, { stream }: ReadStream): Generator<Change> {
  for (const { name, a = "absent", b = "absent" } of diffStreams(
    { ...given, parts: [] },
    {
      ...stream,
      parts: [],
    },
  ).blocks) {
    yield { section: name, text: `its size was ${a}, and is ${b}` };
  }
}

/** Device state by who saved it. */
function statesOf({ stream }: ReadStream): Map<string, Section> {
  const states = new Map<string, Section>();
  for (const part of stream.parts) {
    if (part.kind !== "section" || part.type !== "FULL") continue;
    states.set(`${part.instanceId} ${part.idstr}`, part);
  }
  return states;
}

function sameOctets(given: ReadStream, a: Section, again: ReadStream, b: Section): boolean {
  return Buffer.compare(bodyOf(given, a), bodyOf(again, b)) === 0;
}

/** Name, version and content of a section. */
function bodyOf(
  { octets }: ReadStream,
  { offset = 0, length = 0, hasFooter }: Section,
): Uint8Array {
  const end = offset + length - (hasFooter ? FOOTER_ID_LENGTH : 0);
  return octets.subarray(offset + ID_LENGTH, end);
}

function* changesWithin(given: Section, again: Section): Generator<Change> {
  const section = given.idstr;
  if (given.version !== again.version) {
    yield { section, text: `its version was ${given.version}, and is ${again.version}` };
  }
  const [were, are] = [valuesOf(given), valuesOf(again)];
  const gone = newIn(were, are);
  const come = newIn(are, were);
  for (const { path } of gone) yield { section, text: `${path} is not sent on` };
  for (const { path } of come) yield { section, text: `${path} was not there before` };
  yield* changedValues(section, without(were, gone), without(are, come));
}

function* changedValues(
  section: string,
  were: readonly Leaf[],
  are: readonly Leaf[],
): Generator<Change> {
  if (were.length !== are.length) {
    yield { section, text: `it had ${were.length} values, and has ${are.length}` };
    return;
  }
  for (const [at, was] of were.entries()) {
    const is = are[at] ?? was;
    if (isEqual(was.value, is.value)) continue;
    yield { section, text: `${was.path} was ${shown(was)}, and is ${shown(is)}` };
  }
}

/** The subsections that only `some` has, and not those within them. */
function newIn(some: readonly Leaf[], others: readonly Leaf[]): readonly Leaf[] {
  const names = new Set(others.filter(isSubsection).map(({ path }) => lastNameOf(path)));
  const found = some.filter((leaf) => isSubsection(leaf) && !names.has(lastNameOf(leaf.path)));
  return found.filter(({ path }) => !found.some((it) => path.startsWith(`${it.path}.`)));
}

function isSubsection({ type }: Leaf): boolean {
  return type === "version";
}

/** Where a subsection hangs is called by the names of fields, which change. */
function lastNameOf(path: string): string {
  return path.slice(path.lastIndexOf("<"));
}

function without(leaves: readonly Leaf[], subsections: readonly Leaf[]): readonly Leaf[] {
  if (subsections.length === 0) return leaves;
  return leaves.filter(
    ({ path }) => !subsections.some((it) => path === it.path || path.startsWith(`${it.path}.`)),
  );
}

function valuesOf(section: Section): readonly Leaf[] {
  const { content } = openBlobs(section);
  if (section.idstr === RUN_STATE) return [runStateOf(content)];
  if (content.kind === "octets") return [{ path: "state", value: content.octets } as Leaf];
  return content.kind === "fields" ? [...leavesOf(content)] : [];
}

/** Later releases have put flags of their own into what was padding of the name. */
function runStateOf(content: Section["content"]): Leaf {
  const leaves = content.kind === "fields" ? [...leavesOf(content)] : [];
  const name = leaves.find(({ path }) => path === "runstate")?.value;
  const octets = name instanceof Uint8Array ? name : new Uint8Array();
  const end = octets.indexOf(0);
  return {
    path: "runstate",
    type: "text",
    value: octets.subarray(0, end === -1 ? undefined : end),
  };
}

function isEqual(a: Leaf["value"], b: Leaf["value"]): boolean {
  const [one, other] = [a, b];
  if (one instanceof Uint8Array && other instanceof Uint8Array) {
    return Buffer.compare(one, other) === 0;
  }
  if (one instanceof Uint8Array || other instanceof Uint8Array) return false;
  return one === other || BigInt(one) === BigInt(other);
}

function shown({ value }: Leaf): string {
  return value instanceof Uint8Array ? `${value.length} octets` : String(value);
}
