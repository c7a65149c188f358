/**
 * OpenHCL 1.7.2511: keepalive of MANA, a watchdog, a region that survives the restart, ephemeral
 * guest state. Source: microsoft/openvmm, release/1.7.2511 at 80e2e8ab.
 *
 * Real defects that it has: `host,noprivatepool` is not in its table, so that it warns and
 * disables keepalive; the ones of main are here too (PRs 3086, 4458, 4474; issue 2427).
 *
 * @module
 */
import { RELEASE_2511 as NVME } from "../nvme_driver/mod.ts";
import { shimString } from "./command_line.ts";
import { deadlineWatched } from "./deadline.ts";
import { gateSticky } from "./gating.ts";
import { parseTable } from "./keepalive_option.ts";
import { splitLayout } from "./relay_unit.ts";
import type { Release } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import {
  SAVE_DMA_MANAGER,
  SAVE_EMUPLAT,
  SAVE_MANA,
  SAVE_NVME_MANAGER,
  SAVE_UNITS,
  SAVE_VMBUS_CLIENT,
  SAVE_VMGS,
} from "./save_steps.ts";
import { openVmgsByLifetime } from "./vmgs_opener.ts";

const NAME = "1.7.2511";

const parseKeepalive = parseTable({
  "host,privatepool": "EnabledHostAndPrivatePoolPresent",
  enabled: "EnabledHostAndPrivatePoolPresent",
  "nohost,privatepool": "DisabledHostAndPrivatePoolPresent",
  "nohost,noprivatepool": "Disabled",
  disabled: "Disabled",
});

export const RELEASE_2511: Release = {
  ...RELEASE_2505,
  name: NAME,
  shim: shimString,
  nvmeOption: parseKeepalive,
  manaOption: parseKeepalive,
  gate: gateSticky,
  deadline: deadlineWatched,
  // The pool comes before the devices, because saving a NIC frees its buffers.
  saveSteps: [
    SAVE_EMUPLAT,
    SAVE_DMA_MANAGER,
    SAVE_NVME_MANAGER,
    SAVE_UNITS,
    SAVE_MANA,
    SAVE_VMGS,
    SAVE_VMBUS_CLIENT,
  ],
  keepsPoolRanges: true,
  // Backports of 2475 and 3312 (PRs 2486 and 3964).
  pool: { from: "top", splits: true, pages: null },
  nvme: NVME,
  openVmgs: openVmgsByLifetime,
  relay: splitLayout(NAME),
  settings: [...RELEASE_2505.settings, "firmware.log_level", "vmgs.reprovisioned"],
};
