/**
 * Holds the fields of a writer against those that a reader expects: in order, as nothing on the
 * wire says which field comes. Structures are opened where that makes fields meet, since moving a
 * field into one changes nothing on the wire.
 *
 * @module
 */
import type { Body, Field } from "./dump.ts";
import { LOOKAHEAD_MAX } from "./limits.ts";
import { FIELD_RENAMES } from "./renames_table.ts";

/** A field, the structure that has it, and the names down to it. */
export interface Placed {
  readonly field: Field;
  readonly holder: string;
  readonly path: string;
}

/** Two fields that are read as one another, or a stretch where the sides differ. */
export type Meeting =
  | { readonly kind: "pair"; readonly a: Placed; readonly b: Placed; readonly source?: string }
  | { readonly kind: "gap"; readonly a: readonly Placed[]; readonly b: readonly Placed[] };

/** The fields of `body` that a state of `version` has. */
export function placedFields(body: Body, path: string, version = body.version): Placed[] {
  const fields = (body.fields ?? []).filter((field) => field.version <= version);
  return fields.map((field) => placed(field, body.name, path));
}

function placed(field: Field, holder: string, path: string): Placed {
  return { field, holder, path: path === "" ? field.name : `${path}.${field.name}` };
}

export function* meetings(a: readonly Placed[], b: readonly Placed[]): Generator<Meeting> {
  // Turned around, as structures are opened at the front.
  const left = a.toReversed();
  const right = b.toReversed();
  for (;;) {
    const first = left.at(-1);
    const other = right.at(-1);
    if (first === undefined || other === undefined) break;
    const met = meets(first, other);
    if (met !== undefined) {
      yield { kind: "pair", a: first, b: other, ...met };
      left.pop();
      right.pop();
    } else if (opensOnto(other, first)) {
      open(right);
    } else if (opensOnto(first, other)) {
      open(left);
    } else {
      yield gap(left, right);
    }
  }
  if (left.length > 0 || right.length > 0) {
    yield { kind: "gap", a: left.toReversed(), b: right.toReversed() };
  }
}

/** Whether fields are the same one; where its name changed, by which source. */
function meets(a: Placed, b: Placed): { readonly source?: string } | undefined {
  if (a.field.name === b.field.name) return {};
  return renamed(a.holder, a, b) ?? (a.holder === b.holder ? undefined : renamed(b.holder, a, b));
}

function renamed(holder: string, a: Placed, b: Placed): { readonly source: string } | undefined {
  if (!Object.hasOwn(FIELD_RENAMES, holder)) return undefined;
  return FIELD_RENAMES[holder]?.find(({ names }) => {
    return names.includes(a.field.name) && names.includes(b.field.name);
  });
}

/** Whether `outer` is one structure that begins with what `field` is. */
function opensOnto(outer: Placed, field: Placed): boolean {
  for (let inner: Placed | undefined = outer; ; ) {
    inner = inner === undefined ? undefined : firstIn(inner);
    if (inner === undefined) return false;
    if (meets(inner, field) !== undefined) return true;
  }
}

/** The first field of a structure that is always there, once, and has nothing else. */
function firstIn({ field, path }: Placed): Placed | undefined {
  const { body, isConditional, count = 1 } = field;
  if (body === undefined || isConditional || count !== 1) return undefined;
  const [first] = body.fields ?? [];
  return first === undefined || body.subsections.length > 0
    ? undefined
    : placed(first, body.name, path);
}

/** Puts the fields of the structure at the front into its place. */
function open(fields: Placed[]): void {
  const { field, path } = fields.pop() as Placed;
  for (const inner of placedFields(field.body as Body, path).reverse()) fields.push(inner);
}

/** Takes from the front what stands before the next fields that are the same. */
function gap(left: Placed[], right: Placed[]): Meeting {
  for (let sum = 1; sum <= LOOKAHEAD_MAX; sum++) {
    for (let ahead = 0; ahead <= sum; ahead++) {
      const a = left.at(-1 - ahead);
      const b = right.at(-1 - (sum - ahead));
      if (a === undefined || b === undefined || meets(a, b) === undefined) continue;
      return taken(left, ahead, right, sum - ahead);
    }
  }
  // They do not meet again soon: what was looked through is a stretch of its own.
  return taken(left, LOOKAHEAD_MAX, right, LOOKAHEAD_MAX);
}

function taken(left: Placed[], count: number, right: Placed[], otherCount: number): Meeting {
  return { kind: "gap", a: popped(left, count), b: popped(right, otherCount) };
}

function popped(fields: Placed[], count: number): Placed[] {
  return count === 0 ? [] : fields.splice(-count).reverse();
}
