/**
 * What one driver works with: its release, its device and its memory.
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import type { DmaClient, GuestMemory } from "../memory/mod.ts";
import type { NvmeController } from "../nvme/mod.ts";
import type { DeviceRegisters } from "./device_registers.ts";
import type { NvmeRelease } from "./release.ts";
import type { VfioDevice } from "./vfio_device.ts";

/** Given to every part of a driver. */
export interface DriverContext {
  readonly environment: Environment;
  readonly release: NvmeRelease;
  readonly controller: NvmeController;
  readonly registers: DeviceRegisters;
  readonly vfio: VfioDevice;
  /** What a processor reads and writes: queues, and buffers of the guest. */
  readonly memory: GuestMemory;
  readonly client: DmaClient;
  /** Virtual processors; of the saved state when the driver was restored. */
  readonly cpuCount: number;
  /** True when all data is bounced, as in an isolated VM. */
  readonly bounced: boolean;
  /** True for a fused keepalive device of a release that knows them. */
  readonly fused: boolean;
}
