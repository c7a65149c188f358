/**
 * The messages of one release as `.proto` text (proto3), one file for each package, so that any
 * protobuf implementation can read saved state. mesh's dialect is protobuf on the wire; what its
 * rules demand beyond that is in {@linkcode PROTO_DIFFERENCES}.
 *
 * Names: a field of a tuple struct is `f0`; a variant `A` of an enum is field `A` of a `oneof` and
 * message `AVariant`; a message that mesh puts around a sequence has one field, `inner`; `@` in a
 * name of ours is `_`.
 *
 * @module
 */
import { type Era, existsAt, fieldsIn, variantsAt } from "./history.ts";
import type { Field, Message, Oneof, Variant } from "./message.ts";
import { PROTO_DIFFERENCES } from "./proto_differences.ts";
import type { Type } from "./type.ts";
import { isPacked, isSequence } from "./type_text.ts";

/** One `.proto` file. */
export interface ProtoFile {
  readonly path: string;
  readonly text: string;
}

const COMMENT: readonly string[] = [
  "// Saved state as protobuf has it. The writer and reader of the bytes is mesh, where:",
  ...PROTO_DIFFERENCES.map((difference) => `// - ${difference}`),
  "",
];

type Named = ReadonlyMap<string, Message | Oneof>;

/** The full name of each declaration in the text, without the leading dot. */
export function protoName(name: string): string {
  return name.replaceAll("@", "_");
}

/** The name of a field in the text. */
export function protoFieldName(name: string): string {
  return /^\d/.test(name) ? `f${name}` : name;
}

/** The `.proto` files of all `declarations` that exist in `era`. */
export function protoFiles(declarations: Named, era: Era): ProtoFile[] {
  const existing = [...declarations].filter(([, declaration]) =>
    existsAt(declaration, era.release, era.releases),
  );
  const names = new Map(existing.map(([name, declaration]) => [declaration, protoName(name)]));
  const packages = Map.groupBy(existing, ([name]) => packageOf(name));
  return [...packages].map(([packageName, members]) => {
    const scribe = new Scribe(names, packageName, era);
    const bodies = members.map(([name, declaration]) =>
      scribe.declaration(lastOf(protoName(name)), declaration),
    );
    const imports = [...scribe.imports].sort().map((path) => `import "${path}";`);
    const head = [...COMMENT, 'syntax = "proto3";', "", `package ${packageName};`, ""];
    if (imports.length > 0) head.push(...imports, "");
    return { path: pathOf(packageName), text: `${head.join("\n")}\n${bodies.join("\n")}` };
  });
}

function packageOf(name: string): string {
  return name.slice(0, name.lastIndexOf("."));
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function pathOf(packageName: string): string {
  return `${packageName.replaceAll(".", "/")}.proto`;
}

/** The messages that a message of ours needs inside its own. */
interface Scope {
  readonly nested: string[];
  readonly indent: string;
}

/** Writes the messages of one package, and notes what they import. */
class Scribe {
  readonly imports = new Set<string>();
  readonly #names: ReadonlyMap<Message | Oneof, string>;
  readonly #packageName: string;
  readonly #era: Era;

  constructor(names: ReadonlyMap<Message | Oneof, string>, packageName: string, era: Era) {
    this.#names = names;
    this.#packageName = packageName;
    this.#era = era;
  }

  declaration(name: string, declaration: Message | Oneof, indent = ""): string {
    if ("variants" in declaration) return this.#oneof(name, declaration, indent);
    return this.#message(name, fieldsIn(declaration, this.#era), indent);
  }

  #message(name: string, fields: readonly Field[], indent: string): string {
    const scope: Scope = { nested: [], indent: `${indent}  ` };
    const lines = fields.map((field) => {
      const type = this.#direct(field.type, pascal(field.name), scope);
      const name = protoFieldName(field.name);
      return `${scope.indent}${type.text} ${name} = ${field.number}${type.options};\n`;
    });
    return `${indent}message ${name} {\n${scope.nested.join("")}${lines.join("")}${indent}}\n`;
  }

  #oneof(name: string, oneof: Oneof, indent: string): string {
    const scope: Scope = { nested: [], indent: `${indent}  ` };
    const { release, releases } = this.#era;
    const lines = variantsAt(oneof, release, releases).map((variant) => {
      const type = this.#payload(variant, scope);
      return `${scope.indent}  ${type} ${variant.name} = ${variant.number};\n`;
    });
    const choice = `${scope.indent}oneof variant {\n${lines.join("")}${scope.indent}}\n`;
    return `${indent}message ${name} {\n${scope.nested.join("")}${choice}${indent}}\n`;
  }

  #payload(variant: Variant, scope: Scope): string {
    const name = `${variant.name}Variant`;
    if (variant.transparent) return this.#element(variant.transparent, name, scope);
    scope.nested.push(this.#message(name, fieldsIn(variant, this.#era), scope.indent));
    return name;
  }

  /** A field's type with its label, where the field stands in a message itself. */
  #direct(type: Type, hint: string, scope: Scope): { text: string; options: string } {
    switch (type.kind) {
      case "option": {
        // One record that is never empty, so that `repeated` says it all.
        if (isPackedArray(type.of)) return this.#direct(type.of, hint, scope);
        const of = this.#element(type.of, hint, scope);
        return { text: SCALARS[type.of.kind] ? `optional ${of}` : of, options: "" };
      }
      case "vec": {
        const options = type.of.kind === "boxed" && isPacked(type.of.of) ? " [packed = false]" : "";
        return { text: `repeated ${this.#element(type.of, hint, scope)}`, options };
      }
      case "boxed":
        return this.#direct(type.of, hint, scope);
      case "array":
        if (!isPackedArray(type)) break;
        return { text: `repeated ${this.#element(type.of, hint, scope)}`, options: "" };
      case "map": {
        const key = this.#element(type.key, `${hint}Key`, scope);
        return { text: `map<${key}, ${this.#element(type.value, hint, scope)}>`, options: "" };
      }
    }
    return { text: this.#element(type, hint, scope), options: "" };
  }

  /** A type that stands inside a sequence; one that is a sequence itself needs a message. */
  #element(type: Type, hint: string, scope: Scope): string {
    if (isSequence(type)) return this.#around([this.#inner(type)], hint, scope);
    switch (type.kind) {
      case "boxed":
        return this.#element(type.of, hint, scope);
      case "array":
        if (isPackedArray(type)) return "bytes";
        return this.#around([this.#inner({ kind: "vec", of: type.of })], hint, scope);
      case "tuple": {
        const fields = type.of.map((of, i): Field => ({ number: i + 1, name: `f${i}`, type: of }));
        return this.#around(fields, hint, scope);
      }
      case "duration":
        return this.#around(DURATION, hint, scope);
      case "message":
        return this.#reference(type.message, hint, scope);
      case "oneof":
        return this.#reference(type.oneof, hint, scope);
      default:
        return SCALARS[type.kind] ?? "uint32";
    }
  }

  #inner(type: Type): Field {
    return { number: 1, name: "inner", type };
  }

  /** Writes a message of the scope with these fields, and returns its name. */
  #around(fields: readonly Field[], hint: string, scope: Scope): string {
    const name = `${hint}Message`;
    scope.nested.push(this.#message(name, fields, scope.indent));
    return name;
  }

  #reference(declaration: Message | Oneof, hint: string, scope: Scope): string {
    const name = this.#names.get(declaration);
    if (name === undefined) {
      scope.nested.push(this.declaration(`${hint}Message`, declaration, scope.indent));
      return `${hint}Message`;
    }
    const packageName = packageOf(name);
    if (packageName !== this.#packageName) this.imports.add(pathOf(packageName));
    return `.${name}`;
  }
}

const DURATION: readonly Field[] = [
  { number: 1, name: "secs", type: { kind: "u64" } },
  { number: 2, name: "nanos", type: { kind: "u32" } },
];

const SCALARS: Readonly<Record<string, string>> = {
  u8: "uint32",
  u16: "uint32",
  u32: "uint32",
  nonZeroU32: "uint32",
  char: "uint32",
  u64: "uint64",
  usize: "uint64",
  nonZeroU64: "uint64",
  i8: "sint32",
  i16: "sint32",
  i32: "sint32",
  i64: "sint64",
  isize: "sint64",
  i32Varint: "int32",
  i64Varint: "int64",
  f32: "float",
  f64: "double",
  bool: "bool",
  string: "string",
  ipv4: "fixed32",
  ipv6: "bytes",
  u128: "bytes",
  bytes: "bytes",
  octets: "bytes",
  zeroCopy: "bytes",
  rawMessage: "bytes",
};

/** An array of numbers, which is one record of octets wherever it stands. */
function isPackedArray(type: Type): boolean {
  return type.kind === "array" && isPacked(type.of);
}

function pascal(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
