/**
 * OpenHCL 2505: the first release with keepalive, of NVMe only, and with a VMBus client apart from
 * the relay. Source: microsoft/openvmm, release/2505 at 7d97b9e7.
 *
 * Real defects that it has: it panics at every boot with ephemeral guest state; it attaches to
 * saved devices even when keepalive has been switched off since (PR 2371); it does not look at
 * the deadline.
 *
 * @module
 */
import { RELEASE_2505 as NVME } from "../nvme_driver/mod.ts";
import { FEATURE, SOUND_CLIENT } from "../vmbus/mod.ts";
import { shimFlag } from "./command_line.ts";
import { gateLocal } from "./gating.ts";
import { parseEnvBool } from "./keepalive_option.ts";
import { splitLayout } from "./relay_unit.ts";
import type { Release } from "./release.ts";
import { RELEASE_2411 } from "./release_2411.ts";
import {
  SAVE_DMA_MANAGER,
  SAVE_EMUPLAT,
  SAVE_NVME_MANAGER,
  SAVE_UNITS,
  SAVE_VMBUS_CLIENT,
  SAVE_VMGS,
} from "./save_steps.ts";
import { openVmgsOrPanic } from "./vmgs_opener.ts";

const NAME = "2505";

const FEATURES = RELEASE_2411.vmbusServer.featureFlags | FEATURE.pauseResume;

export const RELEASE_2505: Release = {
  ...RELEASE_2411,
  name: NAME,
  shim: shimFlag,
  nvmeOption: parseEnvBool,
  gate: gateLocal,
  saveSteps: [
    SAVE_EMUPLAT,
    SAVE_NVME_MANAGER,
    SAVE_UNITS,
    SAVE_VMGS,
    SAVE_DMA_MANAGER,
    SAVE_VMBUS_CLIENT,
  ],
  resumesVmbusClient: true,
  pool: { from: "bottom", splits: false, pages: null },
  hasDmaManager: true,
  nvme: NVME,
  openVmgs: openVmgsOrPanic,
  relay: splitLayout(NAME),
  vmbusClient: SOUND_CLIENT,
  vmbusServer: {
    ...RELEASE_2411.vmbusServer,
    featureFlags: FEATURES,
    pendingMessages: true,
    disconnectedState: true,
  },
  settings: [...RELEASE_2411.settings, "net.packet_filter"],
};
