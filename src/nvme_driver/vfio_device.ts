/**
 * A device as the operating system of VTL2 lends it: opening and closing it resets it, unless the
 * reset method has been set to none. The setting belongs to this boot. Source: microsoft/openvmm,
 * vm/devices/user_driver/src/vfio.rs.
 *
 * @module
 */
import { ChainError, type Environment } from "../machine/mod.ts";
import type { NvmeController } from "../nvme/mod.ts";

/** What opening and closing do to the device. */
export type ResetMethod = "none" | "flr";

/** Opening the device, and waiting for a reset of its function, which PCI Express limits. */
const OPEN_US = 1_000;
const FUNCTION_LEVEL_RESET_US = 100_000;

/** One device of this boot. */
export class VfioDevice {
  readonly controller: NvmeController;
  /** The operating system's own choice until the driver sets another. */
  resetMethod: ResetMethod = "flr";
  readonly #environment: Environment;

  constructor(controller: NvmeController, environment: Environment) {
    this.controller = controller;
    this.#environment = environment;
  }

  /** Vectors that can be mapped. */
  get interruptsMax(): number {
    return this.controller.interruptsMax;
  }

  open(): void {
    this.#environment.clock.advance(OPEN_US);
    this.#reset();
  }

  /** Opens without a reset, because the device is in operation. */
  attach(): void {
    this.#environment.clock.advance(OPEN_US);
  }

  close(): void {
    this.controller.disconnect();
    this.#reset();
  }

  /** `handler` is called whenever vector `iv` interrupts. The first one can always be mapped. */
  mapInterrupt(iv: number, handler: () => void): void {
    if (iv > 0 && iv >= this.interruptsMax) {
      throw new ChainError("failed to map interrupt", new ChainError(`no vector ${iv}`));
    }
    this.controller.mapInterrupt(iv, handler);
  }

  #reset(): void {
    if (this.resetMethod === "none") return;
    this.#environment.clock.advance(FUNCTION_LEVEL_RESET_US);
    this.controller.functionLevelReset();
  }
}
