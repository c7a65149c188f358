/**
 * A device as the operating system of VTL2 lends it: opening and closing it resets it, unless the
 * reset method has been set to none. The setting belongs to this boot. Source: microsoft/openvmm,
 * vm/devices/user_driver/src/vfio.rs.
 *
 * @module
 */
import type { Environment } from "../machine/mod.ts";
import type { NvmeController } from "./controller.ts";
import { FUNCTION_LEVEL_RESET_US, VFIO_OPEN_US } from "./timing.ts";

/** What opening and closing do to the device. */
export type ResetMethod = "none" | "flr";

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

  open(): void {
    this.#environment.clock.advance(VFIO_OPEN_US);
    this.#reset();
  }

  /** Opens without a reset, because the device is in operation. */
  attach(): void {
    this.#environment.clock.advance(VFIO_OPEN_US);
  }

  close(): void {
    this.#reset();
  }

  #reset(): void {
    if (this.resetMethod === "none") return;
    this.#environment.clock.advance(FUNCTION_LEVEL_RESET_US);
    this.controller.functionLevelReset();
  }
}
