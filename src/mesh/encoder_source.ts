/**
 * Generates the text of encoders, one function for each message, enum and tuple; see
 * `decoder_source.ts` for why text and why two variants. The writer fills its buffer from the end,
 * so fields and elements are visited last first, and a record is written as content, length, tag.
 *
 * A zero or empty value is left out, except inside a sequence: an element of a list, the value of
 * an option, the payload of a variant.
 *
 * Source: mesh_protobuf, protobuf.rs (`FieldWriter`), encoding.rs; mesh_derive, lib.rs.
 *
 * @module
 */
import { fieldsAt, variantsAt } from "../schema/history.ts";
import type { Field, Message, Oneof, Variant } from "../schema/message.ts";
import type { Type } from "../schema/type.ts";
import { isRequired } from "./expectation.ts";
import { isSequence, packedForm, type ScalarForm, scalarForm, unboxed } from "./form.ts";
import { RELEASE_NAMES, type Release } from "./release.ts";

type FieldLike = Pick<Field, "number" | "name" | "type">;

/** Collects the functions that some messages need, each once. */
export class EncoderSource {
  readonly #release: Release;
  readonly #traced: boolean;
  readonly #names = new Map<object, string>();
  readonly #functions: string[] = [];
  #variables = 0;

  constructor(release: Release, traced: boolean) {
    this.#release = release;
    this.#traced = traced;
  }

  /** All functions asked for so far. */
  get text(): string {
    return this.#functions.join("\n");
  }

  /** The name of the function that writes `message`. */
  message(message: Message): string {
    return this.#function(message, message.name, () => {
      return this.#body(fieldsAt(message, this.#release.name, RELEASE_NAMES), "object");
    });
  }

  /** The name of the function that writes `oneof`. */
  oneof(oneof: Oneof): string {
    return this.#function(oneof, oneof.name, () => {
      const variants = variantsAt(oneof, this.#release.name, RELEASE_NAMES);
      const names = variants.map((variant) => variant.name).join(", ");
      return `  w.object(m);
  switch (m.variant) {
${variants.map((variant) => this.#variant(variant)).join("\n")}
    default: w.refuse(${JSON.stringify(`a variant of ${names}`)}, m.variant);
  }`;
    });
  }

  #function(key: object, hint: string, write: () => string): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `write_${this.#names.size}_${hint.replaceAll(/\W/g, "_")}`;
    this.#names.set(key, name);
    this.#functions.push(`function ${name}(w, m) {\n${write()}\n}`);
    return name;
  }

  #body(fields: readonly FieldLike[], check: "object" | "list"): string {
    const writes = fields.toReversed().map((field) => this.#field(field));
    return [`  w.${check}(m);`, ...writes].join("\n");
  }

  #tuple(type: object, of: readonly Type[]): string {
    return this.#function(type, "tuple", () => {
      const fields = of.map((element, i) => ({ number: i + 1, name: `${i}`, type: element }));
      return this.#body(fields, "list");
    });
  }

  #field({ number, name, type }: FieldLike): string {
    const value = this.#variable();
    const write = this.#at(JSON.stringify(name), this.#write(number, type, value, false));
    const otherwise = isRequired(type, this.#release)
      ? ` else { ${this.#at(JSON.stringify(name), 'w.refuse("present", undefined);')} }`
      : "";
    return `  const ${value} = m[${JSON.stringify(name)}];
  if (${value} !== undefined) { ${write} }${otherwise}`;
  }

  #variant(variant: Variant): string {
    const { number, name, transparent, fields } = variant;
    let write: string;
    if (transparent !== undefined) {
      write = `const payload = m.value; ${this.#write(number, transparent, "payload", true)}`;
    } else if (fields === undefined || fields.length === 0) {
      write = `w.octet(0); ${tag(number, 2)}`;
    } else {
      const body = this.#function(variant, name, () => {
        return this.#body(fieldsAt(variant, this.#release.name, RELEASE_NAMES), "object");
      });
      write = this.#delimited(number, `${body}(w, m.value);`, true);
    }
    const label = JSON.stringify(name);
    return `    case ${label}: { ${this.#at(label, write)} break; }`;
  }

  /** `code`, in the traced variant with `name`, an expression, on the path. */
  #at(name: string, code: string): string {
    return this.#traced ? `w.enter(${name}); ${code} w.leave();` : code;
  }

  #variable(): string {
    return `v${this.#variables++}`;
  }

  /** A record whose content is what `write` writes. */
  #delimited(number: number, write: string, inSequence: boolean): string {
    const before = this.#variable();
    const head = `w.varint32(w.length - ${before}); ${tag(number, 2)}`;
    const guarded = inSequence ? head : `if (w.length !== ${before}) { ${head} }`;
    return `const ${before} = w.length; ${write} ${guarded}`;
  }

  /** Code that writes the expression `value` as field `number`. */
  #write(number: number, type: Type, value: string, inSequence: boolean): string {
    const bare = unboxed(type);
    if (inSequence && isSequence(bare)) {
      return this.#delimited(number, this.#write(1, bare, value, false), true);
    }
    const form = scalarForm(bare, this.#release);
    if (form !== undefined) return scalar(number, form, value, inSequence);
    switch (bare.kind) {
      case "bytes":
      case "rawMessage":
        return unless(inSequence, `${value}.length === 0`, `w.bytes(${value}); ${tag(number, 2)}`);
      case "octets":
      case "zeroCopy":
        return `w.exactly(${value}, ${bare.length}); ${tag(number, 2)}`;
      case "ipv6":
        return unless(
          inSequence,
          `w.isZero(${value})`,
          `w.exactly(${value}, 16); ${tag(number, 2)}`,
        );
      case "message":
        return this.#delimited(number, `${this.message(bare.message)}(w, ${value});`, inSequence);
      case "oneof":
        return this.#delimited(number, `${this.oneof(bare.oneof)}(w, ${value});`, inSequence);
      case "tuple":
        return this.#delimited(number, `${this.#tuple(bare, bare.of)}(w, ${value});`, inSequence);
      case "duration":
        return this.#delimited(number, `w.duration(${value});`, inSequence);
      case "option":
        return this.#option(number, bare.of, value);
      case "vec":
        return this.#vec(number, bare.of, value);
      case "array":
        return this.#array(number, bare, value, inSequence);
      case "map":
        return this.#map(number, bare, value);
      default:
        return 'w.refuse("nothing, as the type has no value", null);';
    }
  }

  #option(number: number, of: Type, value: string): string {
    const inner = this.#variable();
    const held = unboxed(of).kind === "option" ? `${value}.some` : value;
    const write = `const ${inner} = ${held}; ${this.#write(number, of, inner, true)}`;
    return `if (${value} !== null && ${value} !== undefined) { ${write} }`;
  }

  #each(list: string, write: (item: string) => string): string {
    const [index, item] = [this.#variable(), this.#variable()];
    const code = this.#at(`\`[\${${index}}]\``, write(item));
    return `w.list(${list}); for (let ${index} = ${list}.length - 1; ${index} >= 0; ${index}--) {
      const ${item} = ${list}[${index}]; ${code} }`;
  }

  #vec(number: number, of: Type, value: string): string {
    const packed = packedForm(of, this.#release);
    if (packed === undefined) {
      return this.#each(value, (item) => this.#write(number, of, item, true));
    }
    const each = this.#each(value, (item) => `${writeOf(packed, item)};`);
    return this.#delimited(number, each, false);
  }

  #array(
    number: number,
    { of, length }: { readonly of: Type; readonly length: number },
    value: string,
    inSequence: boolean,
  ): string {
    const packed = packedForm(of, this.#release);
    const each = this.#each(value, (item) => {
      return packed ? `${writeOf(packed, item)};` : this.#write(1, of, item, true);
    });
    return this.#delimited(number, `w.listOf(${value}, ${length}); ${each}`, inSequence);
  }

  #map(number: number, type: { readonly key: Type; readonly value: Type }, value: string): string {
    const entries = this.#variable();
    const write = this.#tuple(type, [type.key, type.value]);
    const each = this.#each(entries, (entry) => {
      return this.#delimited(number, `${write}(w, ${entry});`, true);
    });
    return `const ${entries} = w.entries(${value}); ${each}`;
  }
}

function tag(number: number, wireType: number): string {
  const key = number * 8 + wireType;
  return key < 128 ? `w.octet(${key});` : `w.varint32(${key});`;
}

function writeOf(form: ScalarForm, value: string): string {
  return form.write.replaceAll("V", value);
}

function scalar(number: number, form: ScalarForm, value: string, inSequence: boolean): string {
  const write = `${writeOf(form, value)}; ${tag(number, form.wireType)}`;
  if (form.zero === undefined) return write;
  // What counts is whether the bits are zero: -0 is written, a double too small for a single not.
  const bits = form.wireType === 5 ? `Math.fround(${value})` : value;
  const isFixed = form.wireType === 1 || form.wireType === 5;
  const isZero = isFixed ? `Object.is(${bits}, 0)` : `${value} === ${form.zero}`;
  return unless(inSequence, isZero, write);
}

function unless(inSequence: boolean, isEmpty: string, write: string): string {
  return inSequence ? write : `if (!(${isEmpty})) { ${write} }`;
}
