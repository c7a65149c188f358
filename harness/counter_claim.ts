/**
 * What a counter must do at every hop, for tests of what runs it.
 *
 * @module
 */
import { check } from "./check.ts";
import { scenario } from "./scenario.ts";

export const keepsCount = scenario({
  name: "keeps-count",
  must: "The count survives",
  source: "counter manual, 1",
  needs: ["units"],
  before: ({ units }) => units.digests().get("counter"),
  after({ units }, was) {
    const is = units.digests().get("counter");
    check(is === was, `count was ${was} and is ${is}`);
  },
});
