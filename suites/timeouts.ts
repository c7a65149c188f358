/**
 * Deadlines of a save: the host gives a hint, and a watchdog ends what takes longer.
 *
 * Method: one fault in the first save; time is the machine's own clock.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md, Timeout Handling";

export default suite("timeouts", [
  scenario({
    name: "stuck-save/ends-by-its-deadline",
    must: "A save that is stuck ends by its deadline, with an answer or without the machine",
    source: GUIDE,
    needs: ["lifecycle"],
    when: { fault: "servicing:stuck:save" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),

  scenario({
    name: "slow-save/does-not-cost-the-guest",
    must: "A save that takes longer than the host's hint does not end the machine",
    source: `${GUIDE}: OpenHCL attempts to complete save before deadline`,
    needs: ["lifecycle"],
    when: { fault: "units:slow:save" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),

  scenario({
    name: "unset-hint/leaves-time-to-save",
    must: "A hint of 65535 s stands for none, and the save has time enough",
    source: "openvmm, underhill_core/src/dispatch/mod.rs, timeout_hint",
    needs: ["lifecycle"],
    when: { fault: "host:no-timeout:save" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),
]);
