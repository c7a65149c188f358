/**
 * Builds fields whose layout is known from elsewhere than the description, while they are read.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import type { Field, StructField } from "./field.ts";
import { type Codec, codecOf, type Scalar } from "./value.ts";

/** Types of fields that builders read; see `value.ts`. */
export type PlainType =
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "int32"
  | "bool"
  | "le16"
  | "le32"
  | "le64";

export class FieldBuilder {
  readonly cursor: Cursor;
  readonly fields: Field[] = [];

  constructor(cursor: Cursor) {
    this.cursor = cursor;
  }

  /** Reads one number and answers it. */
  number(name: string, type: PlainType): number {
    const { cursor } = this;
    const { offset } = cursor;
    const codec = codecOf(type) as Codec;
    const value = codec.read(cursor.view, cursor.pass(codec.size, name));
    this.fields.push({ kind: "scalar", name, type, offset, value });
    return Number(value);
  }

  numbers(name: string, type: PlainType, count: number): void {
    const { cursor } = this;
    const { offset } = cursor;
    const codec = codecOf(type) as Codec;
    let at = cursor.pass(count * codec.size, name);
    const values: Scalar[] = [];
    for (; at < cursor.at; at += codec.size) values.push(codec.read(cursor.view, at));
    this.fields.push({ kind: "scalars", name, type, offset, first: 0, values });
  }

  octets(name: string, size: number): Uint8Array {
    const { cursor } = this;
    const { offset } = cursor;
    const octets = cursor.take(size, name);
    this.fields.push({ kind: "octets", name, type: "buffer", offset, octets });
    return octets;
  }

  /** A list of `count` structures, each of which `build` reads; the first has the index `first`. */
  structs(name: string, count: number, build: (builder: FieldBuilder) => void, first = 0): void {
    const { cursor } = this;
    const { offset } = cursor;
    const elements: StructField[] = [];
    for (let index = 0; index < count; index++) elements.push(this.#struct(name, build));
    this.fields.push({ kind: "list", name, type: "struct", offset, first, elements });
  }

  #struct(name: string, build: (builder: FieldBuilder) => void): StructField {
    const { offset, trail } = this.cursor;
    const builder = new FieldBuilder(this.cursor);
    trail.push(name);
    build(builder);
    trail.pop();
    const { fields } = builder;
    return { kind: "struct", name, type: "struct", offset, vmsd: "", fields, subsections: [] };
  }
}
