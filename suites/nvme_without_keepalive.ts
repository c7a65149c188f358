/**
 * NVMe without keepalive: the host asks for no keepalive, so devices are shut down cleanly and
 * initialised again, and nothing of the old driver's commands may be taken for its own.
 *
 * Method: as in `nvme_keepalive.ts`, on conditions whose request asks for no keepalive.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const GUIDE = "openvmm Guide, reference/architecture/openhcl_servicing.md, Without Keepalive";
const WITHOUT = { request: "none" };

export default suite("nvme-without-keepalive", [
  scenario({
    name: "controller/is-reset",
    must: "The controller is reset between the two drivers",
    source: `${GUIDE} 1 and 2`,
    needs: ["nvme"],
    when: WITHOUT,
    before: ({ nvme }) => nvme.controllers(),
    after({ nvme }, noted) {
      for (const { pciId, resets } of nvme.controllers()) {
        const before = noted.find((controller) => controller.pciId === pciId)?.resets ?? 0;
        check(resets > before, `${pciId}: ${before} resets, now ${resets}`);
      }
    },
  }),

  scenario({
    name: "driver/initialises-the-controller",
    must: "The device is fully reinitialised: the driver takes nothing over and identifies it",
    source: `${GUIDE} 4`,
    needs: ["nvme"],
    when: WITHOUT,
    after({ nvme }) {
      for (const { pciId, restored, adminOpcodes } of nvme.controllers()) {
        check(!restored, `${pciId} was taken over`);
        check(
          adminOpcodes.some((opcode) => opcode.startsWith("IDENTIFY")),
          `${pciId} received no IDENTIFY but ${adminOpcodes.join(", ")}`,
        );
      }
    },
  }),

  scenario({
    name: "commands/none-are-stale",
    must: "No command of the old driver is waited for",
    source: `${GUIDE} 3: All device state is lost`,
    needs: ["nvme"],
    when: WITHOUT,
    after({ nvme }) {
      for (const { pciId, outstandingCids } of nvme.controllers()) {
        check(outstandingCids.length === 0, `${pciId} waits for ${outstandingCids.join(", ")}`);
      }
    },
  }),

  scenario({
    name: "namespaces/come-back",
    must: "Every namespace is there again, of the same size",
    source: `${GUIDE} 5: Guest OS must handle device reappearance`,
    needs: ["nvme"],
    when: WITHOUT,
    before: ({ nvme }) => nvme.controllers(),
    after({ nvme }, noted) {
      for (const { pciId, namespaces } of noted) {
        const now = nvme.controllers().find((controller) => controller.pciId === pciId);
        for (const { nsid, blocks } of namespaces) {
          const found = now?.namespaces.find((namespace) => namespace.nsid === nsid);
          check(
            found?.blocks === blocks,
            `${pciId}: namespace ${nsid} has ${found?.blocks} blocks`,
          );
        }
      }
    },
  }),

  scenario({
    name: "queues/come-back",
    must: "The driver has I/O queues again",
    source: `${GUIDE} 4`,
    needs: ["nvme"],
    when: WITHOUT,
    after({ nvme }) {
      for (const { pciId, ioQueues } of nvme.controllers()) {
        check(ioQueues.length > 0, `${pciId} has no I/O queue`);
      }
    },
  }),
]);
