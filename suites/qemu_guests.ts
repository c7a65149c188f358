/**
 * Guests at work while their machine is carried from one QEMU into the next: a migration that was
 * completed is believed when the guest goes on, and its disk and its memory are right.
 *
 * Method: the guest reads its disk and writes its memory all the time, checks both, and counts. A
 * run without migration comes first; where it fails, nothing is asked.
 *
 * @module
 */
import { check, type Scenario, scenario, suite } from "../harness/mod.ts";

const MAIN = "QEMU, docs/devel/migration/main.rst";

/** What is done to the guest, and what must be, by mode. */
const MODES = {
  booted: "A guest that was stopped at its work goes on with it",
  "in-flight":
    "A request that waits for a bad disk is done by the good one that the guest comes to",
  live: "A guest that works while its machine is sent goes on with it",
  "live-postcopy": "A guest that goes ahead of its memory works while its pages come",
  snapshot: "A guest in a snapshot of one release goes on in another",
  "snapshot-job": "A guest in a snapshot that a job has made in one release goes on in another",
  reset: "A guest that has come is reset, and boots and works again",
} as const;

export default suite("qemu-guests", Object.entries(MODES).flatMap(scenarios));

function scenarios([mode, must]: readonly [string, string]): readonly Scenario[] {
  const common = { needs: ["counting"], when: { mode }, source: MAIN } as const;
  return [
    scenario({
      ...common,
      name: `${mode}/memory-is-as-it-was`,
      must: "A machine that has come is in the state that it left, its memory as it was",
      async after({ counting }) {
        const wrong = await counting.arrived();
        check(wrong === null, wrong ?? "");
      },
    }),
    scenario({
      ...common,
      name: `${mode}/goes-on`,
      must,
      async after({ counting }) {
        const wrong = await counting.goesOn();
        check(wrong === null, wrong ?? "");
      },
    }),
  ];
}
