/**
 * The driver's access to the registers of its device. Source: microsoft/openvmm, nvme_driver
 * registers.rs. As upstream, it waits for CSTS.RDY without a limit of its own (issue 3022).
 *
 * @module
 */
import type { VirtualClock } from "../machine/mod.ts";
import { CC, CSTS, doorbellAt, NOBODY, type NvmeController, REGISTER } from "../nvme/mod.ts";
import { waitUntil } from "./patience.ts";

/** CC of an enabled controller: entries of 64 and 16 octets, pages of 4 KiB. */
const CC_ENABLED = (4 << CC.IOCQES_SHIFT) | (6 << CC.IOSQES_SHIFT) | CC.EN;

/** Place and size of the admin queue pair, as AQA, ASQ and ACQ have it. */
export interface AdminQueuePlace {
  readonly sqPfn: number;
  readonly cqPfn: number;
  readonly entries: number;
}

export class DeviceRegisters {
  readonly #controller: NvmeController;
  readonly #clock: VirtualClock;

  constructor(controller: NvmeController, clock: VirtualClock) {
    this.#controller = controller;
    this.#clock = clock;
  }

  get cap(): bigint {
    return this.#controller.readRegister(REGISTER.CAP, 8);
  }

  get csts(): number {
    return this.#controller.readRegister(REGISTER.CSTS, 4);
  }

  /** True when CC.EN or CSTS.RDY is set: somebody has used the device before. */
  get inUse(): boolean {
    const cc = this.#controller.readRegister(REGISTER.CC, 4);
    return (cc & CC.EN) !== 0 || (this.csts & CSTS.RDY) !== 0;
  }

  doorbell(qid: number, of: "submission" | "completion", value: number): void {
    this.#controller.writeRegister(doorbellAt(qid, of), 4, value);
  }

  /** Registers the admin queues and enables the controller. Answers CSTS once it says something. */
  enable({ sqPfn, cqPfn, entries }: AdminQueuePlace): number {
    const zeroBased = entries - 1;
    this.#controller.writeRegister(REGISTER.AQA, 4, ((zeroBased << 16) | zeroBased) >>> 0);
    this.#controller.writeRegister(REGISTER.ASQ, 8, BigInt(sqPfn) << 12n);
    this.#controller.writeRegister(REGISTER.ACQ, 8, BigInt(cqPfn) << 12n);
    this.#controller.writeRegister(REGISTER.CC, 4, CC_ENABLED);
    waitUntil(
      this.#clock,
      () => (this.csts & (CSTS.RDY | CSTS.CFS)) !== 0,
      () => "controller never becomes ready",
    );
    return this.csts;
  }

  /** CC.EN to 0. Answers 0 when the controller has followed, or CSTS of a device that is gone. */
  reset(): number {
    const cc = this.#controller.readRegister(REGISTER.CC, 4);
    this.#controller.writeRegister(REGISTER.CC, 4, (cc & ~CC.EN) >>> 0);
    const answered = () => (this.csts & CSTS.RDY) === 0 || this.csts === NOBODY;
    waitUntil(this.#clock, answered, () => "controller never stops being ready");
    return this.csts === NOBODY ? NOBODY : 0;
  }
}
