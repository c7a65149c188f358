/** Dumps from strangers: what is none is told in one line with its place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareDumps } from "./compare.ts";
import { readDump } from "./dump_reader.ts";
import { DumpError } from "./error.ts";
import { body, dumpOf, field, type Json, section, text } from "./fixture.ts";
import { DEPTH_MAX, DUMP_SIZE_MAX, FIELDS_MAX, NAME_LENGTH_MAX } from "./limits.ts";

function refusal(octets: Uint8Array | string): string {
  const taken = typeof octets === "string" ? new TextEncoder().encode(octets) : octets;
  try {
    readDump(taken);
  } catch (error) {
    if (error instanceof DumpError) return error.message;
    throw error;
  }
  return "it was taken";
}

const device = (description: unknown) => text({ e1000: section("e1000", description as Json) });

test("readDump() names the member that is not as it should be", () => {
  const wrong = [field("a", 4), { ...field("b", 4), size: -1 }];
  const where = "e1000.Description.Fields[1].size";
  assert.equal(
    refusal(device(body("e1000", wrong))),
    `Cannot read descriptions at ${where}: must be a whole number from 0 on`,
  );
  assert.match(
    refusal(device({ ...body("e1000", []), name: 7 })),
    /Description\.name: must be tex/,
  );
  assert.match(
    refusal(device({ ...body("e1000", []), Fields: {} })),
    /\.Fields: must be an array$/,
  );
  assert.match(refusal(device(body("e1000", [[] as never]))), /Fields\[0\]: must be an object$/);
  const maybe = { ...field("a", 4), field_exists: 1 };
  assert.match(refusal(device(body("e1000", [maybe]))), /field_exists: must be true or false$/);
  assert.match(refusal("{}"), /at vmschkmachine: must be there$/);
  assert.match(refusal("[]"), /at dump: must be an object$/);
  const name = "a\nb";
  assert.match(refusal(text({ [name]: 1 })), /at a\\u\{a\}b: must be an object$/);
});

test("readDump() names the octet where text stops being JSON", () => {
  const cases: readonly [string, number][] = [
    ["", 0],
    ["{", 1],
    ['{"a"', 4],
    ['{"a" 1}', 5],
    ['{"a":1,}', 7],
    ['{"a":[1,]}', 8],
    ['{"a":tru}', 5],
    ['{"a":1} x', 8],
    ['{"ä":01}', 7],
    ['{"a":"\n"}', 5],
    ["[1}", 2],
    ["{,", 1],
    ["[,", 1],
  ];
  for (const [json, offset] of cases) {
    const isCut = offset === new TextEncoder().encode(json).length;
    const reason = isCut ? "must be JSON: it ends too early" : "must be JSON";
    assert.equal(refusal(json), `Cannot read descriptions at offset ${offset}: ${reason}`, json);
  }
});

test("readDump() takes every cut of a dump for what it is", () => {
  const whole = text({ e1000: section("e1000", body("e1000", [field("a", 4, { num: 2 })])) });
  for (let size = 0; size < whole.length; size++) {
    assert.match(refusal(whole.subarray(0, size)), /^Cannot read descriptions at offset \d+: /);
  }
  assert.equal(refusal(whole), "it was taken");
});

/** Structures inside each other. */
function nested(depth: number): Json {
  let inner = body("in", [field("a", 1)]);
  for (let level = 0; level < depth; level++) {
    inner = body("in", [field("a", 1, { Description: inner })]);
  }
  return inner;
}

test("readDump() holds depth, size, names and number of fields to limits", () => {
  assert.equal(refusal(device(nested(DEPTH_MAX))), "it was taken");
  assert.match(refusal(device(nested(DEPTH_MAX + 1))), /structures must be at most 32 deep$/);
  assert.match(refusal("[".repeat(1_000_000)), /at offset 104: brackets must be at most 104 deep$/);
  assert.match(refusal(new Uint8Array(DUMP_SIZE_MAX + 1)), /must have at most 16777216 octets/);
  const named = (length: number) => device(body("e1000", [field("a".repeat(length), 4)]));
  assert.equal(refusal(named(NAME_LENGTH_MAX)), "it was taken");
  assert.match(refusal(named(NAME_LENGTH_MAX + 1)), /must be text of at most 1000 characters$/);
});

test("readDump() takes so many fields and no more, and they are compared", {
  timeout: 60_000,
}, () => {
  const short = (name: string) => ({ field: name, version_id: 0, field_exists: false, size: 1 });
  const many = (count: number, prefix: string) =>
    new TextEncoder().encode(
      JSON.stringify({
        vmschkmachine: { Name: "none" },
        d: section(
          "d",
          body(
            "d",
            Array.from({ length: count - 1 }, (_, index) => short(`${prefix}${index}`)),
          ),
        ),
      }),
    );
  assert.match(refusal(many(FIELDS_MAX + 1, "")), /at most 100000 fields may come$/);
  const { differences } = compareDumps(
    readDump(many(FIELDS_MAX, "a")),
    readDump(many(FIELDS_MAX, "b")),
  );
  assert.equal(differences.length, FIELDS_MAX - 1);
});

test("dumpOf() is what readDump() reads", () => {
  assert.equal(dumpOf(body("dev", [])).machine, "pc-i440fx-2.1");
});
