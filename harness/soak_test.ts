import assert from "node:assert/strict";
import { test } from "node:test";
import type { Adapter, Vitals } from "./adapter.ts";
import { check } from "./check.ts";
import { keepsCount } from "./counter_claim.ts";
import { counterAdapter, counterSpace } from "./counter_machine.ts";
import { type SoakSample, soak, trendsOf, usualEvery } from "./soak.ts";
import { Watchdog } from "./watchdog.ts";

/** A counter whose program holds what `held` says at each look. */
function holding(held: (look: number) => Vitals): Adapter {
  const counter = counterAdapter();
  let look = 0;
  return {
    ...counter,
    async rig(settings, seed) {
      const rig = await counter.rig(settings, seed);
      return Object.assign(rig, { vitals: () => held(look++) });
    },
  };
}

async function samplesOf(
  adapter: Adapter,
  more: Partial<Parameters<typeof soak>[0]> = {},
): Promise<SoakSample[]> {
  using watchdog = new Watchdog();
  const input = { adapter, space: counterSpace, release: "2", scenario: keepsCount, seed: 1 };
  const limits = { updates: 40, every: 4, watchdog, stopped: () => false };
  const samples: SoakSample[] = [];
  for await (const sample of soak({ ...input, ...limits, ...more })) samples.push(sample);
  return samples;
}

test("soak() takes a sample before the first update and one for each stretch", async () => {
  const samples = await samplesOf(
    holding(() => ({ descriptors: 3 })),
    { updates: 10 },
  );
  assert.deepEqual(
    samples.map(({ updates }) => updates),
    [0, 4, 8, 10],
  );
  assert.deepEqual(samples[0]?.vitals, { descriptors: 3 });
  assert.deepEqual(samples[1]?.vitals, { descriptors: 3, "saved state (octets)": 1 });
});

test("soak() says what the scenario found, and goes on", async () => {
  let looks = 0;
  const claim = { ...keepsCount, after: () => check(++looks !== 2, "the count is lost") };
  const samples = await samplesOf(counterAdapter(), { updates: 12, scenario: claim });
  const found = samples.map(({ problem }) => problem);
  assert.deepEqual(found, [undefined, undefined, "CheckError: the count is lost", undefined]);
});

test("soak() ends with the update that loses the machine", async () => {
  const samples = await samplesOf(counterAdapter("throws-at-restore"));
  assert.deepEqual(samples.slice(1), [
    { updates: 0, vitals: {}, problem: "TypeError: no such program", lost: true },
  ]);
});

test("soak() keeps a last sample when it is stopped", async () => {
  let asked = 0;
  const samples = await samplesOf(counterAdapter(), { stopped: () => ++asked > 6 });
  assert.deepEqual(
    samples.map(({ updates }) => updates),
    [0, 4, 6],
  );
});

test("trendsOf() names what grows after the first update", async () => {
  const samples = await samplesOf(
    holding((look) => ({
      "descriptors: socket": 5 + look,
      "descriptors: pipe": look === 0 ? 9 : 3,
      "private memory (KiB)": 1000 + look,
      "proportional memory (KiB, shared)": 1000 + 1000 * look,
    })),
  );
  const grown = [...trendsOf(samples)].filter(([, { grows }]) => grows).map(([name]) => name);
  assert.deepEqual(grown, ["descriptors: socket"]);
  assert.equal(trendsOf(samples).get("descriptors: socket")?.slope, 0.25);
});

test("trendsOf() counts what was not there at a sample as none", () => {
  const samples = Array.from({ length: 20 }, (_, n): SoakSample => {
    return { updates: n + 1, vitals: n < 10 ? {} : { "descriptors: socket": 1 } };
  });
  assert.equal(trendsOf(samples).get("descriptors: socket")?.grows, true);
});

test("usualEvery() makes a hundred samples, or one for each update", () => {
  assert.deepEqual([usualEvery(10_000), usualEvery(250), usualEvery(7)], [100, 2, 1]);
});
