/**
 * MANA network adapters over servicing, with and without keepalive.
 *
 * Method: note the adapters before the first save and compare after each restore.
 *
 * @module
 */
import { check, scenario, suite } from "../harness/mod.ts";

const TESTS = "openvmm, vmm_tests/vmm_tests/tests/tests/multiarch/openhcl_servicing.rs";
const KEEPALIVE = ["mana.keepalive"];

export default suite("mana", [
  scenario({
    name: "adapters/come-back",
    must: "Every network adapter is there again after servicing",
    source: `${TESTS}, mana_nic_servicing`,
    needs: ["nic"],
    before: ({ nic }) => nic.adapters().map(({ pciId }) => pciId),
    after({ nic }, noted) {
      const now = nic.adapters().map(({ pciId }) => pciId);
      const gone = noted.find((pciId) => !now.includes(pciId));
      check(gone === undefined, `${gone} is gone`);
    },
  }),

  scenario({
    name: "adapters/keep-their-index",
    must: "The guest knows each adapter by the same index as before",
    source: "openvmm, underhill_core/src/emuplat/netvsp.rs, NetworkAdapterIndexSavedState",
    needs: ["nic"],
    before: ({ nic }) => nic.adapters(),
    after({ nic }, noted) {
      for (const { pciId, adapterIndex } of noted) {
        const now = nic.adapters().find((adapter) => adapter.pciId === pciId)?.adapterIndex;
        check(now === adapterIndex, `${pciId} was adapter ${adapterIndex}, is ${now}`);
      }
    },
  }),

  scenario({
    name: "adapters/have-their-own-index",
    must: "The guest can tell its adapters by their index",
    source: "openvmm, underhill_core/src/emuplat/netvsp.rs; pull 2662: indices must be unique",
    needs: ["nic"],
    after({ nic }) {
      const seen = new Map<number, string>();
      for (const { pciId, adapterIndex } of nic.adapters()) {
        const other = seen.get(adapterIndex);
        check(other === undefined, `${other} and ${pciId} share the index ${adapterIndex}`);
        seen.set(adapterIndex, pciId);
      }
    },
  }),

  scenario({
    name: "keepalive/takes-over",
    must: "With keepalive the driver takes the live device over",
    source: `${TESTS}, mana_nic_servicing_keepalive`,
    needs: ["nic"],
    needsCapabilities: KEEPALIVE,
    after({ nic }) {
      const fresh = nic.adapters().find(({ restored }) => !restored);
      check(fresh === undefined, `${fresh?.pciId} was initialised anew`);
    },
  }),

  scenario({
    name: "keepalive/does-not-reset",
    must: "With keepalive the hardware sees no reset",
    source: `${TESTS}, mana_nic_servicing_keepalive`,
    needs: ["nic"],
    needsCapabilities: KEEPALIVE,
    before: ({ nic }) => nic.adapters(),
    after({ nic }, noted) {
      for (const { pciId, resets } of noted) {
        const now = nic.adapters().find((adapter) => adapter.pciId === pciId)?.resets;
        check(now === resets, `${pciId}: ${resets} resets, now ${now}`);
      }
    },
  }),

  scenario({
    name: "without-keepalive/takes-nothing-over",
    must: "Without keepalive the driver initialises the device anew",
    source: `${TESTS}, mana_nic_servicing`,
    needs: ["nic"],
    when: { request: "none" },
    after({ nic }) {
      const taken = nic.adapters().find(({ restored }) => restored);
      check(taken === undefined, `${taken?.pciId} was taken over`);
    },
  }),
]);
