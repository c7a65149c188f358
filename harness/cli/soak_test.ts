import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Vitals } from "../adapter.ts";
import { check } from "../check.ts";
import type { KnownGrowth } from "../known_growth.ts";
import { scenario } from "../scenario.ts";
import { call, inDirectory } from "./called.ts";
import { counterImplementation, counterProduct, offered } from "./counter_product.ts";
import type { Product } from "./product.ts";

const LEAK: KnownGrowth = {
  name: "leaks-sockets",
  releases: ["2"],
  vitals: ["descriptors: socket"],
  link: "https://example.com/counter/2",
  note: "Release 2 keeps a socket of each update.",
};

function productWith(
  vitals: (look: number) => Vitals,
  growths: readonly KnownGrowth[] = [],
): Product {
  const counter = counterImplementation();
  const claim = { name: "stays", must: "It stays", source: "counter manual, 1" };
  const stays = scenario({ ...claim, needs: ["units"], after: () => check(true, "") });
  let look = 0;
  const adapter = {
    ...counter.adapter,
    async rig(...asked: Parameters<typeof counter.adapter.rig>) {
      return Object.assign(await counter.adapter.rig(...asked), { vitals: () => vitals(look++) });
    },
  };
  const soaked = { ...counter, adapter, soak: { scenario: stays, growths } };
  const implementations = offered({ counter: soaked });
  return { ...counterProduct(), implementations, soaked: ["counter"] };
}

const ASKED = ["soak", "counter", "--release", "2", "--updates", "20"];
const leaking = (look: number) => ({ "descriptors: socket": 1200 + look });

test("soak names what grows, exits 1, and keeps every sample", () =>
  inDirectory(async (directory) => {
    const asked = [...ASKED, "--out", directory];
    const { code, out, err } = await call(asked, { product: productWith(leaking) });
    assert.deepEqual([code, err], [1, ""]);
    const path = join(directory, "soak-counter-2.ndjson");
    assert.equal(
      out,
      `held                  started  first   last                      trend
descriptors: socket     1,200  1,201  1,220  1000.00 per 1,000 updates  grows
saved state (octets)               1      1                      level

Grows: descriptors: socket, 1,201 to 1,220, 1000.00 per 1,000 updates
20 updates of 2: 21 samples, 0 problems, 1 growth
Samples: ${path}
`,
    );
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    assert.equal(lines.length, 22);
    assert.equal(JSON.parse(lines[1] ?? "").vitals["descriptors: socket"], 1200);
  }));

test("soak exits 0 when all that grows is known, and 1 when it does not grow any more", () =>
  inDirectory(async (directory) => {
    const asked = [...ASKED, "--out", directory];
    const known = await call(asked, { product: productWith(leaking, [LEAK]) });
    assert.equal(known.code, 0);
    assert.match(known.out, /; known as leaks-sockets\n {2}Release 2 keeps .*\n {2}https:/);
    const level = productWith(() => ({ "descriptors: socket": 3 }), [LEAK]);
    const gone = await call([...asked, "--json"], { product: level });
    assert.equal(gone.code, 1);
    const { stale, growths } = JSON.parse(gone.out);
    assert.deepEqual([stale, growths], [["leaks-sockets"], []]);
  }));

test("soak ends at an interrupt with what it has", () =>
  inDirectory(async (directory) => {
    const asked = [...ASKED, "--out", directory, "--json"];
    const { code, out } = await call(asked, { product: productWith(leaking), interrupt: true });
    assert.equal(code, 130);
    assert.equal(JSON.parse(out).updates, 0);
  }));

test("soak says in one line what cannot be soaked, and exits 2", async () => {
  const product = productWith(leaking);
  for (const [args, expected] of [
    [["soak", "counters", "--release", "2"], 'Cannot find implementation "counters": '],
    [["soak", "counter", "--release", "9"], 'Cannot find release "9": '],
    [["soak", "counter", "--release", "2", "--updates", "0"], "Cannot run as --updates must be "],
    [["soak", "counter"], "Cannot run the command: required option '--release <name>' not "],
  ] as const) {
    const { code, err } = await call(args, { product });
    assert.equal(err.slice(0, expected.length), expected);
    assert.deepEqual([code, err.split("\n").length], [2, 2]);
  }
});
