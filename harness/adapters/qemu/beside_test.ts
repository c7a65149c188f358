/** Descriptions beside loads: rows as runs write them, and a machine of the oldest release. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { readStream } from "../../../src/qemu_stream/mod.ts";
import { compareDumps, type Difference, readDump } from "../../../src/qemu_vmstate/mod.ts";
import { besideLines, loadRows, verdictOf } from "./beside.ts";
import { describe } from "./describe.ts";
import { type Forecast, foretell } from "./foretell.ts";
import { real } from "./real.ts";
import { RELEASES, type Release } from "./releases.ts";

const [OLDEST, BOOKWORM] = RELEASES as [Release, Release];

const BASE = { writer: "5.2", reader: "7.2", set: "e1000", machine: "pc-q35-5.2" };
const row = (more: object) => JSON.stringify({ ...BASE, ...more });

test("loadRows() takes cold loads of a pair that began", () => {
  const lines = [
    row({ verdict: "passed", mode: "cold", text: "" }),
    row({ verdict: "refused", class: "layout", text: "no" }),
    row({ verdict: "refused", class: "absent" }),
    row({ verdict: "passed", mode: "booted" }),
    row({ verdict: "passed", reader: "11.1" }),
    row({ verdict: "unsupported" }),
    "{",
    "7",
  ];
  const { set, machine } = BASE;
  assert.deepEqual(loadRows(lines, "5.2", "7.2"), [
    { set, machine, isLoaded: true, text: "" },
    { set, machine, isLoaded: false, text: "no" },
  ]);
});

test("loadRows() counts a machine as loaded that came and was then found changed", () => {
  const lines = ["lost-state", null, "guest-dead", "field"].map((kind) =>
    row({ verdict: "failed", class: kind, text: "changed" }),
  );
  assert.deepEqual(
    loadRows(lines, "5.2", "7.2").map(({ isLoaded }) => isLoaded),
    [true, true, true, false],
  );
});

const DIFFERENCE: Difference = {
  kind: "field-removed",
  section: "0000:00:02.0/e1000",
  path: "e1000.x",
  severity: "breaks",
  whenThere: "breaks",
  reason: "",
};
const DARK: Forecast = { differences: [], dark: ["timer"], opaque: ["0000:00:01.0/virtio-net"] };

test("verdictOf() tells false alarms and what was missed, and why", () => {
  const loaded = { set: "s", machine: "m", isLoaded: true, text: "" };
  const broken = (device: string) => {
    const text = `error while loading state for instance 0x0 of device '${device}'`;
    return { ...loaded, isLoaded: false, text };
  };
  const alarm = { ...DARK, differences: [DIFFERENCE] };
  assert.match(
    verdictOf(loaded, alarm),
    /^false alarm: .* field-removed e1000\.x of 0000:00:02\.0/,
  );
  assert.equal(verdictOf(broken("0000:00:02.0/e1000"), alarm), "");
  const doubt: Forecast = { ...DARK, differences: [{ ...DIFFERENCE, severity: "may break" }] };
  assert.deepEqual([verdictOf(loaded, doubt), verdictOf(broken("x"), doubt)], ["", ""]);
  assert.equal(verdictOf(loaded, DARK), "");
  assert.match(verdictOf(broken("timer"), DARK), /^missed: timer, as no description covers it: /);
  const virtio = "0000:00:01.0/virtio-net";
  assert.match(verdictOf(broken(virtio), DARK), /as its description is not all that is saved: err/);
  assert.match(
    verdictOf(broken("other"), DARK),
    /^missed: other, as its description is the same: /,
  );
});

async function dumps(writer: Release, reader: Release) {
  const of = async ({ name }: Release) => readDump(await describe(name, "none"));
  return [await of(writer), await of(reader)] as const;
}

function captured(name: string) {
  const url = new URL(`../../../fixtures/qemu/streams/${name}.mig.gz`, import.meta.url);
  return readStream(gunzipSync(readFileSync(url)));
}

test("foretell() looks at what the stream has, and no further", real(OLDEST), async () => {
  const [a, b] = await dumps(BOOKWORM, OLDEST);
  const forecast = foretell(captured("q35-52-virtio-rng_7.2"), a, compareDumps(a, b));
  // ICH9-LPC may send a subsection that 5.2 does not know, and did not.
  assert.deepEqual(
    forecast.differences.filter(({ severity }) => severity !== "harmless"),
    [],
  );
  assert.ok(forecast.dark.includes("ram") && forecast.dark.includes("timer"));
  assert.ok(forecast.opaque.some((name) => name.endsWith("/virtio-rng")));
  const sent = compareDumps(a, b).differences.find(({ kind }) => kind === "subsection-removed");
  assert.equal(sent?.severity, "may break");
});

test("besideLines() holds a run beside what is foretold", real(OLDEST), async () => {
  const rows = [
    row({ verdict: "passed", set: "e1000" }),
    row({ verdict: "refused", set: "vga", text: "x of device 'ram'" }),
  ];
  const names = ["5.2", "7.2"] as const;
  const lines: string[] = [];
  for await (const line of besideLines(rows, names, await dumps(OLDEST, BOOKWORM)))
    lines.push(line);
  assert.deepEqual(lines, [
    "5.2 -> 7.2: vga on pc-q35-5.2: missed: ram, as no description covers it: x of device 'ram'",
    "5.2 -> 7.2: 1 as foretold, 0 in doubt, 0 false alarms, 1 missed",
  ]);
});
