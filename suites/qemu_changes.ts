/**
 * What a machine has made of its state between a stream and the next one, without having run.
 *
 * Releases call the same octets by other names, and number the elements of a list in other ways;
 * so sections are compared by their octets, and where those differ, values in their order.
 *
 * What it does not do: compare pages of RAM, as `qemu_memory.ts` does.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { diffStreams, type Leaf, type Section } from "../src/qemu_stream/mod.ts";
import { bodyOf, holds, type ReadStream } from "./qemu_streams.ts";
import { isAlike, isEqual, type Values, valuesOf } from "./qemu_values.ts";

export interface Change {
  readonly section: string;
  readonly text: string;
}

type Comparisons = WeakMap<ReadStream, readonly Change[]>;

/** Comparisons that were made, by both streams; several claims are about the same one. */
const made = new WeakMap<ReadStream, Comparisons>();

/** Changes from `given` to `again`, in the order of sections. */
export function changesOf(given: ReadStream, again: ReadStream): readonly Change[] {
  if (given === again) return [];
  const others: Comparisons = made.get(given) ?? new WeakMap();
  const known = others.get(again) ?? [...changes(given, again)];
  others.set(again, known);
  made.set(given, others);
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

function* changesWithin(given: Section, again: Section): Generator<Change> {
  const section = given.idstr;
  if (given.version !== again.version) {
    yield { section, text: `its version was ${given.version}, and is ${again.version}` };
  }
  const [were, are] = [valuesOf(given), valuesOf(again)];
  const gone = newIn(were, are);
  const come = newIn(are, were);
  for (const path of gone) yield { section, text: `${path} is not sent on` };
  for (const path of come) yield { section, text: `${path} was not there before` };
  // Values are many, and mostly the same: they are given names only where they are not.
  if (isAlike(were, gone, are, come)) return;
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

/** Paths of the subsections that only `some` has, and not of those within them. */
function newIn(some: Values, others: Values): ReadonlySet<string> {
  // Where a subsection hangs is called by the names of fields, which change.
  const names = new Set(others.subsections.map(({ name }) => name));
  const found = some.subsections.filter(({ name }) => !names.has(name));
  const paths = found.map(({ path }) => path);
  return new Set(paths.filter((path) => !paths.some((it) => path.startsWith(`${it}.`))));
}

function without(values: Values, subsections: ReadonlySet<string>): readonly Leaf[] {
  const leaves = values.leaves();
  if (subsections.size === 0) return leaves;
  const prefixes = [...subsections].map((path) => `${path}.`);
  return leaves.filter(
    ({ path }) => !subsections.has(path) && !prefixes.some((prefix) => path.startsWith(prefix)),
  );
}

function shown({ value }: Leaf): string {
  return value instanceof Uint8Array ? `${value.length} octets` : String(value);
}
