/**
 * The one asynchronous event request that a driver keeps in flight. Source: microsoft/openvmm,
 * nvme_driver queue_pair.rs (1.7.2511 and later) and driver.rs (2505).
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import type { AerHandlerSavedState } from "../openhcl_state/mod.ts";
import type { Completion } from "./hardware.ts";

/** Which request is in flight, and an event that has arrived. */
export class AerHandler {
  #lastAen: number | null = null;
  #awaitCid: number | null = null;
  /** After a failed request there is no further one until the next servicing; never saved. */
  #failed = false;

  static restore(saved: AerHandlerSavedState | null | undefined): AerHandler {
    const handler = new AerHandler();
    if (saved === null || saved === undefined) return handler;
    const { last_aen, await_aen_cid, ...rest } = saved;
    rest satisfies Record<string, never>;
    handler.#lastAen = last_aen;
    handler.#awaitCid = await_aen_cid;
    return handler;
  }

  /** Identifier of the request in flight. */
  get awaitCid(): number | null {
    return this.#awaitCid;
  }

  /** True when a request has to be sent. */
  get wantsRequest(): boolean {
    return this.#awaitCid === null && !this.#failed;
  }

  /** Notes the request that has been sent. */
  await(cid: number): void {
    if (this.#awaitCid !== null) {
      throw new Panic(`already awaiting on AEN with cid ${this.#awaitCid}`);
    }
    this.#awaitCid = cid;
  }

  /** Takes a completion, if it answers the request. */
  complete({ cid, status, dw0 }: Completion): void {
    if (cid !== this.#awaitCid || this.#failed) return;
    this.#failed = status !== 0;
    this.#awaitCid = null;
    this.#lastAen = dw0;
  }

  /** The event that has arrived and not been taken yet. */
  takeEvent(): number | null {
    const event = this.#lastAen;
    this.#lastAen = null;
    return event;
  }

  save(): AerHandlerSavedState {
    return { last_aen: this.#lastAen, await_aen_cid: this.#awaitCid };
  }
}
