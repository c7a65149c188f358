/**
 * MANA network adapters over servicing, with and without keepalive.
 *
 * Method: note the adapters before the first save and compare after each restore. The guest uses
 * the accelerated function, and sends a few packets each time that it runs again.
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
    name: "adapters/have-the-number-of-the-hardware",
    must: "The hardware tells the guest of each adapter under the index that the guest knows",
    source: "openvmm, underhill_core/src/emuplat/netvsp.rs, connect_endpoints: set_serial_no",
    needs: ["nic"],
    after({ nic }) {
      for (const { pciId, adapterIndex, serial } of nic.adapters()) {
        check(serial === adapterIndex, `${pciId} is adapter ${adapterIndex}, number ${serial}`);
      }
    },
  }),

  scenario({
    name: "adapters/pass-packets",
    must: "Packets go the way that the guest has chosen, before servicing and after it",
    source: "openvmm, underhill_core/src/emuplat/netvsp.rs, direction_to_vtl0",
    needs: ["nic"],
    after({ nic }) {
      for (const { pciId, traffic } of nic.adapters()) {
        const { sent, echoed } = traffic;
        check(echoed === sent, `${pciId}: ${sent} packets sent, ${echoed} came back`);
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
    name: "keepalive/channel-goes-on",
    must: "With keepalive the hardware channel goes on: none is established in its place",
    source: "openvmm, mana_driver/src/gdma_driver.rs, save and restore",
    needs: ["nic"],
    needsCapabilities: KEEPALIVE,
    before: ({ nic }) => nic.adapters(),
    after({ nic }, noted) {
      for (const { pciId, channels } of noted) {
        const now = nic.adapters().find((adapter) => adapter.pciId === pciId)?.channels;
        check(now === channels, `${pciId}: channel ${channels}, now channel ${now}`);
      }
    },
  }),

  scenario({
    name: "keepalive/tells-of-the-link",
    must: "With keepalive the guest is told of every change of a link, also of the last one before",
    source: "openvmm, mana_driver/src/save_restore.rs, GdmaDriverSavedState.link_toggle",
    needs: ["nic"],
    needsCapabilities: KEEPALIVE,
    after({ nic }) {
      for (const { pciId, linkEvents, traffic } of nic.adapters()) {
        const { linkChanges } = traffic;
        check(linkChanges === linkEvents, `${pciId}: told of ${linkChanges} out of ${linkEvents}`);
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

  scenario({
    name: "adapters/do-not-go-with-a-disk",
    must: "A machine that comes up without its NVMe controller has all of its adapters",
    source: "openvmm, openhcl/underhill_core/src/worker.rs: devices of both kinds are independent",
    needs: ["nic"],
    when: { fault: "registers:gone:restore", devices: "nvme+mana", request: "nvme+mana" },
    before: ({ nic }) => nic.adapters().length,
    after({ nic }, was) {
      const is = nic.adapters().length;
      check(is === was, `${was} adapters before, ${is} now`);
    },
    // Nothing that could be missed.
    afterFailedRestore() {},
  }),
]);
