/**
 * The steps of `LoadedVm::save`. Their order belongs to each release.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`save`). Times are figures of the model.
 *
 * @module
 */
import { withContext } from "../machine/mod.ts";
import { refuseSharedPages } from "../memory/mod.ts";
import { saveEmuplat } from "./emuplat.ts";
import { isEnabled, type KeepaliveModes } from "./keepalive.ts";
import type { Draft, LoadedVm } from "./loaded_vm.ts";
import { delayUnits, distortUnits, failUnit, type SaveFault } from "./save_fault.ts";
import { saveVmgs } from "./vmgs.ts";

/** What a step is given besides the VM. */
export interface SaveContext {
  readonly modes: KeepaliveModes;
  /** Time that the host allows, as the release understands it, in microseconds. */
  readonly timeoutUs: number;
  readonly fault: SaveFault | null;
}

/** Saves one component into the draft. */
export interface SaveStep {
  readonly name: string;
  run(vm: LoadedVm, draft: Draft, context: SaveContext): void;
}

const STEP_US = 100;
const UNITS_US = 4_000;

/** 2411 refuses VMs with shared pages before it saves anything. */
export const REFUSE_SHARED_PAGES: SaveStep = {
  name: "shared_pages",
  run: ({ sharedPool }) => refuseSharedPages(sharedPool),
};

export const SAVE_EMUPLAT: SaveStep = {
  name: "emuplat",
  run({ emuplat, env }, { init }) {
    env.clock.advance(STEP_US);
    init.emuplat = withContext("emuplat save failed", () => saveEmuplat(emuplat));
  },
};

/** Only when some device stays alive: otherwise there is no live DMA over the restart. */
export const SAVE_DMA_MANAGER: SaveStep = {
  name: "dma_manager",
  run({ dma, env }, { init }, { modes }) {
    if (dma === null || !(isEnabled(modes.nvme) || isEnabled(modes.mana))) return;
    env.clock.advance(STEP_US);
    init.dma_manager_state = withContext("dma_manager save failed", () => dma.save());
  },
};

/** An error inside the manager's worker or a driver silently becomes no state at all. */
export const SAVE_NVME_MANAGER: SaveStep = {
  name: "nvme_manager",
  run({ nvme, env }, { init }, { modes, fault }) {
    if (nvme === null) return;
    if (fault === "queue-save-error") nvme.breakLastQueue();
    const state = env.tracer.span("nvme_manager_save", () => nvme.save(isEnabled(modes.nvme)));
    const lost = state === null || fault === "nvme-save-error";
    init.nvme_state = lost ? null : { nvme_state: state };
  },
};

export const SAVE_UNITS: SaveStep = {
  name: "units",
  run({ units, env }, draft, { fault, timeoutUs }) {
    draft.units = env.tracer.span("save_units", () => {
      env.clock.advance(UNITS_US);
      delayUnits(fault, env.clock, timeoutUs);
      const saved = withContext("state unit save failed", () =>
        units.save((name) => {
          env.points.reach("save/units/in");
          failUnit(fault, name);
        }),
      );
      return distortUnits(fault, saved);
    });
  },
};

export const SAVE_MANA: SaveStep = {
  name: "mana",
  run({ network, env }, { init }, { modes }) {
    if (network === null || !isEnabled(modes.mana)) return;
    init.mana_state = env.tracer.span("mana_network_settings_save", () => {
      env.clock.advance(STEP_US);
      return network.save();
    });
  },
};

export const SAVE_VMGS: SaveStep = {
  name: "vmgs",
  run({ vmgs, env }, { init }, { fault }) {
    env.clock.advance(STEP_US);
    init.vmgs = withContext("vmgs save failed", () => saveVmgs(vmgs, fault === "vmgs-save-error"));
  },
};

/** 2411 asks a second time, for the metadata of the disk. */
export const SAVE_VMGS_METADATA: SaveStep = {
  name: "vmgs_metadata",
  run({ vmgs, env }, { init }) {
    env.clock.advance(STEP_US);
    init.vmgs = withContext("vmgs get metadata save failed", () => saveVmgs(vmgs, false));
  },
};

export const SAVE_VMBUS_CLIENT: SaveStep = {
  name: "vmbus_client",
  run({ vmbusClient, env }, { init }) {
    if (vmbusClient === null) return;
    env.clock.advance(STEP_US);
    vmbusClient.stop();
    env.points.reach("save/vmbus_client/in");
    init.vmbus_client = vmbusClient.save();
  },
};
