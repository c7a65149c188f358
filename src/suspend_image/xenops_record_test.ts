import assert from "node:assert/strict";
import { test } from "node:test";
import { recordFixture } from "./fixture.ts";
import { SEXP_DEPTH_MAX } from "./limits.ts";
import { readSexp, writeSexp } from "./sexp.ts";
import { readXenopsRecord, writeXenopsRecord } from "./xenops_record.ts";

test("readXenopsRecord() takes the record of 2021, with and without what came later", () => {
  const now = recordFixture();
  const then = now.replace("(on_softreboot(Pause))", "");
  assert.notEqual(then, now);
  for (const text of [now, then]) {
    const record = readXenopsRecord(text);
    assert.equal(record.time, "20210219T17:16:27Z");
    assert.equal(record.word_size, 64);
    assert.deepEqual(record.xs_subtree, []);
    const lacks = /tpm/.test(record.vm_str ?? "tpm");
    assert.equal(lacks, false, "it is of before tpm");
    // Without the comments, which are ours, it is written with the same octets.
    assert.equal(`${writeXenopsRecord(record)}\n`, text.replace(/^;.*\n/gm, ""));
  }
});

test("the machine in the record of 2021 is an s-expression that is written the same", () => {
  const { vm_str = "" } = readXenopsRecord(recordFixture());
  const vm = readSexp(vm_str, "vm_str", 0);
  assert.ok(Array.isArray(vm));
  assert.deepEqual(vm[1], ["name", "vm-generic-linux"]);
  assert.deepEqual(vm[3], ["xsdata", [["vm-data", ""]]]);
  assert.equal(writeSexp(vm), vm_str);
});

test("readXenopsRecord() takes records without the optional fields, in any order", () => {
  assert.deepEqual(readXenopsRecord("((word_size 32)(time 2014))"), {
    time: "2014",
    word_size: 32,
  });
  assert.deepEqual(readXenopsRecord('((time t)(word_size 64)(vm_str ""))'), {
    time: "t",
    word_size: 64,
    vm_str: "",
  });
});

test("readXenopsRecord() refuses what its reader does not know, and what is not a record", () => {
  const rows: readonly (readonly [string, string])[] = [
    [
      "((time t)(word_size 64)(machine_uuid u))",
      "Cannot decode Xenops.machine_uuid at offset 31: must be a field that the reader knows",
    ],
    [
      "((time t)(word_size 64)(a\u00ff\u0007 u))",
      "Cannot decode Xenops.a?? at offset 31: must be a field that the reader knows",
    ],
    ["((time t))", "Cannot decode Xenops.word_size at offset 31: must be there"],
    ["((word_size 64))", "Cannot decode Xenops.time at offset 31: must be there"],
    [
      "((time t)(time t)(word_size 64))",
      "Cannot decode Xenops.time at offset 31: must be there once",
    ],
    ["((time t)(word_size x))", "Cannot decode Xenops.word_size at offset 31: must be an integer"],
    ["((time ())(word_size 64))", "Cannot decode Xenops.time at offset 31: must be an atom"],
    [
      "((time t)(word_size 64)(vm_str))",
      "Cannot decode Xenops at offset 31: each field must be a name and a value",
    ],
    [
      "((time t)(word_size 64)(vm_str a b))",
      "Cannot decode Xenops at offset 31: each field must be a name and a value",
    ],
    [
      "((time t)(word_size 64)(xs_subtree a))",
      "Cannot decode Xenops.xs_subtree at offset 31: must be a list of pairs",
    ],
    [
      "((time t)(word_size 64)(xs_subtree((a))))",
      "Cannot decode Xenops.xs_subtree at offset 31: must be a list of pairs",
    ],
    ["time", "Cannot decode Xenops at offset 31: must be a list of fields"],
    ["", "Cannot decode Xenops at offset 31: must have an s-expression"],
    ["((time t)", "Cannot decode Xenops at offset 40: a list must be closed"],
    [")", "Cannot decode Xenops at offset 31: a list must be opened before it is closed"],
    ["(a) b", "Cannot decode Xenops at offset 35: must be one s-expression: more follows"],
    ['((time "t', "Cannot decode Xenops at offset 38: a quoted atom must be closed"],
    ['("\\q")', "Cannot decode Xenops at offset 33: an escape must be one of sexplib"],
    ['("\\256")', "Cannot decode Xenops at offset 33: an escape must be one of sexplib"],
    ["(#| a |#)", "Cannot decode Xenops at offset 32: a comment must end with its line"],
    ["(#;a)", "Cannot decode Xenops at offset 32: a comment must end with its line"],
  ];
  for (const [text, message] of rows) {
    assert.throws(() => readXenopsRecord(text, 31), { name: "SuspendImageError", message }, text);
  }
  // A newer reader takes the field that an older one refuses.
  const fields = ["time", "word_size", "machine_uuid"];
  assert.equal(readXenopsRecord("((time t)(word_size 64)(machine_uuid u))", 0, fields).time, "t");
});

test("readSexp() reads escapes and comments, and writeSexp() quotes what needs it", () => {
  const text = '(a "b\\n\\t\\\\\\"\\065\\x42 \\\n   c"; (not read\n () "" \u00e9)';
  const read = readSexp(text, "x", 0);
  assert.deepEqual(read, ["a", 'b\n\t\\"AB c', [], "", "\u00e9"]);
  assert.equal(writeSexp(read), '(a "b\\n\\t\\\\\\"AB c"()"" "\\233")');
  assert.deepEqual(readSexp(writeSexp(read), "x", 0), read);
  assert.equal(writeSexp(["a|b", "#|", "a#b"]), '(a|b "#|" a#b)');
});

test("lists may be SEXP_DEPTH_MAX deep, and no more", () => {
  const deep = (depth: number) => "(".repeat(depth) + ")".repeat(depth);
  assert.equal(writeSexp(readSexp(deep(SEXP_DEPTH_MAX), "x", 0)), deep(SEXP_DEPTH_MAX));
  assert.throws(() => readSexp(deep(SEXP_DEPTH_MAX + 1), "x", 0), {
    message: "Cannot decode x at offset 64: lists must be at most 64 deep",
  });
});

test("what is long does not fill the stack", () => {
  const long = "x".repeat(4_000_000);
  for (const text of [long, `"${long}"`, `;${long}\na`, `${" ".repeat(4_000_000)}a`]) {
    assert.ok(readSexp(`(${text})`, "x", 0).length === 1);
  }
  const many = `"${"\\n".repeat(500_000)}"`;
  assert.equal(readSexp(many, "x", 0).length, 500_000);
});
