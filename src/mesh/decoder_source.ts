/**
 * Generates the text of decoders: one function for each message, enum, tuple and wrapper, written
 * out field by field. Text, because a runtime compiles `m.head = r.uint32(end)` to machine code
 * for exactly that field, which a walk over schema tables never gets near.
 *
 * The same text is generated in two variants. The plain one is fast and knows that bytes are
 * wrong, not where; the traced one also keeps the path and lists unknown fields.
 *
 * Source: mesh_protobuf, encoding.rs, oneof.rs, table/decode.rs; mesh_derive, lib.rs.
 *
 * @module
 */
import { fieldsAt, variantsAt } from "../schema/history.ts";
import type { Field, Message, Oneof, Variant } from "../schema/message.ts";
import type { Type } from "../schema/type.ts";
import { type Case, CaseScribe, type Functions } from "./decoder_cases.ts";
import { REASON } from "./error.ts";
import { absentReason, expectedReason } from "./expectation.ts";
import { scalarForm, unboxed } from "./form.ts";
import type { KnownField } from "./reader.ts";
import { RELEASE_NAMES, type Release } from "./release.ts";

/** One field of a message, an element of a tuple. */
interface Entry {
  readonly number: number;
  readonly name: string;
  readonly type: Type;
  /** Where its value goes. */
  readonly slot: string;
}

const DURATION: readonly (readonly [string, Type])[] = [
  ["secs", { kind: "u64" }],
  ["nanos", { kind: "u32" }],
];

/** Collects the functions that some messages need, each once. */
export class DecoderSource implements Functions {
  readonly #release: Release;
  readonly #traced: boolean;
  readonly #names = new Map<object, string>();
  /** Apart from the others, since a map inside a sequence has both a wrapper and entries. */
  readonly #wrappers = new Map<object, string>();
  readonly #functions: string[] = [];
  readonly #scribe: CaseScribe;

  constructor(release: Release, traced: boolean) {
    this.#release = release;
    this.#traced = traced;
    this.#scribe = new CaseScribe(release, traced, this);
  }

  /** All functions asked for so far. */
  get text(): string {
    return this.#functions.join("\n");
  }

  /** The name of the function that reads `message`. */
  message(message: Message): string {
    return this.#function(message, message.name, (name) => {
      const fields = fieldsAt(message, this.#release.name, RELEASE_NAMES);
      return this.#fields(name, fields);
    });
  }

  /** The name of the function that reads `oneof`. */
  oneof(oneof: Oneof): string {
    return this.#function(oneof, oneof.name, (name) => {
      const variants = variantsAt(oneof, this.#release.name, RELEASE_NAMES);
      const cases = variants.map((variant) => this.#variant(variant)).join("\n");
      const known = variants.map(({ number, name, transparent }) => {
        const expected = transparent
          ? expectedReason(transparent, true, this.#release)
          : REASON.expectedMessage;
        return { number, name, expected };
      });
      return `
${knownFields(name, known)}
function ${name}(r, end, m) {
${this.#loop(cases, name, "m = undefined;")}
  if (m === undefined || m === null) r.missing("${REASON.missingVariant}", end, "");
  return m;
}`;
    });
  }

  #function(key: object, hint: string, write: (name: string) => string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `read_${hint.replaceAll(/\W/g, "_")}_${this.#names.size}`;
    this.#names.set(key, name);
    this.#functions.push(write(name));
    return name;
  }

  #fields(name: string, fields: readonly Pick<Field, "number" | "name" | "type">[]): string {
    const entries = fields.map((field) => ({ ...field, slot: `m[${JSON.stringify(field.name)}]` }));
    const values = entries.map(
      (entry) => `${JSON.stringify(entry.name)}: ${initial(entry.type, this.#release)}`,
    );
    return this.#body(name, entries, `{ ${values.join(", ")} }`);
  }

  /** The function that reads a tuple, or the entry of a map. */
  tuple(type: object, of: readonly Type[]): string {
    return this.#function(type, "tuple", (name) => {
      const entries = of.map((element, i) => {
        return { number: i + 1, name: `${i}`, type: element, slot: `m[${i}]` };
      });
      const values = of.map((element) => initial(element, this.#release));
      return this.#body(name, entries, `[${values.join(", ")}]`);
    });
  }

  /** The function that reads a message whose field 1 is a sequence, and returns that sequence. */
  wrapper(type: Type): string {
    const known = this.#wrappers.get(type);
    if (known !== undefined) return known;
    const name = `unwrap_${this.#wrappers.size}`;
    this.#wrappers.set(type, name);
    const entry = { number: 1, name: "", type, slot: "m" };
    this.#functions.push(this.#body(name, [entry], initial(type, this.#release)));
    return name;
  }

  duration(type: Type): string {
    return this.#function(type, "duration", (name) => {
      return this.#fields(
        name,
        DURATION.map(([name, type], i) => ({ number: i + 1, name, type })),
      );
    });
  }

  #body(name: string, entries: readonly Entry[], fresh: string): string {
    const cases = entries.map((entry) => this.#entry(entry)).join("\n");
    const known = entries.map(({ number, name, type }) => {
      return { number, name, expected: expectedReason(type, false, this.#release) };
    });
    return `
${knownFields(name, known)}
function ${name}(r, end, m) {
  if (m === undefined || m === null) m = ${fresh};
${this.#loop(cases, name, "")}
${entries.map((entry) => this.#default(entry)).join("")}  return m;
}`;
  }

  #loop(cases: string, name: string, unknown: string): string {
    const [begin, note] = this.#traced
      ? ["    r.record = r.pos;\n    const start = r.pos;\n", " r.note(tag);"]
      : ["", ""];
    return `  while (r.pos < end) {
${begin}    const tag = r.tag(end);
    switch (tag) {
${cases}
      default: r.skip(tag, end, known_${name});${note} ${unknown}
    }
  }`;
  }

  #entry({ number, name, type, slot }: Entry): string {
    return this.#labels(number, name, this.#scribe.cases(type, slot, false));
  }

  #variant(variant: Variant): string {
    const { number, name, transparent } = variant;
    const label = JSON.stringify(name);
    const isSame = `m !== undefined && m !== null && m.variant === ${label}`;
    const cases =
      transparent === undefined
        ? [this.#scribe.nested("value", this.#variantFields(variant))]
        : this.#scribe.cases(transparent, "value", true);
    const whole = cases.map(({ wireTypes, code }) => ({
      wireTypes,
      code: `let value = ${isSame} ? m.value : undefined;
        ${code} m = { variant: ${label}, value };`,
    }));
    return this.#labels(number, name, whole);
  }

  #variantFields(variant: Variant): string {
    return this.#function(variant, variant.name, (name) => {
      return this.#fields(name, fieldsAt(variant, this.#release.name, RELEASE_NAMES));
    });
  }

  #labels(number: number, name: string, cases: readonly Case[]): string {
    return cases
      .map(({ wireTypes, code }) => {
        const labels = wireTypes.map((wireType) => `case ${number * 8 + wireType}:`).join(" ");
        return `      ${labels} { ${this.#scribe.at(JSON.stringify(name), code)} break; }`;
      })
      .join("\n");
  }

  /** What happens at the end of a message to a field that was not in it. */
  #default({ name, type, slot }: Entry): string {
    if (initial(type, this.#release) !== "undefined") return "";
    return `  if (${slot} === undefined) { ${this.#absent(unboxed(type), name, slot)} }\n`;
  }

  #absent(type: Type, name: string, slot: string): string {
    const reason = absentReason(type);
    if (reason !== undefined) {
      return `r.missing("${reason}", end, ${JSON.stringify(name)});`;
    }
    const empty = (read: string) =>
      this.#scribe.at(JSON.stringify(name), `${slot} = ${read}(r, end, undefined);`);
    switch (type.kind) {
      case "message":
        return empty(this.message(type.message));
      case "tuple":
        return empty(this.tuple(type, type.of));
      case "duration":
        return empty(this.duration(type));
      case "zeroCopy":
        return `${slot} = r.zeros(${type.length});`;
      case "ipv6":
        return `${slot} = r.zeros(16);`;
      default:
        throw new TypeError(`Cannot compile ${name} as it has no default: type is ${type.kind}`);
    }
  }
}

function knownFields(name: string, known: readonly (KnownField & { number: number })[]): string {
  const fields = known.map(({ number, ...field }) => `${number}: ${JSON.stringify(field)}`);
  return `const known_${name} = { ${fields.join(", ")} };`;
}

/** The value of a field before anything was read; `undefined` when absence needs more than that. */
function initial(type: Type, release: Release): string {
  const bare = unboxed(type);
  switch (bare.kind) {
    case "bytes":
    case "rawMessage":
      return "NO_OCTETS";
    case "option":
      return "null";
    case "vec":
      return "[]";
    case "map":
      return "new Map()";
    default:
      return scalarForm(bare, release)?.zero ?? "undefined";
  }
}
