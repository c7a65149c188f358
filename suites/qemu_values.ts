/**
 * What a device has saved, as values that can be compared: in their order, without the names that
 * releases give them, and with them where something is to be told.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  type Body,
  type Field,
  type Leaf,
  leavesOf,
  openBlobs,
  type PlacedSubsection,
  type Section,
  type Subsection,
  subsectionsOf,
} from "../src/qemu_stream/mod.ts";

/** What the monitor says that the machine is at. */
const RUN_STATE = "globalstate";

export interface Values {
  readonly subsections: readonly PlacedSubsection[];
  /** Absent where there is no more to it than the leaves. */
  readonly body?: Body;
  leaves(): readonly Leaf[];
}

export function valuesOf(section: Section): Values {
  const { content } = openBlobs(section);
  if (section.idstr === RUN_STATE) return bare([runStateOf(content)]);
  if (content.kind === "octets") return bare([{ path: "state", value: content.octets } as Leaf]);
  if (content.kind !== "fields") return bare([]);
  const leaves = () => leavesOf(content);
  return { subsections: subsectionsOf(content), body: content, leaves };
}

function bare(leaves: readonly Leaf[]): Values {
  return { subsections: [], leaves: () => leaves };
}

/** Later releases have put flags of their own into what was padding of the name. */
function runStateOf(content: Section["content"]): Leaf {
  const leaves = content.kind === "fields" ? leavesOf(content) : [];
  const name = leaves.find(({ path }) => path === "runstate")?.value;
  const octets = name instanceof Uint8Array ? name : new Uint8Array();
  const end = octets.indexOf(0);
  const value = octets.subarray(0, end === -1 ? undefined : end);
  return { path: "runstate", type: "text", value };
}

/**
 * Whether all values are the same, those of subsections at the paths `gone` and `come` aside.
 * False also where structures are other ones, though all values may be the same.
 */
export function isAlike(
  a: Values,
  gone: ReadonlySet<string>,
  b: Values,
  come: ReadonlySet<string>,
): boolean {
  if (a.body === undefined || b.body === undefined) return false;
  const [these, those] = [runsOf(a, gone), runsOf(b, come)];
  return these.length === those.length && these.every((run, at) => isSameRun(run, those[at]));
}

/** Values of one kind, one behind the other; of a subsection its version. */
type Run = Field | Subsection;

function runsOf({ body, subsections }: Values, aside: ReadonlySet<string>): readonly Run[] {
  const runs: Run[] = [];
  const left = subsections.filter(({ path }) => aside.has(path));
  if (body !== undefined) addRuns(runs, body, new Set(left.map(({ subsection }) => subsection)));
  return runs;
}

function addRuns(runs: Run[], body: Body, aside: ReadonlySet<Subsection>): void {
  for (const field of body.fields) addField(runs, field, aside);
  for (const subsection of body.subsections) {
    if (aside.has(subsection)) continue;
    runs.push(subsection);
    addRuns(runs, subsection, aside);
  }
}

function addField(runs: Run[], field: Field, aside: ReadonlySet<Subsection>): void {
  if (field.kind === "struct") addRuns(runs, field, aside);
  else if (field.kind !== "list") runs.push(field);
  else for (const element of field.elements) addField(runs, element, aside);
}

function isSameRun(a: Run, b: Run | undefined): boolean {
  if (b === undefined) return false;
  if (!("kind" in a)) return !("kind" in b) && a.version === b.version;
  if (!("kind" in b)) return false;
  if (a.kind === "scalar" && b.kind === "scalar") return isEqual(a.value, b.value);
  if (a.kind === "octets" && b.kind === "octets") return isEqual(a.octets, b.octets);
  if (a.kind !== "scalars" || b.kind !== "scalars") return false;
  const { values } = b;
  return (
    a.values.length === values.length &&
    a.values.every((value, at) => isEqual(value, values[at] ?? 0))
  );
}

/** The same number may be wider on one side. */
export function isEqual(a: Leaf["value"], b: Leaf["value"]): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  if (a instanceof Uint8Array || b instanceof Uint8Array) return false;
  return a === b || BigInt(a) === BigInt(b);
}
