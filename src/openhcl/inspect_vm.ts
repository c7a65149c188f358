/**
 * The live tree of a VM under `vm/`, as `ohcldiag-dev inspect` shows it.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`LoadedVm` as `Inspect`). Roots that a
 * release or a VM lacks are null.
 *
 * @module
 */
import type { InspectNode } from "../machine/mod.ts";
import { asStr } from "./keepalive.ts";
import type { LoadedVm } from "./loaded_vm.ts";
import type { Release } from "./release.ts";
import { inspectVmgs } from "./vmgs.ts";

export function inspectVm(
  release: Release,
  vm: LoadedVm,
  settings: ReadonlyMap<string, string>,
): InspectNode {
  const { host, servicing } = vm;
  return {
    ...vm.units.inspect(),
    init_data: { command_line: vm.commandLine, release: release.name },
    runtime_params: {
      private_pool_ranges: ranges(vm),
      guest_state_lifetime: host.vm.lifetime,
      isolated: host.vm.isolated,
    },
    get: { restore_results: [...host.restoreResults] },
    vmgs: inspectVmgs(vm.vmgs),
    network: vm.network?.inspect() ?? null,
    nvme: vm.nvme?.inspect() ?? null,
    memory: { nonce: `${host.ram.nonce}` },
    dma_manager: vm.dma?.inspect() ?? null,
    vmbus_client: vm.vmbusClient?.inspect() ?? null,
    vmbus_relay_channels: vm.relay?.inspect() ?? null,
    vmbus_server: vm.vmbusServer.inspect(),
    vmbus_filter: null,
    vpci_relay: null,
    nvme_keepalive_mode: asStr(vm.keepalive.nvme),
    mana_keepalive_mode: asStr(vm.keepalive.mana),
    settings: Object.fromEntries(settings),
    servicing: {
      correlation_id: servicing?.correlationId ?? null,
      blackout_us: servicing?.blackoutUs ?? null,
      flush_logs_error: servicing?.flushLogs?.error ?? null,
    },
  };
}

function ranges({ dma }: LoadedVm): InspectNode {
  const pool = dma?.privatePool?.ranges ?? [];
  return pool.map(({ pfn, pages }) => ({ pfn: pfn.toString(), pages: pages.toString() }));
}
