/**
 * Building a VM: `new_underhill_vm`, for a fresh boot and for one with saved state, which differ
 * only in what each component is given.
 *
 * Source: openhcl/underhill_core/src/worker.rs. The order is upstream's; firmware is not loaded
 * when state is restored.
 *
 * @module
 */
import { type Environment, newEnvironment, withContext } from "../machine/mod.ts";
import { OpenhclDmaManager, PagePool, type PageRange, SHARED_PAGES_2411 } from "../memory/mod.ts";
import { NvmeManager } from "../nvme_driver/mod.ts";
import type { ServicingInitState } from "../openhcl_state/mod.ts";
import { environment } from "./command_line.ts";
import type { DeviceSet } from "./device_set.ts";
import { type Emuplat, newEmuplat } from "./emuplat.ts";
import { connectGuest } from "./guest_stage.ts";
import { takeFirstTurn } from "./guest_turn.ts";
import { beginWork, openDisks } from "./guest_workload.ts";
import type { HopInputs, Host } from "./host.ts";
import { isEnabled, type KeepaliveModes } from "./keepalive.ts";
import type { LoadedVm } from "./loaded_vm.ts";
import { NetworkSettings } from "./network_settings.ts";
import { poolRangesAtBoot } from "./persisted_info.ts";
import type { Release } from "./release.ts";
import { resume } from "./resume.ts";
import { newUnits, type VmUnits } from "./vm_units.ts";
import { connectClient, newVmbus, restoreVmbusClient } from "./vm_vmbus.ts";
import type { Vmgs } from "./vmgs.ts";

/** From power-on until OpenHCL builds its VM, and from there to the guest. */
const BOOT_SHIM_US = 150_000;
const BUILD_US = 60_000;

/** Where the pool of shared pages is, and how large since 2505. */
const SHARED_PFN = 0x20_0000n;
const SHARED_PAGES = 64n;

/** Free slots in a pool that was used before; each is too small for a queue. */
const HOLES = 6;
const HOLE_PAGES = 48;

/** What a boot starts with, before the VM is built. */
export interface Start {
  readonly release: Release;
  readonly host: Host;
  readonly env: Environment;
  readonly commandLine: string;
  /** Runs a step of a restore; a boot has the same steps, at which nothing strikes. */
  readonly step: <T>(name: string, work: () => T) => T;
  /** What the command line sets. */
  readonly options: ReadonlyMap<string, string>;
  readonly poolRanges: readonly PageRange[];
  readonly modes: KeepaliveModes;
}

/** The boot shim and the parsing of options. */
export function startUp(
  release: Release,
  host: Host,
  inputs: HopInputs,
  servicing: boolean,
): Start {
  const env = newEnvironment(host.clock, host.strikes, host.blackout);
  host.memory.owners.beginBoot();
  // The last run is over, however it ended: its drivers hear nothing any more.
  for (const controller of host.nvme) controller.disconnect();
  if (servicing && host.spoken.hostResetsDevices) {
    for (const controller of host.nvme) controller.powerCycle();
  }
  env.clock.advance(BOOT_SHIM_US);
  const poolRanges = poolRangesAtBoot(release, host, inputs, servicing);
  const commandLine = release.shim(host.bootInputs(inputs, poolRanges));
  const options = environment(commandLine);
  const modes = {
    nvme: release.nvmeOption(options.get("OPENHCL_NVME_KEEP_ALIVE"), env.log),
    mana: release.manaOption(options.get("OPENHCL_MANA_KEEP_ALIVE"), env.log),
  };
  const step: Start["step"] = (name, work) => (servicing ? env.points.around(name, work) : work());
  return { release, host, env, step, commandLine, options, poolRanges, modes };
}

/** A fresh boot, up to a guest that uses its devices. */
export function bootVm(release: Release, host: Host, inputs: HopInputs): LoadedVm {
  const start = startUp(release, host, inputs, false);
  const vm = newUnderhillVm(start, null);
  if (host.memory.owners.boots > 1) host.rebootGuest();
  takeFirstTurn(vm);
  resume(vm, null);
  connectGuest(vm);
  beginWork(vm);
  return vm;
}

/** Builds the VM. `saved` is null for a fresh boot. */
export function newUnderhillVm(start: Start, saved: ServicingInitState | null): LoadedVm {
  const { release, host, env, modes, step } = start;
  env.clock.advance(BUILD_US);
  env.blackout.enter("reattach");
  const vmgs = step("restore/vmgs", () => openVmgs(start, saved));
  const dma = step("restore/dma", () => newDmaManager(start, saved));
  const nvme = step("restore/nvme", () => newNvmeManager(start, dma, saved));
  const arrivals = host.nicsByArrival(saved !== null);
  const given = { host, env, vmgs, arrivals, numbers: release.adapterNumbers };
  const emuplat = step("restore/emuplat", () => newEmuplat(given, saved?.emuplat ?? null));
  const network = step("restore/network", () => newNetwork(start, dma, emuplat, saved));
  const vm: LoadedVm = {
    ...newVmbusAndUnits(start, saved, { vmgs, nvme, gpaRanges: emuplat.gpaRanges }),
    host,
    env,
    commandLine: start.commandLine,
    keepalive: modes,
    dma: release.hasDmaManager ? dma : null,
    sharedPool: newBarePool(start),
    nvme,
    network,
    emuplat,
    vmgs,
    hibernateToken: takeHibernateToken(start, vmgs, saved),
    found: null,
    refused: [],
    lastStop: null,
    servicing: null,
  };
  step("restore/disks", () => openDisks(vm));
  step("restore/validate", () =>
    withContext("failed to validate restore for dma manager", () => dma.validateRestore()),
  );
  return vm;
}

function openVmgs({ release, host, options }: Start, saved: ServicingInitState | null) {
  const override = options.get("HCL_GUEST_STATE_LIFETIME");
  return release.openVmgs(host.vm.lifetime, host.vmgsDisk, saved?.vmgs ?? null, override);
}

/** The guest's bus and everything that is saved by name. */
function newVmbusAndUnits(
  { release, host, env, options, step }: Start,
  saved: ServicingInitState | null,
  parts: Pick<LoadedVm, "vmgs" | "nvme"> & Pick<Emuplat, "gpaRanges">,
): VmUnits & Pick<LoadedVm, "vmbusServer" | "vmbusClient" | "relay" | "vmbusDevices"> {
  const vmbus = newVmbus({ release, host, env, options }, parts.nvme);
  const fresh = saved === null;
  if (fresh) {
    vmbus.client?.start();
    if (host.vm.clientStep === undefined) connectClient(vmbus);
  } else if (release.relay.clientApart) {
    step("restore/client", () => restoreVmbusClient(vmbus, saved.vmbus_client ?? null));
  }
  const units = newUnits({ release, env, host, vmbus, ...parts, fresh });
  const { server: vmbusServer, client: vmbusClient, relay, devices: vmbusDevices } = vmbus;
  return { ...units, vmbusServer, vmbusClient, relay, vmbusDevices };
}

/** Releases without a DMA manager pin ordinary memory, which is what one without pools does. */
function newDmaManager(start: Start, saved: ServicingInitState | null): OpenhclDmaManager {
  const { release, host, poolRanges, env } = start;
  const ranges = release.hasDmaManager
    ? { private: poolRanges, shared: sharedRanges(start, SHARED_PAGES) }
    : {};
  const dma = new OpenhclDmaManager(ranges, env.log, host.memory, release.ephemeralMemory);
  const state = saved?.dma_manager_state ?? null;
  if (state !== null) {
    withContext("failed to restore global dma manager", () => dma.restore(state));
  } else if (saved === null && host.placement === "fragmented" && dma.privatePool !== null) {
    leaveHoles(dma.privatePool);
  }
  return dma;
}

/** A device has been there and has gone: what it gives back is not joined. */
function leaveHoles(pool: PagePool): void {
  const allocator = pool.allocator("nvme_gone");
  const blocks = Array.from({ length: HOLES }, () => allocator.alloc(HOLE_PAGES, "vfio dma"));
  for (const block of blocks) block.free();
  allocator.drop();
}

/** 2411's pool of shared pages, which nothing owns but the VM itself. */
function newBarePool(start: Start): PagePool | null {
  const ranges = start.release.hasDmaManager ? [] : sharedRanges(start, SHARED_PAGES_2411);
  return ranges.length === 0 ? null : new PagePool(ranges, start.env.log, start.host.memory);
}

/** Only isolated VMs share pages with the host, or those whose command line asks for it. */
function sharedRanges({ commandLine }: Start, pages: bigint): PageRange[] {
  const asked = environment(commandLine).get("OPENHCL_ENABLE_SHARED_VISIBILITY_POOL");
  return asked === "1" ? [{ pfn: SHARED_PFN, pages }] : [];
}

function newNvmeManager(
  { release, host, env, modes, poolRanges }: Start,
  dma: OpenhclDmaManager,
  saved: ServicingInitState | null,
): NvmeManager | null {
  if (host.nvme.length === 0) return null;
  const manager = new NvmeManager({
    environment: env,
    release: release.nvme,
    dma,
    memory: host.memory.content,
    controllers: host.nvme,
    vpCount: host.vpCount,
    saveRestoreSupported: isEnabled(modes.nvme) && poolRanges.length > 0,
  });
  const state = saved?.nvme_state ?? null;
  if (state !== null) manager.restore(state.nvme_state);
  return manager;
}

function newNetwork(
  { release, host, env, modes }: Start,
  dma: OpenhclDmaManager,
  emuplat: Emuplat,
  saved: ServicingInitState | null,
): NetworkSettings | null {
  if (host.nics.length === 0) return null;
  const parts = {
    hardware: host.nics,
    dma: release.hasDmaManager ? dma : null,
    mode: modes.mana,
    saved: saved?.mana_state ?? null,
    adapters: adaptersByPciId(host.deviceSet, emuplat.adapters),
  };
  return new NetworkSettings(parts, env);
}

function adaptersByPciId({ nics }: DeviceSet, adapters: Emuplat["adapters"]) {
  return new Map(
    nics.flatMap(({ pciId, macAddress }) => {
      const adapter = adapters.find(({ identity }) => identity.macAddress === macAddress);
      return adapter === undefined ? [] : [[pciId, adapter] as const];
    }),
  );
}

/** Taken from the file at a fresh boot, and from saved state after that. */
function takeHibernateToken(
  { release, host }: Start,
  vmgs: Vmgs | null,
  saved: ServicingInitState | null,
): bigint | null {
  if (!release.takesHibernateToken) return null;
  if (saved !== null) return saved.hibernate?.token ?? null;
  if (vmgs === null) return null;
  const token = host.vmgsDisk.hibernateToken;
  host.vmgsDisk.hibernateToken = null;
  return token;
}
