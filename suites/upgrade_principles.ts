/**
 * The first principles of saved state: any version reads what any other one wrote, and where it
 * cannot, it says so and does not crash.
 *
 * Method: save and restore; the path is the question. Nothing is said about devices.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const PRINCIPLES = "openvmm Guide, dev_guide/contrib/save-state.md, Save State First Principles";

export default suite("upgrade-principles", [
  scenario({
    name: "restore/understands-every-version",
    must: "Saved state is compatible from any version to any other one",
    source: `${PRINCIPLES} 1 and 2`,
    needs: ["lifecycle"],
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),

  scenario({
    name: "restore/does-not-crash",
    must: "A version that cannot use saved state of another one must not crash on it",
    source: `${PRINCIPLES} 1`,
    needs: ["lifecycle"],
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
    afterFailedRestore({ kind, reason }) {
      check(kind !== "crashed", `crashed: ${reason}`);
    },
  }),

  scenario({
    name: "restore/says-why-it-refuses",
    must: "A failed restore names the component that failed",
    source: "openvmm Guide, reference/architecture/openhcl_servicing.md, Restore Failures",
    needs: ["lifecycle"],
    after() {},
    afterFailedRestore({ kind, reason }) {
      if (kind === "refused") check((reason ?? "").length > 0, "refused without a reason");
    },
  }),
]);
