/**
 * All NVMe devices of an OpenHCL, by PCI address. Source: microsoft/openvmm,
 * openhcl/underhill_core/src/nvme_manager/manager.rs.
 *
 * @module
 */
import {
  ChainError,
  type Inspect,
  type InspectNode,
  refusal,
  withContext,
} from "../machine/mod.ts";
import type { NvmeController } from "../nvme/mod.ts";
import type { NvmeManagerSavedState, NvmeSavedDiskConfig } from "../openhcl_state/mod.ts";
import { type NvmeDevice, NvmeSpawner, type SpawnerOptions } from "./device.ts";
import type { Done, IoRequest } from "./io_request.ts";
import type { Namespace } from "./namespaces.ts";
import { type ControllerRecord, recordOf } from "./record.ts";
import { gone } from "./request_error.ts";

/** What a manager is made of. */
export interface NvmeManagerOptions
  extends Omit<SpawnerOptions, "isolated" | "alwaysFlr">,
    Partial<Pick<SpawnerOptions, "isolated" | "alwaysFlr">> {
  /** The hardware; it was there before this boot and stays after it. */
  readonly controllers: readonly NvmeController[];
  readonly vpCount: number;
  /** True when keepalive is enabled and a private pool exists. */
  readonly saveRestoreSupported: boolean;
}

/** Manager of one boot. */
export class NvmeManager implements Inspect {
  readonly #options: NvmeManagerOptions;
  readonly #spawner: NvmeSpawner;
  readonly #hardware: ReadonlyMap<string, NvmeController>;
  #devices = new Map<string, NvmeDevice>();
  #shutDown = false;

  constructor(options: NvmeManagerOptions) {
    this.#options = options;
    this.#spawner = new NvmeSpawner({ isolated: false, alwaysFlr: false, ...options });
    this.#hardware = new Map(options.controllers.map((device) => [device.pciId, device]));
    for (const controller of options.controllers) controller.beginHop();
  }

  /** True when a save can keep devices. */
  get saveRestoreSupported(): boolean {
    return this.#options.saveRestoreSupported;
  }

  /** Takes over the devices of the last hop. A failure is only logged, as upstream does. */
  restore(saved: NvmeManagerSavedState): void {
    const { environment, release } = this.#options;
    if (!release.keepsDevices) return;
    const { tracer, log } = environment;
    try {
      tracer.span("nvme_manager_restore", () =>
        tracer.span("nvme_manager_worker_restore", () => this.#restoreDevices(saved)),
      );
    } catch (error) {
      log.error(`failed to restore nvme manager: ${refusal(error).message}`);
    }
  }

  /** Opens a namespace of a disk; the device's driver is created when it is first needed. */
  namespace(pciId: string, nsid: number): Namespace {
    const { driver } = this.#deviceFor(pciId);
    return withContext(`nvme device ${pciId} error`, () =>
      withContext(`failed to get namespace ${nsid}`, () => driver.namespace(nsid)),
    );
  }

  /** Sends guest I/O from `cpu`; `done` is called when it has completed, or cannot. */
  submit(pciId: string, cpu: number, request: IoRequest, done: Done): void {
    const device = this.#devices.get(pciId);
    if (device === undefined) done({ status: null, error: gone() });
    else device.driver.submit(cpu, request, done);
  }

  /** State of all devices, or null when keepalive is off or any of them could not be saved. */
  save(nvmeKeepalive: boolean): NvmeManagerSavedState | null {
    if (!this.#options.saveRestoreSupported || !nvmeKeepalive) return null;
    try {
      const nvme_disks: NvmeSavedDiskConfig[] = [];
      for (const [pci_id, { driver }] of this.#devices) {
        const driver_state = withContext(`failed to save NVMe driver state: ${pci_id}`, () =>
          driver.save(),
        );
        nvme_disks.push({ pci_id, driver_state });
      }
      return { cpu_count: this.#options.vpCount, nvme_disks };
    } catch (error) {
      refusal(error);
      return null;
    }
  }

  /** Ends all drivers; with keepalive the devices stay in operation. */
  shutdown(nvmeKeepalive: boolean): void {
    const { environment, saveRestoreSupported } = this.#options;
    this.#shutDown = true;
    environment.tracer.span("shutdown_nvme_manager", () => {
      for (const { driver, vfio } of this.#devices.values()) {
        environment.points.around("nvme/shutdown/device", () => {
          driver.updateServicingFlags(nvmeKeepalive && saveRestoreSupported);
          if (driver.shutdown()) vfio.close();
        });
      }
    });
    this.#devices.clear();
  }

  /** What an inspect request does besides looking; see {@linkcode NvmeDriver.interruptWorker}. */
  interruptWorkers(): void {
    for (const { driver } of this.#devices.values()) driver.interruptWorker();
  }

  /** A fault for tests: the I/O queue `qid` cannot be saved. */
  breakQueue(pciId: string, qid: number): void {
    const { driver } = this.#deviceFor(pciId);
    const queue = driver.queues.live.find(({ pair }) => pair.qid === qid);
    if (queue !== undefined) queue.pair.saveError = new ChainError("queue pair is gone");
  }

  /** The same for the last queue of the first device. */
  breakLastQueue(): void {
    const [first] = this.#devices;
    const last = first?.[1].driver.queues.live.at(-1);
    if (first !== undefined && last !== undefined) this.breakQueue(first[0], last.pair.qid);
  }

  /** The controllers as an observer sees them, with or without a driver. */
  controllers(): ControllerRecord[] {
    return this.#options.controllers.map((controller) =>
      recordOf(controller, this.#devices.get(controller.pciId)?.driver ?? null),
    );
  }

  inspect(): InspectNode {
    const devices: Record<string, InspectNode> = {};
    for (const [pciId, { driver, saveRestoreSupported, vfio }] of this.#devices) {
      devices[pciId] = {
        pci_id: pciId,
        save_restore_supported: saveRestoreSupported,
        reset_method: vfio.resetMethod,
        driver: driver.inspect(),
      };
    }
    const { vpCount, saveRestoreSupported } = this.#options;
    return { vp_count: vpCount, save_restore_supported: saveRestoreSupported, devices };
  }

  /** All saved devices or none: what was taken over before a failure is dropped again. */
  #restoreDevices({ cpu_count, nvme_disks, ...rest }: NvmeManagerSavedState): void {
    rest satisfies Record<string, never>;
    const restored = new Map<string, NvmeDevice>();
    try {
      for (const disk of nvme_disks) restored.set(disk.pci_id, this.#restoreDisk(disk, cpu_count));
    } catch (error) {
      refusal(error);
      for (const { driver } of restored.values()) driver.drop();
      throw error;
    }
    this.#devices = restored;
  }

  #restoreDisk({ pci_id, driver_state, ...rest }: NvmeSavedDiskConfig, cpuCount: number) {
    rest satisfies Record<string, never>;
    const { release, saveRestoreSupported, vpCount } = this.#options;
    const controller = this.#controller(pci_id);
    const attaches = saveRestoreSupported || release.keepaliveLost === "attaches";
    return attaches
      ? this.#spawner.restore(controller, cpuCount, driver_state)
      : this.#spawner.clear(controller, vpCount);
  }

  #deviceFor(pciId: string): NvmeDevice {
    if (this.#shutDown) {
      throw new ChainError(`nvme device manager worker is shut down: ${pciId}`);
    }
    const known = this.#devices.get(pciId);
    if (known !== undefined) return known;
    const { vpCount, saveRestoreSupported } = this.#options;
    const controller = this.#controller(pciId);
    const device = this.#spawner.create(controller, vpCount, saveRestoreSupported);
    this.#devices.set(pciId, device);
    return device;
  }

  #controller(pciId: string): NvmeController {
    const controller = this.#hardware.get(pciId);
    if (controller !== undefined) return controller;
    const source = new ChainError(`no device at ${pciId}`);
    throw new ChainError("failed to initialize vfio device", source);
  }
}
