/**
 * Controllers that answer wrongly, late or never again while their machine is serviced. A device
 * that is kept alive is asked for nothing that could show it.
 *
 * Method: the fault is armed when nobody runs, as upstream's tests do around a restart. Afterwards
 * the guest has worked with all of its disks, and what came of its requests is looked at.
 *
 * @module
 */
import { check, type Machine, type Scenario, scenario, suite } from "../harness/mod.ts";

const TESTS = "openvmm, vmm_tests/vmm_tests/tests/tests/multiarch/openhcl_servicing.rs";

/** By fault: what the controller does, and the test that upstream has of it. */
const KEPT_THROUGH = {
  "identify:panic:restore": ["dies of IDENTIFY", "servicing_keepalive_fault_if_identify"],
  "create-queue:panic:restore": ["dies of a new queue", "servicing_keepalive_with_nvme_fault"],
  "identify:payload:restore": [
    "tells another size of its namespaces",
    "servicing_keepalive_with_nvme_identify_fault",
  ],
  "log-page:delay:save": [
    "takes its time to tell which namespaces have changed",
    "_servicing_keepalive_with_missed_get_log_page",
  ],
} as const;

function sizesOf({ nvme }: Machine<"nvme">): string {
  return nvme
    .controllers()
    .flatMap(({ pciId, namespaces }) =>
      namespaces.map(({ nsid, blocks }) => `${pciId}/${nsid}: ${blocks}`),
    )
    .sort()
    .join(", ");
}

function keptThrough([fault, [does, test]]: [string, readonly [string, string]]): Scenario {
  const [place, kind] = fault.split(":");
  return scenario({
    name: `keepalive/outlives-${place}-${kind}`,
    must: `A guest notices nothing of a kept controller that ${does}`,
    source: `${TESTS}, ${test}`,
    needs: ["nvme", "guest"],
    needsCapabilities: ["nvme.keepalive"],
    when: { fault, devices: "nvme", request: "nvme" },
    before: sizesOf,
    after(machine, were) {
      const { issued, done } = machine.guest.io();
      check(done === issued, `of ${issued} requests ${done} were done`);
      const are = sizesOf(machine);
      check(are === were, `namespaces were ${were}, are ${are}`);
    },
  });
}

export default suite("nvme-faults", Object.entries(KEPT_THROUGH).map(keptThrough));
