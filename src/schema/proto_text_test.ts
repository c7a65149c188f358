import assert from "node:assert/strict";
import { test } from "node:test";
import {
  field,
  type Message,
  message,
  type Oneof,
  oneof,
  transparent,
  variant,
} from "./message.ts";
import { PROTO_DIFFERENCES } from "./proto_differences.ts";
import { protoFiles } from "./proto_text.ts";
import * as t from "./type.ts";

const ERA = { release: "new", releases: ["old", "new"] };

const Key = message("other.Key", "p.rs", [field(1, "0", t.octets(4))]);
const Kind = oneof("p.Kind", "p.rs", [
  variant(1, "Off"),
  variant(2, "On", [field(1, "0", t.u8)]),
  transparent(3, "All", t.vec(t.string)),
]);
const Whole = message("p.Whole@legacy", "p.rs", [
  field(1, "plain", t.u16),
  field(2, "gone", t.u16, { until: "old" }),
  field(16, "maybe", t.option(t.i64)),
  field(3, "key", t.option(t.nested(Key))),
  field(4, "kind", t.choice(Kind)),
  field(5, "flags", t.vec(t.option(t.bool))),
  field(6, "ids", t.array(t.u32, 6)),
  field(7, "boxes", t.vec(t.boxed(t.u32))),
  field(8, "pair", t.tuple(t.string, t.u128)),
  field(9, "deep", t.optionOfOption(t.bool)),
  field(10, "names", t.map(t.u32, t.string)),
  field(11, "regs", t.option(t.array(t.u64, 5))),
  field(12, "rows", t.vec(t.array(t.u64, 5))),
  field(13, "texts", t.array(t.string, 2)),
]);

test("protoFiles writes one file for each package, with what it imports", () => {
  const files = protoFiles(new Map<string, Message | Oneof>([["other.Key", Key], ...own()]), ERA);
  assert.deepEqual(
    files.map(({ path }) => path),
    ["other.proto", "p.proto"],
  );
  const [comment = "", ...rest] = (files[1]?.text ?? "").split('syntax = "proto3";\n');
  assert.match(rest.join(""), /^\npackage p;\n\nimport "other.proto";\n\nmessage /);
  for (const difference of PROTO_DIFFERENCES) assert.ok(comment.includes(`// - ${difference}\n`));
});

test("protoFiles spells a message as protobuf has it", () => {
  const [, file] = protoFiles(
    new Map<string, Message | Oneof>([["other.Key", Key], ...own()]),
    ERA,
  );
  const lines = (file?.text ?? "").split("\n").map((line) => line.trim());
  const fields = lines.filter((line) => / = \d+/.test(line));
  assert.deepEqual(fields, [
    "uint32 f0 = 1;",
    "repeated string inner = 1;",
    "OffVariant Off = 1;",
    "OnVariant On = 2;",
    "AllVariantMessage All = 3;",
    "optional bool inner = 1;",
    "string f0 = 1;",
    "bytes f1 = 2;",
    "optional bool inner = 1;",
    "repeated string inner = 1;",
    "uint32 plain = 1;",
    "optional sint64 maybe = 16;",
    ".other.Key key = 3;",
    ".p.Kind kind = 4;",
    "repeated FlagsMessage flags = 5;",
    "repeated uint32 ids = 6;",
    "repeated uint32 boxes = 7 [packed = false];",
    "PairMessage pair = 8;",
    "DeepMessage deep = 9;",
    "map<uint32, string> names = 10;",
    "repeated uint64 regs = 11;",
    "repeated bytes rows = 12;",
    "TextsMessage texts = 13;",
  ]);
  assert.ok(lines.includes("message Whole_legacy {"));
});

function own(): [string, Message | Oneof][] {
  return [
    ["p.Kind", Kind],
    ["p.Whole@legacy", Whole],
  ];
}
