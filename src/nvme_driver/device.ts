/**
 * Brings up the driver of one device: initialised anew, taken over, or cleared of what an earlier
 * hop has left. Source: microsoft/openvmm, openhcl/underhill_core/src/nvme_manager/device.rs.
 *
 * @module
 */
import { ChainError, type Environment, refusal, withContext } from "../machine/mod.ts";
import type { DmaClient, GuestMemory, OpenhclDmaManager } from "../memory/mod.ts";
import type { NvmeController } from "../nvme/mod.ts";
import type { NvmeDriverSavedState } from "../openhcl_state/mod.ts";
import { DeviceRegisters } from "./device_registers.ts";
import { NvmeDriver } from "./driver.ts";
import type { DriverContext } from "./driver_context.ts";
import type { NvmeRelease } from "./release.ts";
import { type ResetMethod, VfioDevice } from "./vfio_device.ts";

/** Vendor and device of a fused keepalive device. */
const FUSED = { vendorId: 0x1414, deviceId: 0xb111 } as const;

/** What every device of a manager has in common. */
export interface SpawnerOptions {
  readonly environment: Environment;
  readonly release: NvmeRelease;
  readonly dma: OpenhclDmaManager;
  /** The memory that processors see. */
  readonly memory: GuestMemory;
  /** True in an isolated VM: memory is shared with the host and all data is bounced. */
  readonly isolated: boolean;
  /** True to reset the function whenever a device is opened or closed. */
  readonly alwaysFlr: boolean;
}

/** A device with its driver. */
export interface NvmeDevice {
  readonly vfio: VfioDevice;
  readonly driver: NvmeDriver;
  /** What the device's entry says; it decides how its driver would be created again. */
  readonly saveRestoreSupported: boolean;
}

/** Creates drivers. */
export class NvmeSpawner {
  readonly #options: SpawnerOptions;

  constructor(options: SpawnerOptions) {
    this.#options = options;
  }

  /** Initialises `controller`, without a reset first and, if that fails, with one. */
  create(
    controller: NvmeController,
    cpuCount: number,
    saveRestoreSupported: boolean,
    vfio: VfioDevice = new VfioDevice(controller, this.#options.environment),
  ): NvmeDevice {
    const { environment, alwaysFlr } = this.#options;
    const client = this.#newClient(controller, saveRestoreSupported);
    const methods: readonly ResetMethod[] = alwaysFlr ? ["flr"] : ["none", "flr"];
    let failure: ChainError | null = null;
    for (const method of methods) {
      vfio.resetMethod = method;
      try {
        environment.points.around("nvme/create/open", () => vfio.open());
        const driver = NvmeDriver.create(this.#context(vfio, client, cpuCount));
        if (!alwaysFlr) vfio.resetMethod = "none";
        return { vfio, driver, saveRestoreSupported };
      } catch (error) {
        failure = new ChainError("failed to initialize nvme device", refusal(error));
        environment.log.error(
          `failed to create nvme device pci_id=${controller.pciId} reset_method=${method}: ` +
            failure.message,
        );
      }
    }
    client.drop();
    throw failure ?? new ChainError("failed to initialize nvme device");
  }

  /** Takes over `controller`, which the last hop left in operation. */
  restore(controller: NvmeController, cpuCount: number, saved: NvmeDriverSavedState): NvmeDevice {
    const { environment, release } = this.#options;
    const { tracer } = environment;
    const client = this.#newClient(controller, true);
    const vfio = new VfioDevice(controller, environment);
    if (release.disablesResetBeforeRestore) vfio.resetMethod = "none";
    environment.points.around("nvme/restore/vfio", () =>
      tracer.span("nvme_vfio_device_restore", () => vfio.attach()),
    );
    try {
      const driver = tracer.span("nvme_driver_restore", () =>
        NvmeDriver.restore(this.#context(vfio, client, cpuCount, release.asksKindAtRestore), saved),
      );
      return { vfio, driver, saveRestoreSupported: true };
    } catch (error) {
      const source = refusal(error);
      client.drop();
      throw new ChainError("failed to initialize nvme device", source);
    }
  }

  /**
   * Frees what the last hop kept for `controller`, resets it and initialises it anew, because
   * keepalive is not enabled any more. What fails on the way is only a warning.
   */
  clear(controller: NvmeController, cpuCount: number): NvmeDevice {
    const { environment, release } = this.#options;
    const { pciId } = controller;
    const { log, tracer, clock, points } = environment;
    log.warn(`keepalive is disabled, clearing the saved state of nvme device pci_id=${pciId}`);
    const vfio = new VfioDevice(controller, environment);
    vfio.resetMethod = "none";
    points.around("nvme/clear/free", () => this.#freePending(controller));
    tracer.span("nvme_vfio_device_restore{clearing_device}", () => vfio.attach());
    points.around("nvme/clear/reset", () => {
      const csts = new DeviceRegisters(controller, clock).reset();
      if (csts !== 0) log.warn(`failed to reset device during clear: 0x${csts.toString(16)}`);
    });
    const device = this.create(controller, cpuCount, false, vfio);
    return { ...device, saveRestoreSupported: release.clearedEntrySupportsSaveRestore };
  }

  #freePending(controller: NvmeController): void {
    const { log } = this.#options.environment;
    try {
      const client = this.#newClient(controller, true);
      for (const block of client.attachPendingBuffers()) block.free();
      client.drop();
    } catch (error) {
      log.warn(
        `failed to attach saved buffers pci_id=${controller.pciId}: ${refusal(error).message}`,
      );
    }
  }

  #newClient({ pciId }: NvmeController, persistent: boolean): DmaClient {
    const { dma, isolated } = this.#options;
    const visibility = isolated ? "shared" : "private";
    return withContext("failed to create dma client for device", () =>
      dma.newClient({ deviceName: `nvme_${pciId}`, visibility, persistent }),
    );
  }

  #context(vfio: VfioDevice, client: DmaClient, cpuCount: number, asksKind = true): DriverContext {
    const { environment, release, isolated, memory } = this.#options;
    const { controller } = vfio;
    const registers = new DeviceRegisters(controller, environment.clock);
    const fused = asksKind && release.knowsFusedDevices && isFused(controller);
    const device = { controller, registers, vfio, memory, client };
    return { environment, release, ...device, cpuCount, bounced: isolated, fused };
  }
}

/** Identifiers that cannot be read count as fused, as upstream decides to be on the safe side. */
function isFused({ idsReadable, vendorId, deviceId }: NvmeController): boolean {
  return !idsReadable || (vendorId === FUSED.vendorId && deviceId === FUSED.deviceId);
}
