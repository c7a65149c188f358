/**
 * A second witness: protobufjs reads and writes the same messages by `.proto` text made from our
 * schemas, and must agree with our codec. What it does not tell is whether the schemas are right.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import protobuf from "protobufjs";
import { codecFor, RELEASES } from "../mesh/mod.ts";
import { type Era, existsAt, fieldsIn } from "../schema/history.ts";
import { PROTO_DIFFERENCES, protoFiles, protoName } from "../schema/proto_text.ts";
import { oneofToProto, type ProtoMessage, toProto } from "../schema/proto_value.ts";
import { type Declaration, isOneof, MESSAGES } from "./catalogue.ts";
import { Arbitraries } from "./proto_arbitrary.ts";

const SEED = 20260821;
/** Values drawn for each message of each release: it is 2,800 of them. */
const RUNS = 4;
/** Read and write the whole state, which reaches most other messages, more often. */
const RUNS_OF_ROOT = 40;

const releases = RELEASES.map(({ name }) => name);

/** Written by protobufjs in another order, or with defaults that mesh leaves out. */
const OTHER_BYTES: ReadonlySet<string> = new Set(["pci.cfg_space_emu.SavedState", "t.M"]);

for (const { name: release, unzigzagShiftsSign } of RELEASES) {
  const era: Era = { release, releases };

  test(`protobufjs agrees on every message of ${release}`, { timeout: 20_000 }, () => {
    const root = rootOf(era);
    const arbitraries = new Arbitraries(era, unzigzagShiftsSign ? 63 : 64);
    for (const [name, declaration] of MESSAGES) {
      if (!existsAt(declaration, release, releases)) continue;
      const type = root.lookupType(protoName(name));
      const numRuns = name === "underhill.ServicingState" ? RUNS_OF_ROOT : RUNS;
      fc.assert(
        fc.property(arbitraries.of(declaration), (value) => {
          agree(type, name, declaration, value, era);
        }),
        { seed: SEED, numRuns },
      );
    }
  });
}

test("the text of every release is read by protobufjs without a warning of its own", () => {
  for (const release of releases) {
    const names = protoFiles(MESSAGES, { release, releases }).map(({ path }) => path);
    assert.equal(new Set(names).size, names.length);
    assert.ok(rootOf({ release, releases }).lookupType("underhill.ServicingState"), release);
  }
});

test("where the dialects part is written down", () => {
  assert.equal(PROTO_DIFFERENCES.length, 10);
});

function rootOf(era: Era): protobuf.Root {
  const root = new protobuf.Root();
  for (const { text } of protoFiles(MESSAGES, era)) {
    protobuf.parse(text, root, { keepCase: true });
  }
  root.resolveAll();
  return root;
}

/** Both codecs make the same of a value, whichever writes it. */
function agree(
  type: protobuf.Type,
  name: string,
  declaration: Declaration,
  value: unknown,
  era: Era,
): void {
  const codec = codecFor(declaration, era.release);
  const ours = codec.encode(value as never);
  const plain = isOneof(declaration)
    ? oneofToProto(declaration, value, era)
    : toProto(fieldsIn(declaration, era), value as object, era);
  // protobufjs takes a bigint in fromObject() only; encode() would write it as 0.
  const theirs = type.encode(type.fromObject(plain)).finish();
  assert.deepEqual(read(type, ours), normal(plain), `${name}: protobufjs reads our bytes`);
  assert.deepEqual(codec.decode(theirs), value, `${name}: we read the bytes of protobufjs`);
  if (!OTHER_BYTES.has(name)) assert.deepEqual(new Uint8Array(theirs), ours, `${name}: bytes`);
}

function read(type: protobuf.Type, bytes: Uint8Array): unknown {
  return normal(type.toObject(type.decode(bytes), { longs: BigInt }));
}

/** Objects without what only one of two equal values says: buffers, absent and empty fields. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as ProtoMessage).filter(
    ([, item]) => item !== undefined && !(Array.isArray(item) && item.length === 0),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, normal(item)]));
}
