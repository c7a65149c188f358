import assert from "node:assert/strict";
import { test } from "node:test";
import { compareReleases } from "./compare.ts";
import type { Finding } from "./finding.ts";
import {
  type Field,
  field,
  type Message,
  message,
  type Oneof,
  oneof,
  transparent,
  variant,
} from "./message.ts";
import * as t from "./type.ts";

const RELEASES = ["old", "new"];
const OLD = { until: "old" } as const;
const NEW = { since: "new" } as const;

test("a required field that the writer does not know breaks", () => {
  const [finding, ...others] = upgrade(field(1, "key", t.octets(4), NEW));
  assert.deepEqual(others, []);
  assert.deepEqual(finding, {
    message: "p.M",
    number: 1,
    field: "key",
    kind: "never-written",
    severity: "breaks",
    text: "is refused: missing required field (key), the writer does not know it",
    reason: "missing required field",
    example: {},
  });
});

test("each type without a default has its own reason", () => {
  const Kind = oneof("p.Kind", "p.rs", [variant(1, "A")]);
  const strict: t.Type[] = [
    t.choice(Kind),
    t.nonZeroU32,
    t.array(t.string, 2),
    t.tuple(t.u8, t.octets(1)),
  ];
  assert.deepEqual(
    strict.map((type) => upgrade(field(1, "f", type, NEW))[0]?.reason),
    [
      "missing enum variant",
      "value must be non-zero",
      "missing required field",
      "missing required field",
    ],
  );
});

test("a required field deep inside a new message is named by its path", () => {
  const Deep = message("p.Deep", "p.rs", [field(1, "a", t.u8), field(2, "id", t.octets(8))]);
  const [finding] = upgrade(field(1, "deep", t.nested(Deep), NEW));
  assert.match(finding?.text ?? "", /\(deep\.id\)/);
});

test("a new field with a default reads it, and an old reader loses it", () => {
  const added = field(1, "count", t.option(t.u32), NEW);
  assert.deepEqual(brief(upgrade(added)), ["1 count never-written defaults"]);
  assert.equal(upgrade(added)[0]?.text, "reads None: the writer does not know it");
  assert.deepEqual(brief(downgrade(added)), ["1 count dropped loses"]);
  assert.deepEqual(downgrade(added)[0]?.example, { count: 1 });
});

test("an example shows its own finding only", () => {
  const fragile = [field(1, "id", t.octets(1), OLD), field(1, "id", t.option(t.octets(1)), NEW)];
  const [first, second] = downgrade(...fragile, field(2, "n", t.u8, NEW));
  assert.deepEqual(first?.example, { id: null, n: 0 });
  assert.deepEqual(second?.example, { id: Uint8Array.of(1), n: 1 });
});

test("nothing but a required field that is never written has an example beside it", () => {
  const all = upgrade(field(1, "id", t.octets(1), NEW), field(2, "n", t.u8, OLD));
  assert.deepEqual(
    all.map(({ example }) => example),
    [{ n: 0 }, undefined],
  );
});

test("a field that moved to another number says so", () => {
  const moved = downgrade(field(4, "list", t.vec(t.u8), OLD), field(5, "list", t.vec(t.u8), NEW));
  assert.deepEqual(brief(moved), ["4 list never-written defaults", "5 list dropped loses"]);
  assert.equal(moved[1]?.text, "is dropped: the reader has list as field 4");
});

test("Option to mandatory breaks only where the type has no default", () => {
  const strict = [field(6, "id", t.octets(2), OLD), field(6, "id", t.option(t.octets(2)), NEW)];
  const [finding] = downgrade(...strict);
  assert.equal(finding?.severity, "breaks");
  assert.equal(finding?.text, "is refused when None: missing required field (id)");
  assert.deepEqual(finding?.example, { id: null });
  const lax = [field(6, "n", t.u32, OLD), field(6, "n", t.option(t.u32), NEW)];
  assert.deepEqual(brief(downgrade(...lax)), ["6 n may-be-none defaults"]);
});

test("mandatory to Option reads None only where a default is left out", () => {
  const lax = [field(6, "n", t.u32, OLD), field(6, "n", t.option(t.u32), NEW)];
  assert.deepEqual(brief(upgrade(...lax)), ["6 n may-be-none defaults"]);
  const strict = [field(6, "id", t.octets(2), OLD), field(6, "id", t.option(t.octets(2)), NEW)];
  assert.deepEqual(upgrade(...strict), []);
});

test("a message is left out only when nothing in it must be written", () => {
  const Id = message("p.Id", "p.rs", [field(1, "a", t.u8), field(2, "b", t.octets(8))]);
  const Count = message("p.Count", "p.rs", [field(1, "a", t.u8)]);
  const toOption = (type: t.Type) =>
    brief(upgrade(field(1, "f", type, OLD), field(1, "f", t.option(type), NEW)));
  assert.deepEqual(toOption(t.nested(Id)), []);
  assert.deepEqual(toOption(t.nested(Count)), ["1 f may-be-none defaults"]);
  assert.deepEqual(toOption(t.tuple(t.u8, t.nested(Id))), []);
});

test("a number with another name is another meaning, unless it was only renamed", () => {
  const other = upgrade(field(2, "status", t.u16, OLD), field(2, "control", t.u16, NEW));
  assert.deepEqual(brief(other), ["2 status meaning-changed reinterprets"]);
  assert.deepEqual(other[0]?.example, { status: 1 });
  const renamed = [
    field(2, "max", t.u16, OLD),
    field(2, "max_bytes", t.u16, { ...NEW, formerly: "max" }),
  ];
  assert.deepEqual(brief(upgrade(...renamed)), ["2 max renamed harmless"]);
  assert.deepEqual(brief(downgrade(...renamed)), ["2 max_bytes renamed harmless"]);
});

test("a number of another type breaks by its wire type, or is read as something else", () => {
  const between = (from: t.Type, to: t.Type) => {
    const [finding] = upgrade(field(1, "f", from, OLD), field(1, "f", to, NEW));
    return `${finding?.severity} ${finding?.text}`;
  };
  assert.equal(between(t.u32, t.i32), "reinterprets u32 is read as i32");
  assert.equal(between(t.u32, t.vec(t.u32)), "reinterprets u32 is read as Vec<u32>");
  assert.equal(between(t.u32, t.string), "breaks u32 is read as String: expected a byte array");
  assert.equal(between(t.string, t.u32), "breaks String is read as u32: expected a varint");
  assert.equal(between(t.f64, t.f32), "breaks f64 is read as f32: expected a fixed32");
  assert.match(between(t.array(t.u32, 2), t.array(t.u32, 3)), /wrong packed array length$/);
  assert.match(between(t.array(t.string, 2), t.array(t.string, 3)), /wrong array length$/);
  assert.match(between(t.zeroCopy("S", 8), t.zeroCopy("S", 9)), /invalid byte size for type$/);
});

test("Box is invisible", () => {
  assert.deepEqual(upgrade(field(1, "f", t.boxed(t.u32), OLD), field(1, "f", t.u32, NEW)), []);
});

test("a variant that the reader does not know breaks, one that it has extra does not", () => {
  const Kind = oneof("p.Kind", "p.rs", [
    variant(1, "A"),
    variant(2, "B", [field(1, "x", t.u8)], NEW),
  ]);
  const [finding, ...others] = between("new", "old", Kind);
  assert.deepEqual(others, []);
  assert.equal(finding?.kind, "unknown-variant");
  assert.equal(finding?.reason, "missing enum variant");
  assert.deepEqual(finding?.example, { variant: "B", value: { x: 0 } });
  assert.deepEqual(between("old", "new", Kind), []);
});

test("fields of a variant are compared as those of a message", () => {
  const Kind = oneof("p.Kind", "p.rs", [variant(3, "C", [field(9, "paused", t.bool, NEW)])]);
  const [finding] = between("new", "old", Kind);
  assert.equal(
    `${finding?.message} ${finding?.field} ${finding?.severity}`,
    "p.Kind.C paused loses",
  );
  assert.deepEqual(finding?.example, { variant: "C", value: { paused: true } });
});

test("the payload of a transparent variant is compared too", () => {
  const Kind = oneof("p.Kind", "p.rs", [
    transparent(1, "A", t.u32, OLD),
    transparent(1, "A", t.string, NEW),
  ]);
  const [finding] = between("old", "new", Kind);
  assert.equal(finding?.reason, "expected a byte array");
  assert.deepEqual(finding?.example, { variant: "A", value: 1 });
});

test("a variant's number under another name is another meaning", () => {
  const Kind = oneof("p.Kind", "p.rs", [variant(1, "A", [], OLD), variant(1, "B", [], NEW)]);
  assert.deepEqual(brief(between("old", "new", Kind)), ["1 A meaning-changed reinterprets"]);
});

test("a message under another name is compared with its former self", () => {
  const Before = message("old.M", "p.rs", [field(1, "a", t.u8)], OLD);
  const After = message("new.M", "p.rs", [field(1, "a", t.u8), field(2, "b", t.u8)], {
    since: "new",
    formerly: "old.M",
  });
  assert.deepEqual(brief(between("old", "new", Before, After)), [
    "0  renamed harmless",
    "2 b never-written defaults",
  ]);
  assert.deepEqual(brief(between("new", "old", Before, After)), [
    "0  renamed harmless",
    "2 b dropped loses",
  ]);
});

test("a message that only one side has is no finding of its own", () => {
  const Gone = message("p.Gone", "p.rs", [field(1, "key", t.octets(1))], OLD);
  assert.deepEqual(between("old", "new", Gone), []);
});

function between(from: string, to: string, ...declarations: (Message | Oneof)[]): Finding[] {
  const named = new Map(declarations.map((declaration) => [declaration.name, declaration]));
  return compareReleases(named, from, to, RELEASES);
}

function upgrade(...fields: Field[]): Finding[] {
  return between("old", "new", message("p.M", "p.rs", fields));
}

function downgrade(...fields: Field[]): Finding[] {
  return between("new", "old", message("p.M", "p.rs", fields));
}

function brief(findings: readonly Finding[]): string[] {
  return findings.map((each) => `${each.number} ${each.field} ${each.kind} ${each.severity}`);
}
