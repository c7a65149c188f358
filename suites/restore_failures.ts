/**
 * Restores that fail, or that must not fail although something is missing.
 *
 * Method: one fault between the first save and the restore that follows.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md, Restore Failures";
const UNITS = "openvmm, vmm_core/state_unit/src/lib.rs, restore";

/** Nothing that a restore looks at before its units, so that no other refusal comes first. */
const QUIET = { devices: "none", request: "none", lifetime: "Default" };

/** For claims about failed restores: one that succeeds has nothing to show. */
function restored(): void {
  check(false, "the restore succeeded");
}

export default suite("restore-failures", [
  scenario({
    name: "stuck-restore/is-noticed",
    must: "A restore that is stuck does not pass for one that is done",
    source: `${GUIDE}; SERVICING_RESTORE_STUCK`,
    needs: ["lifecycle"],
    when: { fault: "servicing:stuck:restore" },
    after: restored,
    afterFailedRestore({ kind, reason }) {
      check(kind === "hung", `${kind}: ${reason}`);
    },
  }),

  scenario({
    name: "unknown-unit/is-refused",
    must: "State of a unit that the machine does not have is refused, not dropped and no crash",
    source: UNITS,
    needs: ["lifecycle"],
    when: { fault: "unit:unknown:between", ...QUIET },
    after: restored,
    afterFailedRestore({ kind, reason = "" }) {
      check(kind === "refused", `${kind}: ${reason}`);
      check(reason.includes("unknown unit name"), `the reason given is "${reason}"`);
    },
  }),

  scenario({
    name: "duplicate-unit/is-refused",
    must: "Two states of the same unit are refused, and no crash",
    source: UNITS,
    needs: ["lifecycle"],
    when: { fault: "unit:twice:between", ...QUIET },
    after: restored,
    afterFailedRestore({ kind, reason = "" }) {
      check(kind === "refused", `${kind}: ${reason}`);
      check(reason.includes("duplicate unit name"), `the reason given is "${reason}"`);
    },
  }),

  scenario({
    name: "lost-nic/is-created-anew",
    must: "A network device that cannot be taken over is set up anew, and the guest comes back",
    source: "openvmm, issue 2427: mana: recreate device on restore failure",
    needs: ["lifecycle"],
    when: { fault: "nic:reset:between", devices: "nvme+mana", request: "nvme+mana" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),

  scenario({
    name: "missing-unit/does-not-block",
    must: "A unit without saved state does not keep the machine from running",
    source: UNITS,
    needs: ["lifecycle"],
    when: { fault: "unit:missing:between" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),

  scenario({
    name: "missing-unit/others-are-restored",
    must: "When one unit has no saved state, at most that one shows the guest other content",
    source: UNITS,
    needs: ["units"],
    when: { fault: "unit:missing:between" },
    before: ({ units }) => units.digests(),
    after({ units }, noted) {
      const found = units.found?.() ?? units.digests();
      const changed = [...found].filter(([name, digest]) => noted.get(name) !== digest);
      const names = changed.map(([name]) => name).join(", ");
      check(changed.length <= 1, `changed: ${names}`);
    },
  }),

  scenario({
    name: "disconnected-client/comes-back",
    must: "A machine whose VMBus client was not connected comes back running",
    source: "openvmm, vmbus_client/src/saved_state.rs: Disconnected has nothing to restore",
    needs: ["lifecycle"],
    when: { point: "client:none", devices: "relay" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),

  scenario({
    name: "disconnected-client/opens-no-channel",
    must: "Where no channel was open, none is after restore",
    source: "openvmm, vmbus_client/src/saved_state.rs",
    needs: ["vmbus"],
    when: { point: "client:none", devices: "relay" },
    before: ({ vmbus }) => vmbus.channels().filter(({ open }) => open).length,
    after({ vmbus }, was) {
      const found = vmbus.found?.()?.channels ?? vmbus.channels();
      const is = found.filter(({ open }) => open).length;
      check(is <= was, `${was} channels were open, now ${is}`);
    },
  }),

  scenario({
    name: "killed-restore/can-be-tried-again",
    must: "A restore that dies when it is nearly done can be done again from the same state",
    source: `${GUIDE}; PROCESS_START of the host, once more after a crash`,
    needs: ["lifecycle"],
    when: { fault: "resume:crash-after:restore", devices: "nvme", request: "nvme" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
  }),

  scenario({
    name: "lost-controller/hangs-nobody",
    must: "A restore that finds an NVMe controller gone succeeds or fails, and does not hang",
    source: "openvmm, openhcl/underhill_core/src/nvme_manager/manager.rs",
    needs: ["lifecycle"],
    when: { fault: "registers:gone:restore", devices: "nvme", request: "nvme" },
    after({ lifecycle }) {
      check(lifecycle.running(), "the guest does not run");
    },
    afterFailedRestore({ kind, reason = "" }) {
      check(kind !== "hung", `hung: ${reason}`);
    },
  }),
]);
