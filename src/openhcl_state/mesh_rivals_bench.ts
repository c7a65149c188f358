/**
 * The rivals of the mesh codec, protobufjs and protobuf-es, on messages of ours: their types are
 * made from the declarations that ours is made from.
 *
 * 64-bit integers are bigint on all sides, hence `fromObject` and `toObject` around protobufjs.
 *
 * @module
 */
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import * as es from "@bufbuild/protobuf/wkt";
import protobufjs from "protobufjs";
import { toHex } from "../bytes/hex.ts";
import { RELEASE_NAMES } from "../mesh/mod.ts";
import type { Message } from "../schema/message.ts";
import { protoFiles, protoName } from "../schema/proto_text.ts";
import { MESSAGES } from "./catalogue.ts";

type Making = (type: protobufjs.Type, bytes: Uint8Array) => Side;

/** One codec at work on one message. */
interface Side {
  readonly encode: () => Uint8Array;
  readonly decode: () => unknown;
}

export const protobufJs = (release: string) => rival(release, byProtobufJs);
export const protobufEs = (release: string) => rival(release, byProtobufEs);

function rival(release: string, make: Making): (message: Message, bytes: Uint8Array) => Side {
  const root = reflect(release);
  return (message, bytes) => {
    const side = make(root.lookupType(protoName(message.name)), bytes);
    // The same bytes must come out, or a comparison means nothing.
    if (toHex(side.encode()) === toHex(bytes)) return side;
    throw new Error(`Cannot compare codecs on ${message.name} as one writes other bytes`);
  };
}

/** All messages of `release` as protobufjs knows them. */
function reflect(release: string): protobufjs.Root {
  const root = new protobufjs.Root();
  for (const { text } of protoFiles(MESSAGES, { release, releases: RELEASE_NAMES })) {
    protobufjs.parse(text, root, { keepCase: true });
  }
  root.resolveAll();
  return root;
}

/** protobufjs, with bigint on both ends. */
function byProtobufJs(type: protobufjs.Type, bytes: Uint8Array): Side {
  const decode = () => type.toObject(type.decode(bytes), { longs: BigInt });
  const value = decode();
  return { encode: () => type.encode(type.fromObject(value)).finish(), decode };
}

/** protobuf-es, with the message built from a plain object, as an application has it. */
function byProtobufEs(type: protobufjs.Type, bytes: Uint8Array): Side {
  const types = new Set<protobufjs.Type>();
  collect(type, types);
  const file = create(es.FileDescriptorProtoSchema, {
    name: "state.proto",
    syntax: "proto3",
    messageType: [...types].map(descriptorOf),
  });
  const schema = createFileRegistry(file, () => undefined).getMessage(flatName(type));
  if (schema === undefined) throw new Error(`Cannot describe ${type.fullName} to protobuf-es`);
  const value = plain(fromBinary(schema, bytes)) as Record<string, unknown>;
  return {
    encode: () => toBinary(schema, create(schema, value)),
    decode: () => fromBinary(schema, bytes),
  };
}

/** The types that `type` needs, itself first. */
function collect(type: protobufjs.Type, into: Set<protobufjs.Type>): void {
  if (into.has(type)) return;
  into.add(type);
  for (const { resolvedType } of type.fieldsArray) {
    if (resolvedType instanceof protobufjs.Type) collect(resolvedType, into);
  }
}

function flatName(type: protobufjs.Type): string {
  return type.fullName.slice(1).replaceAll(".", "_");
}

function descriptorOf(type: protobufjs.Type): es.DescriptorProto {
  const { FieldDescriptorProto_Label: Label, FieldDescriptorProto_Type: Kind } = es;
  return create(es.DescriptorProtoSchema, {
    name: flatName(type),
    oneofDecl: type.oneofsArray.map(({ name }) => ({ name })),
    field: type.fieldsArray.map((field) => {
      const message =
        field.resolvedType instanceof protobufjs.Type ? field.resolvedType : undefined;
      const scalar = field.type.toUpperCase() as keyof typeof Kind;
      return {
        name: field.name,
        number: field.id,
        label: field.repeated ? Label.REPEATED : Label.OPTIONAL,
        type: message ? Kind.MESSAGE : Kind[scalar],
        ...(message ? { typeName: `.${flatName(message)}` } : {}),
        ...(field.partOf ? { oneofIndex: type.oneofsArray.indexOf(field.partOf) } : {}),
        ...(field.partOf?.isProto3Optional ? { proto3Optional: true } : {}),
      };
    }),
  });
}

/** A protobuf-es message as the plain object that an application would fill in. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("$"));
  return Object.fromEntries(entries.map(([key, held]) => [key, plain(held)]));
}
