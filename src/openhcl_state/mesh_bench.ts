/**
 * How fast the mesh codec is beside protobufjs and protobuf-es, on the same bytes: saved state of
 * the NVMe driver and a whole servicing state, as the golden rows have them and of a larger VM.
 *
 * 64-bit integers are bigint on all sides, hence `fromObject` and `toObject` around protobufjs.
 * Each ratio is the median over blocks in which both sides run in the order A, B, B, A, so that a
 * machine that slows down meanwhile slows down both. A ratio of 2 means that the rival takes twice
 * the time. Not a test: nothing here fails because a machine is busy.
 *
 * Run: `node src/openhcl_state/mesh_bench.ts`, `deno run -A ...`, `bun ...`; `--json` for data.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import * as es from "@bufbuild/protobuf/wkt";
import protobufjs from "protobufjs";
import { fromHex, toHex } from "../bytes/hex.ts";
import { codecFor, RELEASE_NAMES } from "../mesh/mod.ts";
import type { Message } from "../schema/message.ts";
import { protoFiles, protoName } from "../schema/proto_text.ts";
import { MESSAGES } from "./catalogue.ts";
import { NvmeDriverSavedState } from "./nvme_driver.ts";
import { ServicingState } from "./servicing.ts";

const RELEASE = "main";
/** Blocks of which the median is taken. */
const BLOCKS = 31;
/** Milliseconds that one side runs in a block, twice. */
const SIDE_MS = 4;
/** Milliseconds of the last round before measuring, with about as much before it. */
const WARM_MS = 150;

type Run = () => unknown;

/** One codec at work on one message. */
interface Side {
  readonly encode: Run;
  readonly decode: Run;
}

function ours(message: Message, bytes: Uint8Array): Side {
  const codec = codecFor(message, RELEASE);
  const value = codec.decode(bytes);
  return { encode: () => codec.encode(value), decode: () => codec.decode(bytes) };
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
function protobufJs(type: protobufjs.Type, bytes: Uint8Array): Side {
  const decode = () => type.toObject(type.decode(bytes), { longs: BigInt });
  const value = decode();
  return { encode: () => type.encode(type.fromObject(value)).finish(), decode };
}

/** protobuf-es; `write` is its encoder alone, on a message that was built before. */
function protobufEs(type: protobufjs.Type, bytes: Uint8Array): Side & { readonly write: Run } {
  const types = new Set<protobufjs.Type>();
  collect(type, types);
  const file = create(es.FileDescriptorProtoSchema, {
    name: "state.proto",
    syntax: "proto3",
    messageType: [...types].map(descriptorOf),
  });
  const schema = createFileRegistry(file, () => undefined).getMessage(flatName(type));
  if (schema === undefined) throw new Error(`Cannot describe ${type.fullName} to protobuf-es`);
  const built = fromBinary(schema, bytes);
  const value = plain(built) as Record<string, unknown>;
  return {
    encode: () => toBinary(schema, create(schema, value)),
    decode: () => fromBinary(schema, bytes),
    write: () => toBinary(schema, built),
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
/** The messages to run on. */
function subjects(): { name: string; message: Message; bytes: Uint8Array }[] {
  const url = new URL("../../fixtures/openhcl/golden.json", import.meta.url);
  const rows = JSON.parse(readFileSync(url, "utf8")) as Record<string, string>[];
  const golden = (message: Message, release: string): Uint8Array => {
    const row = rows.find(
      (row) => row.kind === "encode" && row.message === message.name && row.release === release,
    );
    return fromHex(row?.hex ?? "");
  };
  const nvme = golden(NvmeDriverSavedState, RELEASE);
  const servicing = golden(ServicingState, "2505");
  return [
    { name: "NvmeDriverSavedState", message: NvmeDriverSavedState, bytes: nvme },
    {
      name: "NvmeDriverSavedState, 16 queues",
      message: NvmeDriverSavedState,
      bytes: manyQueues(nvme),
    },
    { name: "ServicingState", message: ServicingState, bytes: servicing },
    {
      name: "ServicingState, 60 units",
      message: ServicingState,
      bytes: manyUnits(servicing, nvme),
    },
  ];
}

/** A controller of a VM with 16 processors, with 12 commands in flight on each. */
function manyQueues(bytes: Uint8Array): Uint8Array {
  const codec = codecFor(NvmeDriverSavedState, RELEASE);
  const value = codec.decode(bytes);
  const { admin } = value.worker_data;
  if (admin === null) throw new Error("Cannot build queues as the golden row has no admin queue");
  const io = Array.from({ length: 16 }, (_, i) => {
    const commands = Array.from({ length: 12 }, (_, cid) => {
      const command = new Uint8Array(64).fill(i + cid);
      return { command };
    });
    const handler_data = {
      ...admin.handler_data,
      pending_cmds: { commands, next_cid_high_bits: i, cid_key_bits: 10 },
    };
    const queue_data = { ...admin, qid: i + 1, base_pfn: 0x8000_0000n + BigInt(i), handler_data };
    return { cpu: i, iv: i, queue_data, unmapped: false };
  });
  return codec.encode({ ...value, worker_data: { ...value.worker_data, io } });
}

/** A VM with two such controllers and 60 state units of half a kilobyte. */
function manyUnits(servicing: Uint8Array, nvme: Uint8Array): Uint8Array {
  const codec = codecFor(ServicingState, RELEASE);
  const value = codec.decode(servicing);
  const driver_state = codecFor(NvmeDriverSavedState, RELEASE).decode(manyQueues(nvme));
  const nvme_disks = ["c05b:00:00.0", "0a8e:00:00.0"].map((pci_id) => ({ pci_id, driver_state }));
  const units = Array.from({ length: 60 }, (_, i) => {
    const type_url = `type.googleapis.com/chipset.device${i}.SavedState`;
    return { name: `device-${i}`, state: { type_url, value: new Uint8Array(512).fill(i) } };
  });
  const nvme_state = { nvme_state: { cpu_count: 16, nvme_disks } };
  return codec.encode({ ...value, init_state: { ...value.init_state, nvme_state }, units });
}

function time(run: Run, times: number): number {
  const begin = performance.now();
  for (let i = 0; i < times; i++) run();
  return performance.now() - begin;
}

/** How often `run` fits into {@linkcode SIDE_MS}, once the compilers of the runtime are done. */
function calibrate(run: Run): number {
  let times = 1;
  let spent = 0;
  while (spent < WARM_MS) {
    times *= 2;
    spent = time(run, times);
  }
  return Math.max(1, Math.round((times * SIDE_MS) / spent));
}

/** The median of how much longer `b` takes than `a`, per call. */
function ratio(a: Run, b: Run): { ratio: number; microseconds: number } {
  const [timesA, timesB] = [calibrate(a), calibrate(b)];
  const ratios: number[] = [];
  const each: number[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    const first = time(a, timesA);
    const middle = time(b, timesB) + time(b, timesB);
    const total = first + time(a, timesA);
    each.push((total / timesA / 2) * 1000);
    ratios.push(middle / timesB / (total / timesA));
  }
  return { ratio: median(ratios), microseconds: median(each) };
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] as number;
}

/** The same bytes must come out of all three, or the comparison means nothing. */
function check(name: string, bytes: Uint8Array, sides: readonly Side[]): void {
  for (const side of sides) {
    if (toHex(side.encode() as Uint8Array) !== toHex(bytes)) {
      throw new Error(`Cannot compare codecs on ${name} as one writes other bytes`);
    }
  }
}

function main(): void {
  const root = reflect(RELEASE);
  const only = process.argv.slice(2).find((argument) => !argument.startsWith("--"));
  const results = subjects()
    .filter(({ name }) => name.includes(only ?? ""))
    .map(({ name, message, bytes }) => {
      const us = ours(message, bytes);
      const type = root.lookupType(protoName(message.name));
      const js = protobufJs(type, bytes);
      const esRival = protobufEs(type, bytes);
      check(name, bytes, [us, js, esRival]);
      return {
        name,
        bytes: bytes.length,
        decode: { protobufjs: ratio(us.decode, js.decode), es: ratio(us.decode, esRival.decode) },
        encode: {
          protobufjs: ratio(us.encode, js.encode),
          es: ratio(us.encode, esRival.encode),
          esWithoutCreate: ratio(us.encode, esRival.write),
        },
      };
    });
  if (process.argv.includes("--json")) {
    console.log(JSON.stringify(results));
    return;
  }
  for (const { name, bytes, decode, encode } of results) {
    console.log(`${name} (${bytes} bytes)`);
    for (const [what, rows] of Object.entries({ decode, encode })) {
      const [first] = Object.values(rows) as { ratio: number; microseconds: number }[];
      const text = Object.entries(rows).map(([rival, row]) => `${rival} ${row.ratio.toFixed(2)}x`);
      console.log(`  ${what} ${first?.microseconds.toFixed(1)} us; ${text.join(", ")}`);
    }
  }
}

main();
