/** Changes between streams that real QEMUs have sent, and in some that were tampered with. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { leavesOf, readStream, type Section, subsectionsOf } from "../src/qemu_stream/mod.ts";
import { changesOf } from "./qemu_changes.ts";
import { type ReadStream, streamOf } from "./qemu_streams.ts";

const FOLDER = new URL("../fixtures/qemu/streams/", import.meta.url);

/** Octets behind the content of a section. */
const FOOTER_LENGTH = 5;

function captured(name: string): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(new URL(`${name}.mig.gz`, FOLDER))));
}

function changes(given: string, again: string): string[] {
  const found = changesOf(streamOf(captured(given)), streamOf(captured(again)));
  return found.map(({ section, text }) => `${section}: ${text}`);
}

test("changesOf() names what differs between captures of one machine, and nothing else", () => {
  assert.deepEqual(changes("isapc_10.0.2", "isapc_11.1"), []);
  assert.deepEqual(changes("isapc_10.0.13", "isapc_5.2"), [
    "cpu: env.hflags2 was 257, and is 1",
    "pckbd: kbd.<pckbd/extended_state> is not sent on",
    "isa-ide: it is not sent on",
  ]);
  assert.deepEqual(changes("i440fx52-e1000_5.2", "i440fx52-e1000_11.1"), [
    "cpu: env.hflags2 was 1, and is 257",
    "0000:00:01.3/piix4_pm: <piix4_pm/cpuhp> was not there before",
    "0000:00:01.3/piix4_pm: ar.pm1.evt.sts was 0, and is 1",
  ]);
});

/** `stream` with other content of a section, whose octets are others, too. */
function tampered(
  stream: ReadStream,
  idstr: string,
  contentOf: (content: Section["content"]) => Section["content"],
): ReadStream {
  const octets = stream.octets.slice();
  const parts = stream.stream.parts.map((part) => {
    if (part.kind !== "section" || part.idstr !== idstr) return part;
    const { offset = 0, length = 0, content } = part;
    for (let at = offset; at < offset + length; at++) octets[at] = ~(octets[at] ?? 0);
    return { ...part, content: contentOf(content) };
  });
  return { ...stream, octets, stream: { ...stream.stream, parts } };
}

test("changesOf() looks into sections that no field is known of, and at the run state", () => {
  const given = streamOf(captured("none_7.2"));
  const blind = tampered(given, "timer", () => ({ kind: "octets", octets: Uint8Array.of(1, 2) }));
  const other = tampered(blind, "timer", () => ({ kind: "octets", octets: Uint8Array.of(1) }));
  assert.deepEqual(changesOf(blind, other), [
    { section: "timer", text: "state was 2 octets, and is 1 octets" },
  ]);
  const again = tampered(given, "globalstate", (content) => {
    assert.equal(content.kind, "fields");
    const fields = content.fields.map((field) =>
      field.kind === "octets" ? { ...field, octets: new TextEncoder().encode("lost\0") } : field,
    );
    return { ...content, fields };
  });
  const [change, ...more] = changesOf(given, again);
  assert.match(change?.text ?? "", /^runstate was \d+ octets, and is 4 octets$/);
  assert.deepEqual(more, []);
});

test("changesOf() counts values where there are more of them", () => {
  const given = streamOf(captured("none_7.2"));
  const again = tampered(given, "timer", (content) => {
    assert.equal(content.kind, "fields");
    return { ...content, fields: content.fields.slice(1) };
  });
  assert.deepEqual(changesOf(given, again), [
    { section: "timer", text: "it had 3 values, and has 2" },
  ]);
});

test("streamOf() reads the same octets once, wherever they come from", () => {
  const first = streamOf(captured("none_5.2"));
  assert.equal(streamOf(captured("none_5.2")), first);
  const other = captured("none_5.2");
  const { offset = 0, length = 0 } = first.stream.parts.find(
    (part) => part.kind === "section" && part.idstr === "timer",
  ) as Section;
  const at = offset + length - FOOTER_LENGTH - 1;
  other[at] = ~(other[at] ?? 0);
  assert.notEqual(streamOf(other), first);
  assert.equal(changesOf(first, streamOf(other)).length, 1);
});

test("subsectionsOf() names subsections as leavesOf() does", () => {
  for (const name of ["i440fx52-e1000_11.1", "isapc_11.1", "q35-52-virtio-rng_7.2"]) {
    for (const part of readStream(captured(name)).parts) {
      if (part.kind !== "section" || part.content.kind !== "fields") continue;
      const versions = leavesOf(part.content).filter(({ type }) => type === "version");
      const places = subsectionsOf(part.content);
      assert.deepEqual(
        places.map(({ path }) => path),
        versions.map(({ path }) => path),
      );
    }
  }
});
