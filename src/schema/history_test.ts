import assert from "node:assert/strict";
import { test } from "node:test";
import { existsAt, fieldsAt, variantsAt } from "./history.ts";
import { field, message, oneof, variant } from "./message.ts";
import { historyOf } from "./message_history.ts";
import { choice, nested, octets, option, u8, u16, vec } from "./type.ts";

const RELEASES = ["a", "b", "c"];

const Inner = message("p.Inner", "p.rs", [field(1, "key", octets(2))]);
const Kind = oneof("p.Kind", "p.rs", [
  variant(1, "Off"),
  variant(2, "On", [field(1, "level", u8, { since: "c" })], { since: "b" }),
]);
const Outer = message(
  "p.Outer",
  "p.rs",
  [
    field(3, "last", u8),
    field(1, "old", u16, { until: "b" }),
    field(1, "new", option(u16), { since: "c", formerly: "old" }),
    field(2, "inner", nested(Inner)),
    field(4, "kinds", vec(choice(Kind))),
  ],
  { since: "b" },
);

test("existsAt counts since and until in", () => {
  const within = (release: string) => existsAt({ since: "b", until: "b" }, release, RELEASES);
  assert.deepEqual(RELEASES.map(within), [false, true, false]);
  assert.equal(existsAt({}, "a", RELEASES), true);
});

test("existsAt refuses a release that is none", () => {
  const text = "Cannot look up release as one of a, b, c: current value is d";
  assert.throws(() => existsAt({}, "d", RELEASES), { name: "RangeError", message: text });
  assert.throws(() => existsAt({ since: "x" }, "a", RELEASES), /look up since .* is x$/);
  assert.throws(() => existsAt({ until: "y" }, "a", RELEASES), /look up until .* is y$/);
});

test("fieldsAt keeps the order of declaration, not of numbers", () => {
  const names = (release: string) => fieldsAt(Outer, release, RELEASES).map(({ name }) => name);
  assert.deepEqual(names("b"), ["last", "old", "inner", "kinds"]);
  assert.deepEqual(names("c"), ["last", "new", "inner", "kinds"]);
});

test("variantsAt takes the variants of the release", () => {
  assert.deepEqual(
    variantsAt(Kind, "a", RELEASES).map(({ name }) => name),
    ["Off"],
  );
  assert.equal(variantsAt(Kind, "b", RELEASES).length, 2);
});

test("historyOf says when a field came and went, and how it looks on the wire", () => {
  const history = historyOf(Outer, RELEASES);
  assert.equal(history.kind, "message");
  assert.equal(history.since, "b");
  assert.equal(history.until, null);
  assert.deepEqual(
    history.fields.map(({ number, name, type, since, until, formerly, wire }) =>
      [number, name, type, since, until, formerly, wire].join(" | "),
    ),
    [
      "3 | last | u8 | b |  |  | varint",
      "1 | old | u16 | b | b |  | varint",
      "1 | new | Option<u16> | c |  | old | optional varint",
      "2 | inner | p.Inner | b |  |  | message; fails when missing: missing required field (key)",
      "4 | kinds | Vec<p.Kind> | b |  |  | repeated message with one variant",
    ],
  );
});

test("historyOf lists the fields of each variant", () => {
  const history = historyOf(Kind, RELEASES);
  assert.equal(history.kind, "enum");
  assert.deepEqual(history.fields[1], {
    number: 2,
    name: "On",
    type: "",
    since: "b",
    until: null,
    formerly: null,
    wire: "message",
    fields: [
      {
        number: 1,
        name: "level",
        type: "u8",
        since: "c",
        until: null,
        formerly: null,
        wire: "varint",
      },
    ],
  });
});
