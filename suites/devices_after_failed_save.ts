/**
 * Devices after a save that failed: OpenHCL lets go of them while it saves, and the guest that runs
 * on needs them back.
 *
 * Method: one fault in the first save, then a look at the writer. Sources are what upstream does
 * and the note in it of what is still missing (BUGBUG in `resume_drivers`).
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const DISPATCH = "openvmm, underhill_core/src/dispatch/mod.rs, handle_servicing_request";

/** For claims about failed saves: a save that succeeds has nothing to show. */
function saved(): void {
  check(false, "the save succeeded");
}

export default suite("devices-after-failed-save", [
  ...["late-failure/adapters-stay", "vmgs-failure/adapters-stay"].map((name) =>
    scenario({
      name,
      must: "The guest has its network adapters after a servicing that failed",
      source: `${DISPATCH}: VM should keep running`,
      needs: ["nic"],
      when: {
        fault: name.startsWith("late") ? "servicing:fail:save" : "vmgs:unsavable:save",
        devices: "nvme+mana",
        request: "nvme+mana",
      },
      before: ({ nic }) => nic.adapters().map(({ pciId }) => pciId),
      after: saved,
      afterFailedSave({ nic }, noted) {
        const now = nic.adapters().map(({ pciId }) => pciId);
        const gone = noted.find((pciId) => !now.includes(pciId));
        check(gone === undefined, `${gone} is gone`);
      },
    }),
  ),

  scenario({
    name: "unit-failure/disks-work",
    must: "When a state unit cannot be saved, the guest can go on using its NVMe disks",
    source: `${DISPATCH}: VM should keep running`,
    needs: ["nvme"],
    when: { fault: "unit:unsavable:save", devices: "nvme", request: "nvme" },
    after: saved,
    afterFailedSave({ nvme }) {
      const dead = nvme.controllers().find(({ working }) => !working);
      check(dead === undefined, `${dead?.pciId} takes no I/O`);
    },
  }),

  ...["late-failure/host-is-heard", "pci-failure/host-is-heard"].map((name) =>
    scenario({
      name,
      must: "After a servicing that failed, messages of the host's bus are taken again",
      source: `${DISPATCH}: resume_drivers`,
      needs: ["vmbus"],
      when: {
        fault: name.startsWith("late") ? "servicing:fail:save" : "pci:held:save",
        devices: "relay",
      },
      after: saved,
      afterFailedSave({ vmbus }) {
        check(vmbus.listening(), "the VMBus client is stopped");
      },
    }),
  ),
]);
