/**
 * Two dumps compared. The cases are those of QEMU's own checker, whose test data has a version that
 * went back, a field, a subsection, a description and a section that are gone, and renamed ones;
 * then those in which it is wrong.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareDumps } from "./compare.ts";
import { readDump } from "./dump_reader.ts";
import { body, dumpOf, field, type Json, section, text } from "./fixture.ts";

/** What is found from a device described as `a` to one described as `b`. */
function found(a: Json, b: Json): string[] {
  return compareDumps(dumpOf(a), dumpOf(b)).differences.map(
    ({ kind, path, severity }) => `${severity}: ${kind} ${path}`,
  );
}

const TWO = [field("one", 4), field("two", 4)];
const INNER = field("inner", 88, { Description: body("inner", TWO) });

test("compareDumps() finds nothing between a dump and itself", () => {
  const same = body("dev", [...TWO, INNER], { Subsections: [body("dev/sub", TWO)] });
  assert.deepEqual(found(same, same), []);
});

test("compareDumps() tells versions that the reader does not take", () => {
  const at = (version: number, minimum: number) =>
    body("dev", TWO, { version_id: version, minimum_version_id: minimum });
  assert.deepEqual(found(at(2, 1), at(1, 1)), ["breaks: too-new dev"]);
  assert.deepEqual(found(at(1, 1), at(2, 2)), ["breaks: too-old dev"]);
  assert.deepEqual(found(at(1, 1), at(2, 1)), []);
  // The section's own version went back, that of its description did not.
  const newer = readDump(text({ dev: { ...section("dev", at(1, 1)), version_id: 2 } }));
  const [only] = compareDumps(newer, dumpOf(at(1, 1))).differences;
  assert.equal(only?.reason, "version 2 is written, the reader has 1");
});

test("compareDumps() tells fields, sizes and counts that do not fit", () => {
  const less = body("dev", [field("one", 4), field("three", 4)]);
  const more = body("dev", [field("one", 4), field("two", 8), field("three", 4)]);
  assert.deepEqual(found(more, less), ["breaks: field-removed dev.two"]);
  assert.deepEqual(found(less, more), ["breaks: field-added dev.two"]);
  const last = body("dev", [field("one", 4)]);
  assert.deepEqual(found(less, last), ["breaks: field-removed dev.three"]);
  assert.deepEqual(found(body("dev", [field("one", 2)]), last), ["breaks: size dev.one"]);
  const array = (num: number) => body("dev", [field("one", 4, { num })]);
  assert.deepEqual(found(array(2), array(3)), ["breaks: count dev.one"]);
  // The older release does not tell how long its arrays are.
  assert.deepEqual(found(last, array(3)), []);
});

test("compareDumps() doubts where the device decides", () => {
  const maybe = field("two", 8, { field_exists: true });
  const with_ = body("dev", [field("one", 4), maybe]);
  const without = body("dev", [field("one", 4)]);
  assert.deepEqual(found(with_, without), ["may break: field-removed dev.two"]);
  assert.deepEqual(found(without, with_), ["may break: field-added dev.two"]);
  const always = body("dev", [field("one", 4), field("two", 8)]);
  assert.deepEqual(found(always, with_), ["may break: reader-decides dev.two"]);
});

test("compareDumps() knows conditions that all machines of both sides meet", () => {
  const smb = (isConditional: boolean, size: number, holder = "piix4_pm") =>
    body(holder, [field("smb", size, { field_exists: isConditional })]);
  assert.deepEqual(found(smb(true, 4), smb(false, 4)), ["harmless: writer-decides piix4_pm.smb"]);
  assert.deepEqual(found(smb(false, 4), smb(true, 4)), ["harmless: reader-decides piix4_pm.smb"]);
  assert.deepEqual(found(smb(true, 4), smb(true, 8)), ["breaks: size piix4_pm.smb"]);
  assert.deepEqual(found(smb(true, 4, "dev"), smb(false, 4, "dev")), [
    "may break: writer-decides dev.smb",
  ]);
  assert.deepEqual(found(smb(true, 4, "dev"), smb(true, 8, "dev")), ["may break: size dev.smb"]);
});

test("compareDumps() tells subsections that only the writer knows", () => {
  const sub = (version: number, size = 4) =>
    body("dev", TWO, { Subsections: [body("dev/s", [field("x", size)], { version_id: version })] });
  const none = body("dev", TWO);
  assert.deepEqual(found(sub(1), none), ["may break: subsection-removed dev/dev/s"]);
  assert.deepEqual(found(none, sub(1)), ["harmless: subsection-added dev/dev/s"]);
  assert.deepEqual(found(sub(2), sub(1)), ["may break: too-new dev/dev/s"]);
  // It is sent when needed, so that what is wrong in it is not always.
  assert.deepEqual(found(sub(1), sub(1, 8)), ["may break: size dev/dev/s.x"]);
});

test("compareDumps() tells subsections that have the same name", () => {
  const first = body("s", TWO);
  const second = body("s", [field("other", 8)]);
  const twice = body("dev", TWO, { Subsections: [first, second] });
  assert.deepEqual(found(twice, twice), ["may break: subsection-twice dev/s"]);
});

test("compareDumps() tells devices and descriptions that the reader lacks", () => {
  const a = readDump(text({ dev: section("dev", body("dev", TWO)) }));
  const none = readDump(text({}));
  const [absent] = compareDumps(a, none).differences;
  assert.deepEqual([absent?.kind, absent?.severity], ["section-absent", "may break"]);
  const keyboard = readDump(text({ "ps2-kbd": section("ps2-kbd", body("ps2kbd", TWO)) }));
  const [known] = compareDumps(keyboard, none).differences;
  assert.deepEqual([known?.kind, known?.severity], ["section-absent", "harmless"]);
  const controller = (version: number) => {
    const described = body("ipmi-bmc-sim", TWO, { version_id: version });
    return readDump(text({ "ipmi-bmc-sim": section("ipmi-bmc-sim", described) }));
  };
  const kinds = [1, 2].map(
    (version) => compareDumps(controller(version), none).differences[0]?.kind,
  );
  assert.deepEqual(kinds, ["section-absent", "too-new"]);
  assert.deepEqual(compareDumps(none, a).differences, []);
  assert.deepEqual(found(body("dev", TWO), body("other", TWO)), ["breaks: description dev"]);
  assert.deepEqual(found(body("dev", TWO), body("dev", undefined)), ["breaks: undescribed dev"]);
  assert.deepEqual(found(body("dev", undefined), body("dev", TWO)), ["may break: undescribed dev"]);
  const { differences, opaque } = compareDumps(
    dumpOf(body("dev", undefined)),
    dumpOf(body("dev", undefined)),
  );
  assert.deepEqual([differences.length, opaque[0]?.path], [0, "dev"]);
});

test("compareDumps() knows a type by its section when its name changed", () => {
  const called = (type: string) => readDump(text({ [type]: section(type, body("dev", TWO)) }));
  const { differences } = compareDumps(called("old dev"), called("new-dev"));
  assert.deepEqual(
    differences.map(({ kind, severity }) => `${severity}: ${kind}`),
    ["harmless: section-renamed"],
  );
});

test("compareDumps() leaves out fields that are newer than what is written", () => {
  const newer = [field("one", 4), field("new", 8, { version_id: 2 }), field("two", 4)];
  const two = body("dev", newer, { version_id: 2 });
  assert.deepEqual(found(body("dev", TWO), two), []);
});

test("compareDumps() does not mind versions and names of structures within", () => {
  const inner = (name: string, version: number, fields = TWO) =>
    body("dev", [field("in", 88, { Description: body(name, fields, { version_id: version }) })]);
  assert.deepEqual(found(inner("a", 2), inner("b", 2)), []);
  assert.deepEqual(found(inner("a", 2), inner("a", 1)), ["harmless: inner-version dev.in"]);
  const grown = inner("a", 2, [...TWO, field("three", 8)]);
  assert.deepEqual(found(grown, inner("a", 1)), ["breaks: field-removed dev.in.three"]);
});

test("compareDumps() opens structures that fields were moved into, or out of", () => {
  const flat = body("dev", [field("zero", 1), ...TWO, field("last", 2)]);
  const deep = body("dev", [
    field("zero", 1),
    field("outer", 99, { Description: body("outer", [INNER]) }),
    field("last", 2),
  ]);
  assert.deepEqual(found(flat, deep), []);
  assert.deepEqual(found(deep, flat), []);
});

test("compareDumps() tells renamed fields from others by what is known of them", () => {
  const one = (name: string, size = 4, holder = "dev") => body(holder, [field(name, size)]);
  assert.deepEqual(found(one("dev", 4, "e1000"), one("parent_obj", 4, "e1000")), [
    "harmless: field-renamed e1000.dev",
  ]);
  assert.deepEqual(found(one("pm1a.en", 2, "piix4_pm"), one("ar.pm1.evt.en", 2, "piix4_pm")), [
    "harmless: field-renamed piix4_pm.pm1a.en",
  ]);
  assert.deepEqual(found(one("pm1a.en", 2, "piix4_pm"), one("ar.pm1.cnt.cnt", 2, "piix4_pm")), [
    "may break: field-renamed piix4_pm.pm1a.en",
  ]);
  assert.deepEqual(found(one("a"), one("b")), ["may break: field-renamed dev.a"]);
  assert.deepEqual(found(one("a"), one("unused")), ["harmless: field-renamed dev.a"]);
  assert.deepEqual(found(one("unused"), one("b")), ["may break: field-renamed dev.unused"]);
  assert.deepEqual(found(one("a"), one("b", 8)), [
    "breaks: field-removed dev.a",
    "breaks: field-added dev.b",
  ]);
  assert.deepEqual(found(body("dev", TWO), one("unused", 8)), ["harmless: field-replaced dev.one"]);
  assert.deepEqual(found(one("__proto__"), one("__proto__")), []);
});

test("compareDumps() tells values that it cannot see", () => {
  const { opaque } = compareDumps(
    dumpOf(body("virtio-net", [field("virtio", 0)])),
    dumpOf(body("virtio-net", [field("virtio", 0)])),
  );
  assert.deepEqual(opaque, [
    { section: "dev", path: "virtio-net.virtio", reason: "its size depends on the device" },
  ]);
});
