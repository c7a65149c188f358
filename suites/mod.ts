/**
 * Every suite: of servicing in the order of a servicing operation, of the xenstore, of migration,
 * and of machines whatever they are.
 *
 * @module
 */
import type { Suite } from "../harness/mod.ts";
import anyCodec from "./any_codec.ts";
import anyMachine from "./any_machine.ts";
import chipset from "./chipset.ts";
import devicesAfterFailedSave from "./devices_after_failed_save.ts";
import dmaPool from "./dma_pool.ts";
import firmware from "./firmware.ts";
import guestState from "./guest_state.ts";
import mana from "./mana.ts";
import migrationDesign from "./migration_design.ts";
import nvmeFaults from "./nvme_faults.ts";
import nvmeKeepalive from "./nvme_keepalive.ts";
import nvmeWithoutKeepalive from "./nvme_without_keepalive.ts";
import qemuCapabilities from "./qemu_capabilities.ts";
import qemuGuests from "./qemu_guests.ts";
import qemuMigration from "./qemu_migration.ts";
import restoreFailures from "./restore_failures.ts";
import saveFailures from "./save_failures.ts";
import savePoints from "./save_points.ts";
import servicingBasic from "./servicing_basic.ts";
import stateUnits from "./state_units.ts";
import timeouts from "./timeouts.ts";
import upgradePrinciples from "./upgrade_principles.ts";
import vmbusRelay from "./vmbus_relay.ts";
import xenopsdVersions from "./xenopsd_versions.ts";
import xenstoreAttempts from "./xenstore_attempts.ts";
import xenstoreContent from "./xenstore_content.ts";
import xenstoreDomains from "./xenstore_domains.ts";
import xenstoreDying from "./xenstore_dying.ts";
import xenstoreExtremes from "./xenstore_extremes.ts";
import xenstoreGiven from "./xenstore_given.ts";
import xenstoreHostile from "./xenstore_hostile.ts";
import xenstoreOutput from "./xenstore_output.ts";
import xenstorePermissions from "./xenstore_permissions.ts";
import xenstoreQuotas from "./xenstore_quotas.ts";
import xenstoreStreams from "./xenstore_streams.ts";
import xenstoreUnderWay from "./xenstore_under_way.ts";
import xenstoreUpdates from "./xenstore_updates.ts";
import xenstoreWatches from "./xenstore_watches.ts";

export const SUITES: readonly Suite[] = [
  servicingBasic,
  upgradePrinciples,
  nvmeKeepalive,
  nvmeFaults,
  nvmeWithoutKeepalive,
  dmaPool,
  mana,
  vmbusRelay,
  savePoints,
  stateUnits,
  chipset,
  firmware,
  guestState,
  saveFailures,
  devicesAfterFailedSave,
  timeouts,
  restoreFailures,
];

export const XENSTORE_SUITES: readonly Suite[] = [
  xenstoreGiven,
  xenstoreContent,
  xenstoreWatches,
  xenstorePermissions,
  xenstoreDomains,
  xenstoreUnderWay,
  xenstoreOutput,
  xenstoreDying,
  xenstoreExtremes,
  xenstoreQuotas,
  xenstoreUpdates,
  xenstoreAttempts,
  xenstoreStreams,
  xenstoreHostile,
];

export const QEMU_SUITES: readonly Suite[] = [qemuMigration, qemuGuests, qemuCapabilities];

export const DESIGN_SUITES: readonly Suite[] = [migrationDesign];

export const XENOPSD_SUITES: readonly Suite[] = [xenopsdVersions];

export const ANY_SUITES: readonly Suite[] = [anyMachine];

/** Of those who can read and write saved states without a machine. */
export const CODEC_SUITES: readonly Suite[] = [anyCodec];
