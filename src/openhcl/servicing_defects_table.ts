/**
 * Seeded defects of servicing itself: options, gating, pools and what a state says.
 *
 * Source: microsoft/openvmm, at the link of each one.
 *
 * @module
 */
import { pull, type SeededDefect } from "./defect.ts";
import { gateIgnored, gateInverted, gateLocal } from "./gating.ts";
import { isEnabled } from "./keepalive.ts";
import { fixNothing } from "./legacy_relay.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { exchangeRegisters } from "./reused_number.ts";
import { SAVE_DMA_MANAGER, type SaveStep } from "./save_steps.ts";

export const SERVICING_DEFECTS: readonly SeededDefect[] = [
  {
    name: "one-keepalive-flag-of-two",
    link: pull(4474),
    meaning:
      "NVMe and MANA are kept alive at boot and the request asks for one of them: the pool is " +
      "saved with the allocations of both (also 3086 and 4458).",
    realIn: ["1.7.2511", "1.8.2607", "main"],
    // Releases before have no keepalive of MANA that could be the other one.
    changes: () => ({}),
  },
  {
    name: "nic-is-not-created-anew",
    link: pull(2427),
    meaning:
      "A network device that cannot be taken over is not set up anew: the machine does not come " +
      "back, although all it has lost is a network channel.",
    realIn: ["1.7.2511", "1.8.2607", "main"],
    // As above.
    changes: () => ({}),
  },
  {
    name: "flag-disables-keepalive",
    link: pull(487),
    meaning:
      "The flag of the request says disable, not allow: hosts that know nothing of it send zero, " +
      "and devices are kept alive against their will (also 464).",
    changes: () => ({ gate: gateInverted }),
  },
  {
    name: "flags-are-ignored",
    link: pull(2415),
    meaning:
      "A host that has withdrawn keepalive between boot and servicing is not heard: devices are " +
      "kept alive as at boot.",
    realIn: ["2411"],
    changes: () => ({ gate: gateIgnored }),
  },
  {
    name: "withdrawn-keepalive-comes-back",
    link: pull(2789),
    meaning:
      "A request without keepalive disables it for itself only, so that a second attempt after a " +
      "failed one keeps devices alive that have been shut down.",
    realIn: ["2505"],
    changes: () => ({ gate: gateLocal }),
  },
  {
    name: "pool-is-saved-for-nvme-alone",
    link: pull(2789),
    meaning:
      "The flags of NVMe and MANA are entangled: the pool is only saved when NVMe is kept alive, " +
      "and a MANA device that is finds its memory gone.",
    changes: ({ saveSteps }) => ({ saveSteps: saveSteps.map(forNvmeAlone) }),
  },
  {
    name: "pool-is-saved-without-keepalive",
    link: pull(480),
    meaning:
      "The pool is saved even if no device is kept alive: nobody claims the allocations in it.",
    changes: ({ saveSteps }) => ({ saveSteps: saveSteps.map(always) }),
  },
  {
    name: "pool-is-not-reported",
    link: pull(1935),
    meaning:
      "The boot shim allocates the pool and does not tell of it, so that keepalive is silently " +
      "disabled.",
    changes: ({ shim }) => ({ shim: (inputs) => shim({ ...inputs, vtl2Pool: false }) }),
  },
  {
    name: "ephemeral-memory-from-the-pool",
    link: pull(2350),
    meaning:
      "Memory that need not survive servicing comes from the private pool, where nobody claims " +
      "it after a restore.",
    changes: () => ({ ephemeralMemory: "private_pool" }),
  },
  {
    name: "absent-variables-are-none",
    link: pull(1697),
    meaning:
      "Variables of the firmware are saved as a plain list: a state from before there was one " +
      "looks like that of a machine without variables, and the file is not read.",
    changes: () => ({ absentVariables: "none" }),
  },
  {
    name: "pci-state-is-split",
    link: pull(2603),
    meaning:
      "What only one type of PCI function has moves into a message that must be there: state " +
      "from before does not decode (also 2623).",
    changes: () => ({ pciState: "split" }),
  },
  {
    name: "register-takes-a-number",
    link: pull(3111),
    meaning:
      "A register of processors is saved under the number that another one has in the release " +
      "before, for which 2411 stands here: there each is read as the other.",
    changes(release) {
      if (release.name === "2411") return {};
      const { relay } = release;
      const exchange = exchangeRegisters(release.name);
      return {
        relay: {
          ...relay,
          fixPreSave: (state) => exchange(relay.fixPreSave(state)),
          fixPostRestore: (state) => relay.fixPostRestore(exchange(state)),
        },
      };
    },
  },
  {
    name: "relay-state-is-not-converted",
    link: pull(969),
    meaning:
      "The client of VMBus is saved apart from the relay and not in its old place as well, so " +
      "that a release from before finds nobody connected.",
    changes: ({ relay }) => ({ relay: { ...relay, fixPreSave: fixNothing } }),
  },
  {
    name: "pool-lies-behind-the-image",
    link: pull(2475),
    meaning:
      "The pool is placed anew at every boot, right behind the image: with a larger image it is " +
      "found elsewhere than devices that were kept alive have it.",
    realIn: ["2505"],
    changes: () => ({ keepsPoolRanges: false, pool: RELEASE_2505.pool }),
  },
];

function forNvmeAlone(step: SaveStep): SaveStep {
  if (step !== SAVE_DMA_MANAGER) return step;
  return {
    ...step,
    run(vm, draft, context) {
      if (isEnabled(context.modes.nvme)) step.run(vm, draft, context);
    },
  };
}

function always(step: SaveStep): SaveStep {
  if (step !== SAVE_DMA_MANAGER) return step;
  return {
    ...step,
    run({ dma }, { init }) {
      init.dma_manager_state = dma?.save() ?? null;
    },
  };
}
