/**
 * One field as its writer and its reader declare it, under the same number: whether the reader
 * sees what the writer meant.
 *
 * @module
 */
import { absenceOf, mayBeOmitted } from "./absence.ts";
import type { Era } from "./history.ts";
import type { Field } from "./message.ts";
import type { Type } from "./type.ts";
import { defaultText, isPacked, typeText } from "./type_text.ts";

/** How the reader's view differs. */
export interface Difference {
  readonly kind: "may-be-none" | "type-changed" | "meaning-changed" | "renamed";
  readonly severity: "breaks" | "reinterprets" | "defaults" | "harmless";
  readonly text: string;
  /** mesh's own words, when the reader refuses. */
  readonly reason?: string;
  /** Whether it takes a value other than the default to see it. */
  readonly distinctly: boolean;
}

/** How `reader` sees what `writer` wrote; `undefined` when both mean the same. */
export function differenceOf(
  written: Field,
  read: Field,
  writer: Era,
  reader: Era,
): Difference | undefined {
  const change = changeOf(unboxed(written.type), unboxed(read.type), written, writer, reader);
  if (change !== undefined || written.name === read.name) return change;
  const sameThing = read.formerly === written.name || written.formerly === read.name;
  return {
    kind: sameThing ? "renamed" : "meaning-changed",
    severity: sameThing ? "harmless" : "reinterprets",
    text: sameThing
      ? `is called ${read.name} by the reader, and means the same`
      : `is read as ${read.name}`,
    distinctly: true,
  };
}

function changeOf(
  written: Type,
  read: Type,
  { name }: Field,
  writer: Era,
  reader: Era,
): Difference | undefined {
  if (same(written, read)) return undefined;
  if (written.kind === "option" && same(written.of, read)) return maybeNone(name, read, reader);
  if (read.kind === "option" && same(written, read.of)) {
    if (!mayBeOmitted(written, writer)) return undefined;
    const text = "reads None where the writer leaves out its default";
    return { kind: "may-be-none", severity: "defaults", text, distinctly: false };
  }
  const reason = refusal(written, read);
  const as = `${typeText(written)} is read as ${typeText(read)}`;
  return reason === undefined
    ? { kind: "type-changed", severity: "reinterprets", text: as, distinctly: true }
    : {
        kind: "type-changed",
        severity: "breaks",
        text: `${as}: ${reason}`,
        reason,
        distinctly: true,
      };
}

function maybeNone(name: string, read: Type, reader: Era): Difference {
  const absence = absenceOf(read, reader);
  if (absence === undefined) {
    const text = `reads ${defaultText(read)} where the writer has None`;
    return { kind: "may-be-none", severity: "defaults", text, distinctly: false };
  }
  const { reason } = absence;
  const where = [name, ...absence.path].join(".");
  const text = `is refused when None: ${reason} (${where})`;
  return { kind: "may-be-none", severity: "breaks", text, reason, distinctly: false };
}

function unboxed(type: Type): Type {
  return type.kind === "boxed" ? unboxed(type.of) : type;
}

/** Whether two types mean the same on the wire. */
function same(a: Type, b: Type): boolean {
  if (a.kind === "boxed" || b.kind === "boxed") return same(unboxed(a), unboxed(b));
  if (a.kind === "message" && b.kind === "message") return sameDeclaration(a.message, b.message);
  if (a.kind === "oneof" && b.kind === "oneof") return sameDeclaration(a.oneof, b.oneof);
  if (a.kind === "tuple" && b.kind === "tuple") {
    return a.of.length === b.of.length && a.of.every((of, i) => same(of, b.of[i] ?? of));
  }
  if (a.kind === "map" && b.kind === "map") return same(a.key, b.key) && same(a.value, b.value);
  if ((a.kind === "option" || a.kind === "vec") && a.kind === b.kind) return same(a.of, b.of);
  if (a.kind === "array" && b.kind === "array") return a.length === b.length && same(a.of, b.of);
  return a.kind === b.kind && lengthOf(a) === lengthOf(b);
}

interface Declared {
  readonly name: string;
  readonly formerly?: string;
}

function sameDeclaration(a: Declared, b: Declared): boolean {
  return a.name === b.name || a.formerly === b.name || b.formerly === a.name;
}

function lengthOf(type: Type): number | undefined {
  return "length" in type ? type.length : undefined;
}

/** Why a reader of one type refuses every record of another, as far as the types alone tell. */
function refusal(written: Type, read: Type): string | undefined {
  const [from, to] = [recordOf(written), recordOf(read)];
  if (from !== to) {
    // A sequence of numbers takes single ones too.
    const numbers = (read.kind === "vec" || read.kind === "option") && isPacked(read.of);
    return numbers && from === recordOf(read.of) ? undefined : `expected a ${to}`;
  }
  const [long, wide] = [lengthOf(written), lengthOf(read)];
  if (read.kind === "zeroCopy" && long !== undefined && long !== wide) {
    return "invalid byte size for type";
  }
  if (read.kind === "octets" && long !== wide) return "wrong packed array length";
  if (read.kind === "array" && long !== undefined && long !== wide) {
    return isPacked(read.of) ? "wrong packed array length" : "wrong array length";
  }
  return undefined;
}

/** What mesh calls the record of a type. */
function recordOf(type: Type): string {
  switch (type.kind) {
    case "boxed":
    case "option":
      return recordOf(type.of);
    case "vec":
      return isPacked(type.of) ? "byte array" : recordOf(type.of);
    case "array":
      return isPacked(type.of) ? "byte array" : "message";
    case "map":
    case "tuple":
    case "message":
    case "oneof":
    case "duration":
      return "message";
    case "f64":
      return "fixed64";
    case "f32":
    case "ipv4":
      return "fixed32";
    case "octets":
    case "zeroCopy":
    case "string":
    case "bytes":
    case "rawMessage":
    case "u128":
    case "ipv6":
      return "byte array";
    default:
      return "varint";
  }
}
