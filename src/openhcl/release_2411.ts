/**
 * OpenHCL 2411: no keepalive, no DMA manager, the VMBus client inside the relay. Source:
 * microsoft/openvmm, release/2411 at e415a863.
 *
 * Real defects that it has: VMBus messages that the guest has not taken are lost; after a failed
 * save nothing but the units is started again; the deadline and the flags of a request are not
 * looked at.
 *
 * @module
 */
import { RELEASE_2411 as NVME } from "../nvme_driver/mod.ts";
import { FEATURE, SOUND_CLIENT, SOUND_SERVER } from "../vmbus/mod.ts";
import { shimSilent } from "./command_line.ts";
import { deadlineUnused } from "./deadline.ts";
import { gateIgnored } from "./gating.ts";
import { parseUnknownOption } from "./keepalive_option.ts";
import { numberByFunction } from "./network_adapter.ts";
import { legacyLayout } from "./relay_unit.ts";
import type { Release } from "./release.ts";
import {
  REFUSE_SHARED_PAGES,
  SAVE_EMUPLAT,
  SAVE_UNITS,
  SAVE_VMGS,
  SAVE_VMGS_METADATA,
} from "./save_steps.ts";
import { openVmgsAlways } from "./vmgs_opener.ts";

const NAME = "2411";

const FEATURES =
  FEATURE.guestSpecifiedSignalParameters |
  FEATURE.channelInterruptRedirection |
  FEATURE.modifyConnection |
  FEATURE.clientId |
  FEATURE.confidentialChannels;

export const RELEASE_2411: Release = {
  name: NAME,
  shim: shimSilent,
  nvmeOption: parseUnknownOption,
  manaOption: parseUnknownOption,
  gate: gateIgnored,
  deadline: deadlineUnused,
  saveSteps: [REFUSE_SHARED_PAGES, SAVE_EMUPLAT, SAVE_UNITS, SAVE_VMGS, SAVE_VMGS_METADATA],
  resumesVmbusClient: false,
  keepsPoolRanges: false,
  // One page, for a certificate (PR 508).
  pool: { from: "bottom", splits: false, pages: 1n },
  hasDmaManager: false,
  nvme: NVME,
  openVmgs: openVmgsAlways,
  absentVariables: "file",
  pciState: "whole",
  ephemeralMemory: "locked_memory",
  adapterNumbers: numberByFunction,
  relay: legacyLayout(NAME),
  // The client asks for every feature, those included that it has no use for (PR 917).
  vmbusClient: { ...SOUND_CLIENT, featureFlags: FEATURES },
  vmbusServer: {
    ...SOUND_SERVER,
    featureFlags: FEATURES,
    flagsNeedCopper: false,
    pendingMessages: false,
    disconnectedState: false,
    gpadlsForRevokedChannels: false,
  },
  takesHibernateToken: false,
  settings: ["clock.offset_ms", "firmware.runtime_state"],
};
