/**
 * A machine that has just been restored can be serviced once more at once: a host that has found
 * the next release does not wait until the guest has had what it waits for.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";

export const savesAgain: Oracle = {
  name: "saves-again",
  must: "A machine can be saved again right after its restore, before its guest goes on",
  source: "openvmm, pulls 2736 and 2753",
  needs: [],
  wants: ["again"],
  judge({ again }) {
    const save = again?.save;
    if (save === undefined) return;
    check(save.kind === "done", `the second save ${save.kind}: ${save.reason}`);
  },
};
