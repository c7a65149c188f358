/**
 * Messages as protobuf's own schema language has them, so that another implementation of protobuf
 * can witness what this codec writes.
 *
 * Where mesh is protobuf, the bytes are equal. They differ where mesh goes its own way: an array
 * may not come unpacked, a nested message without content is left out, a repeated `bytes` record
 * appends, an unknown variant clears the ones before it, integers narrower than 32 bits are cut.
 *
 * Source: mesh_protobuf, protofile/mod.rs (how upstream describes its own types).
 *
 * @module
 */
import { fieldsAt, variantsAt } from "../schema/history.ts";
import type { Message, Oneof, Variant } from "../schema/message.ts";
import type { ScalarKind, Type } from "../schema/type.ts";
import { isSequence, packedForm, unboxed } from "./form.ts";
import { RELEASE_NAMES, releaseNamed } from "./release.ts";

/** A field as protobuf knows it. */
export interface ProtoField {
  readonly number: number;
  readonly name: string;
  /** A scalar type, or the name of a message. */
  readonly type: string;
  readonly isMessage: boolean;
  readonly label: "" | "optional" | "repeated";
}

/** A message as protobuf knows it; `variants` makes all its fields one `oneof variant`. */
export interface ProtoMessage {
  readonly name: string;
  readonly fields: readonly ProtoField[];
  readonly variants: boolean;
}

const SCALARS: Partial<Record<ScalarKind | "octets" | "zeroCopy", string>> = {
  u8: "uint32",
  u16: "uint32",
  u32: "uint32",
  u64: "uint64",
  usize: "uint64",
  i8: "sint32",
  i16: "sint32",
  i32: "sint32",
  i64: "sint64",
  isize: "sint64",
  i32Varint: "int32",
  i64Varint: "int64",
  nonZeroU32: "uint32",
  nonZeroU64: "uint64",
  bool: "bool",
  char: "uint32",
  f64: "double",
  f32: "float",
  ipv4: "fixed32",
  ipv6: "bytes",
  u128: "bytes",
  string: "string",
  bytes: "bytes",
  rawMessage: "bytes",
  octets: "bytes",
  zeroCopy: "bytes",
};

/** The name of field `name`; those of tuples are numbers, which protobuf does not allow. */
export function protoFieldName(name: string): string {
  return /^\d/.test(name) ? `field${Number(name) + 1}` : name;
}

/** `declaration` and all that it needs, itself first. */
export function protoMessages(declaration: Message | Oneof, release: string): ProtoMessage[] {
  const collector = new Collector(releaseNamed(release).name);
  collector.declaration(declaration);
  return collector.messages;
}

/** `declaration` and all that it needs as the text of a `.proto` file. */
export function protoText(declaration: Message | Oneof, release: string): string {
  const texts = protoMessages(declaration, release).map(({ name, fields, variants }) => {
    const lines = fields.map((field) => {
      const label = field.label === "" ? "" : `${field.label} `;
      return `${label}${field.type} ${field.name} = ${field.number};`;
    });
    const body = variants ? [`oneof variant { ${lines.join(" ")} }`] : lines;
    return `message ${name} {\n${body.map((line) => `  ${line}\n`).join("")}}\n`;
  });
  return `syntax = "proto3";\n\n${texts.join("\n")}`;
}

class Collector {
  readonly messages: ProtoMessage[] = [];
  readonly #release: string;
  readonly #names = new Map<object, string>();

  constructor(release: string) {
    this.#release = release;
  }

  declaration(declaration: Message | Oneof): string {
    return this.#message(declaration, declaration.name, () => {
      if ("variants" in declaration) {
        const variants = variantsAt(declaration, this.#release, RELEASE_NAMES);
        return variants.map((variant) => this.#variant(declaration.name, variant));
      }
      return fieldsAt(declaration, this.#release, RELEASE_NAMES).map((field) => {
        return this.#field(field.number, field.name, field.type, false);
      });
    });
  }

  #message(key: object, hint: string, fields: () => ProtoField[]): string {
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const name = `${hint.replaceAll(/\W/g, "_")}_${this.#names.size}`;
    this.#names.set(key, name);
    const place = this.messages.length;
    const variants = "variants" in key;
    this.messages.push({ name, fields: [], variants });
    this.messages[place] = { name, fields: fields(), variants };
    return name;
  }

  #variant(owner: string, variant: Variant): ProtoField {
    const { number, name, transparent } = variant;
    if (transparent !== undefined) {
      return { ...this.#field(number, name, transparent, true), label: "" };
    }
    const type = this.#message(variant, `${owner}_${name}`, () => {
      return fieldsAt(variant, this.#release, RELEASE_NAMES).map((field) => {
        return this.#field(field.number, field.name, field.type, false);
      });
    });
    return { number, name, type, isMessage: true, label: "" };
  }

  #field(number: number, name: string, type: Type, inSequence: boolean): ProtoField {
    const bare = unboxed(type);
    const plain = (type: string, isMessage: boolean): ProtoField => {
      const label = inSequence && !isMessage ? "optional" : "";
      return { number, name: protoFieldName(name), type, isMessage, label };
    };
    if (inSequence && isSequence(bare)) return plain(this.#wrapper(bare), true);
    const scalar = SCALARS[bare.kind as ScalarKind];
    if (scalar !== undefined) return plain(scalar, false);
    switch (bare.kind) {
      case "message":
        return plain(this.declaration(bare.message), true);
      case "oneof":
        return plain(this.declaration(bare.oneof), true);
      case "tuple":
        return plain(this.#tuple(bare, bare.of), true);
      case "duration":
        return plain(this.#tuple(bare, [{ kind: "u64" }, { kind: "u32" }]), true);
      case "option":
        return this.#field(number, name, bare.of, true);
      case "vec":
        return { ...this.#field(number, name, bare.of, true), label: "repeated" };
      case "map": {
        const entry = this.#tuple(bare, [bare.key, bare.value]);
        return { ...plain(entry, true), label: "repeated" };
      }
      case "array": {
        const list: Type = { kind: "vec", of: bare.of };
        const packs = packedForm(bare.of, releaseNamed(this.#release)) !== undefined;
        return packs ? this.#field(number, name, list, false) : plain(this.#wrapper(list), true);
      }
      default:
        throw new TypeError(`Cannot describe ${name} as protobuf: current type is ${bare.kind}`);
    }
  }

  #wrapper(type: Type): string {
    return this.#message(type, "Wrapper", () => [this.#field(1, "field1", type, false)]);
  }

  #tuple(type: object, of: readonly Type[]): string {
    return this.#message(type, "Tuple", () => {
      return of.map((element, i) => this.#field(i + 1, `${i}`, element, false));
    });
  }
}
