/**
 * The region of memory that the boot shim of 1.7 and later keeps for the next one: where the pool
 * is, and which processors must come up early because devices interrupt them.
 *
 * Source: openhcl/openhcl_boot/src/host_params/dt/mod.rs,
 * openhcl/underhill_core/src/loader/vtl2_config and nvme_manager/save_restore_helpers.rs.
 *
 * @module
 */
import type { PageRange } from "../memory/mod.ts";
import type { IoQueueSavedState, NvmeSavedState } from "../openhcl_state/mod.ts";
import { type HopInputs, type Host, NO_PROCESSORS } from "./host.ts";
import type { Release } from "./release.ts";

/**
 * The ranges of the pool at a boot. A servicing boot takes them from the region when there is
 * one; a release that does not know the region overwrites it.
 */
export function poolRangesAtBoot(
  release: Release,
  host: Host,
  inputs: HopInputs,
  servicing: boolean,
): readonly PageRange[] {
  host.earlyProcessors = null;
  if (!release.keepsPoolRanges) {
    host.persistedRegion = null;
    return host.poolRanges(release.pool, inputs);
  }
  const kept = servicing ? host.persistedRegion : null;
  host.earlyProcessors = kept?.early ?? null;
  const poolRanges =
    kept === null
      ? host.poolRanges(release.pool, inputs)
      : host.keptRanges(release.pool, inputs, kept.poolRanges);
  host.persistedRegion = { poolRanges, early: NO_PROCESSORS };
  return poolRanges;
}

/** Notes the processors whose queues have I/O in flight, and those with idle ones. */
export function writePersistedInfo(
  release: Release,
  host: Host,
  nvme: NvmeSavedState | null,
): void {
  if (!release.keepsPoolRanges || host.persistedRegion === null) return;
  const queues = (nvme?.nvme_state.nvme_disks ?? []).flatMap(
    ({ driver_state }) => driver_state.worker_data.io,
  );
  const busy = new Set(queues.filter(hasOutstandingIo).map(({ cpu }) => cpu));
  const mapped = new Set(queues.map(({ cpu }) => cpu));
  host.persistedRegion = {
    ...host.persistedRegion,
    early: {
      withIo: [...busy],
      withInterrupt: [...mapped].filter((cpu) => !busy.has(cpu)),
    },
  };
}

function hasOutstandingIo({ queue_data }: IoQueueSavedState): boolean {
  return queue_data.handler_data.pending_cmds.commands.length > 0;
}
