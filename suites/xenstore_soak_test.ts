import assert from "node:assert/strict";
import { test } from "node:test";
import { REAL } from "../harness/adapters/xenstored/real.ts";
import { xenstored } from "../harness/implementations/xenstored.ts";
import { type SoakSample, soak, trendsOf } from "../harness/soak.ts";
import { Watchdog } from "../harness/watchdog.ts";
import { KNOWN_GROWTHS } from "./known/xenstored_growth.ts";
import { xenstoreSoak } from "./xenstore_soak.ts";

const UPDATES = 200;

// The model runs within this process, which holds more than a daemon.
const daemons = xenstored.space.releases.filter((name) => !name.startsWith("reference-"));

for (const release of daemons) {
  test(`${release} is updated ${UPDATES} times and holds what it held`, REAL, async () => {
    using watchdog = new Watchdog();
    const { adapter, space } = xenstored;
    const input = { adapter, space, release, scenario: xenstoreSoak, seed: 1, watchdog };
    const limits = { updates: UPDATES, every: 5, stopped: () => false };
    const samples: SoakSample[] = [];
    for await (const sample of soak({ ...input, ...limits })) samples.push(sample);
    assert.equal(samples.at(-1)?.updates, UPDATES);
    for (const { updates, problem } of samples) assert.equal(problem, undefined, `${updates}`);
    const mine = KNOWN_GROWTHS.filter(({ releases }) => releases.includes(release));
    const grown = [...trendsOf(samples)].filter(([, { grows }]) => grows).map(([name]) => name);
    assert.deepEqual(
      grown,
      mine.flatMap(({ vitals }) => vitals),
    );
  });
}
