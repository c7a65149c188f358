/**
 * A MANA NIC as hardware: its hardware channel goes on while OpenHCL restarts, as long as nobody
 * resets the function. At the level of saved state only; packets are not modelled.
 *
 * Source: vm/devices/net/mana_driver/src/gdma_driver.rs; facts/openhcl/semantics.md, MANA.
 *
 * @module
 */
import type { InspectNode } from "../machine/mod.ts";

/** What one function level reset takes, in microseconds. */
const RESET_US = 100_000;

export class ManaHardware {
  readonly pciId: string;
  #resets = 0;
  /** First page of the hardware channel's memory while the channel is up. */
  #channelPfn: bigint | null = null;

  constructor(pciId: string) {
    this.pciId = pciId;
  }

  /** Resets that the function has seen since power-on. */
  get resets(): number {
    return this.#resets;
  }

  get channelPfn(): bigint | null {
    return this.#channelPfn;
  }

  /** Brings the hardware channel up in the memory at `basePfn`. */
  establish(basePfn: bigint): void {
    this.#channelPfn = basePfn;
  }

  /** Takes the channel down. Answers the time that it takes. */
  reset(): number {
    this.#resets += 1;
    this.#channelPfn = null;
    return RESET_US;
  }

  inspect(): InspectNode {
    return { resets: this.#resets, channel_pfn: this.#channelPfn?.toString() ?? null };
  }
}
