/**
 * Saves that fail: the guest runs on as if nobody had asked, and the host is told why.
 *
 * Method: one fault in the first save. A scenario that is asked after the failed save looks at
 * the writer; one that is not, looks at the other side as usual.
 *
 * @module
 */
import { check, type Machine, type Scenario, scenario, suite } from "../harness/mod.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md, Save Failures";
const DISPATCH = "openvmm, underhill_core/src/dispatch/mod.rs, handle_servicing_request";

/** For claims about failed saves: a save that succeeds has nothing to show. */
function saved(): void {
  check(false, "the save succeeded");
}

function runs({ lifecycle }: Machine<"lifecycle">): void {
  check(lifecycle.running(), "the guest's processors do not run");
}

function says(expected: string): (machine: unknown, carried: unknown, message: string) => void {
  return (_machine, _carried, message) => {
    check(message.includes(expected), `the host was told "${message}"`);
  };
}

interface Failure {
  /** Continues "When". */
  readonly when: string;
  /** Part of what the host is told. */
  readonly text: string;
  readonly source: string;
}

/** A save that fails: the guest runs on, and the host is told. */
function failing(name: string, fault: string, { when, text, source }: Failure): Scenario[] {
  const common = { source, needs: ["lifecycle"], when: { fault }, after: saved } as const;
  return [
    scenario({
      ...common,
      name: `${name}/guest-runs-on`,
      must: `When ${when}, the guest runs on`,
      afterFailedSave: runs,
    }),
    scenario({
      ...common,
      name: `${name}/host-is-told`,
      must: `When ${when}, the host is told so`,
      afterFailedSave: says(text),
    }),
  ];
}

const KEPT_ALIVE = { devices: "nvme", request: "nvme" };

export default suite("save-failures", [
  ...failing("late-failure", "servicing:fail:save", {
    when: "servicing fails after everything was saved",
    text: "Simulated servicing save failure",
    source: DISPATCH,
  }),

  scenario({
    name: "late-failure/guest-keeps-its-memory",
    must: "A servicing that failed is no reboot: the guest's memory stays",
    source: DISPATCH,
    needs: ["lifecycle"],
    when: { fault: "servicing:fail:save" },
    before: ({ lifecycle }) => lifecycle.nonce(),
    after: saved,
    afterFailedSave({ lifecycle }, nonce) {
      check(lifecycle.nonce() === nonce, `nonce was ${nonce}, is ${lifecycle.nonce()}`);
    },
  }),

  scenario({
    name: "late-failure/namespaces-stay",
    must: "The guest has its NVMe namespaces after a servicing that failed",
    source: `${DISPATCH}: VM should keep running`,
    needs: ["nvme"],
    when: { fault: "servicing:fail:save", ...KEPT_ALIVE },
    before: ({ nvme }) => nvme.controllers(),
    after: saved,
    afterFailedSave({ nvme }, noted) {
      for (const { pciId, namespaces } of noted) {
        const now = nvme.controllers().find((controller) => controller.pciId === pciId);
        const is = now?.namespaces.length ?? 0;
        check(is === namespaces.length, `${pciId} had ${namespaces.length} namespaces, has ${is}`);
      }
    },
  }),

  scenario({
    name: "late-failure/channels-stay-open",
    must: "The guest's open channels are open after a servicing that failed",
    source: `${DISPATCH}: VM should keep running`,
    needs: ["vmbus"],
    when: { fault: "servicing:fail:save", devices: "relay" },
    before: ({ vmbus }) => vmbus.channels().filter(({ open }) => open),
    after: saved,
    afterFailedSave({ vmbus }, noted) {
      for (const { channelId } of noted) {
        const now = vmbus.channels().find((channel) => channel.channelId === channelId);
        check(now?.open === true, `channel ${channelId} is closed`);
      }
    },
  }),

  ...failing("unit-failure", "unit:unsavable:save", {
    when: "a state unit cannot be saved",
    text: "state unit save failed",
    source: `${GUIDE}: State units that fail to save are logged`,
  }),

  scenario({
    name: "unit-failure/content-is-kept",
    must: "No unit changes what it shows the guest when a save fails",
    source: GUIDE,
    needs: ["units"],
    when: { fault: "unit:unsavable:save" },
    before: ({ units }) => units.digests(),
    after: saved,
    afterFailedSave({ units }, noted) {
      for (const [name, digest] of units.digests()) {
        check(digest === noted.get(name), `${name} was ${noted.get(name)}, is ${digest}`);
      }
    },
  }),

  ...failing("vmgs-failure", "vmgs:unsavable:save", {
    when: "the VMGS file cannot be saved",
    text: "vmgs save failed",
    source: GUIDE,
  }),

  ...failing("pci-failure", "pci:held:save", {
    when: "a PCI device cannot be unbound for the restart",
    text: "failed to unbind",
    source: "openvmm, underhill_core, pci_shutdown, ShutdownError",
  }),

  scenario({
    name: "isolated/is-refused",
    must: "An isolated machine refuses to be serviced and says so",
    source: "openvmm, underhill_core/src/dispatch/mod.rs, handle_servicing_inner",
    needs: ["lifecycle"],
    when: { fault: "machine:isolated:save" },
    after: saved,
    afterFailedSave: says("Servicing is not yet supported for isolated VMs"),
  }),

  scenario({
    name: "isolated/guest-runs-on",
    must: "An isolated machine that refused runs on",
    source: "openvmm, underhill_core/src/dispatch/mod.rs, handle_servicing_inner",
    needs: ["lifecycle"],
    when: { fault: "machine:isolated:save" },
    after: saved,
    afterFailedSave: runs,
  }),

  scenario({
    name: "paused/is-refused",
    must: "A paused machine refuses to be serviced and says so",
    source: "openvmm, underhill_core/src/dispatch/mod.rs, handle_servicing_inner",
    needs: ["lifecycle"],
    when: { fault: "machine:paused:save" },
    after: saved,
    afterFailedSave: says("cannot service underhill while paused"),
  }),

  scenario({
    name: "paused/stays-paused",
    must: "A request that is refused does not start a machine which someone has paused",
    source: `${DISPATCH}: units start again if they were running`,
    needs: ["lifecycle"],
    when: { fault: "machine:paused:save" },
    after: saved,
    afterFailedSave({ lifecycle }) {
      check(!lifecycle.running(), "the guest's processors run");
    },
  }),

  scenario({
    name: "nvme-failure/does-not-block-servicing",
    must: "A driver that cannot be saved does not block servicing: the guest comes back running",
    source: `${GUIDE}: Non-critical failures are logged but don't block servicing`,
    needs: ["lifecycle"],
    when: { fault: "nvme:unsavable:save", ...KEPT_ALIVE },
    after: runs,
  }),

  scenario({
    name: "queue-failure/does-not-block-servicing",
    must: "A queue that cannot be saved does not block servicing: the guest comes back running",
    source: `${GUIDE}: Non-critical failures are logged but don't block servicing`,
    needs: ["lifecycle"],
    when: { fault: "queue:unsavable:save", ...KEPT_ALIVE },
    after: runs,
  }),

  scenario({
    name: "flush-failure/does-not-block-servicing",
    must: "Logs that cannot be flushed in time do not block servicing",
    source: "openvmm, underhill_core/src/dispatch/mod.rs, flush_logs_result",
    needs: ["lifecycle"],
    when: { fault: "logs:late:save" },
    after: runs,
  }),

  scenario({
    name: "flush-failure/is-reported-after-restart",
    must: "The other side reports that the logs were not flushed, and how long it was tried",
    source: "openvmm, underhill_core/src/servicing.rs, FlushLogsResult",
    needs: ["servicing"],
    when: { fault: "logs:late:save" },
    after({ servicing }) {
      const result = servicing.flushLogs();
      check(result !== null && result.error !== null, "no error was reported");
      check(result.durationUs >= 500_000n, `gave up after ${result.durationUs} us`);
    },
  }),
]);
