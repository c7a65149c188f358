/**
 * The one asynchronous event request that an admin queue keeps in flight, and the event that has
 * come and nobody has asked for. Source: microsoft/openvmm, nvme_driver queue_pair.rs
 * `AdminAerHandler` (1.7.2511 and later).
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import type { Completion } from "../nvme/mod.ts";
import type { AerHandlerSavedState } from "../openhcl_state/mod.ts";

/** Called with dword 0 of an event, or with the status with which its request has failed. */
export type EventTaker = (dw0: number, status: number) => void;

export class AerHandler {
  #lastAen: number | null = null;
  #awaitCid: number | null = null;
  #taker: EventTaker | null = null;
  /** After a failed request there is no further one until the next servicing; never saved. */
  #failedStatus = 0;

  static restore(saved: AerHandlerSavedState | null | undefined): AerHandler {
    const handler = new AerHandler();
    if (saved === null || saved === undefined) return handler;
    const { last_aen, await_aen_cid, ...rest } = saved;
    rest satisfies Record<string, never>;
    handler.#lastAen = last_aen;
    handler.#awaitCid = await_aen_cid;
    return handler;
  }

  /** True when a request has to be sent. */
  get wantsRequest(): boolean {
    return this.#awaitCid === null && this.#failedStatus === 0;
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
    if (cid !== this.#awaitCid || this.#failedStatus !== 0) return;
    this.#awaitCid = null;
    this.#failedStatus = status;
    const taker = this.#taker;
    this.#taker = null;
    this.#lastAen = status === 0 && taker === null ? dw0 : null;
    taker?.(dw0, status);
  }

  /** Gives the event that has come, or the next one, to `taker`. */
  next(taker: EventTaker): void {
    const event = this.#lastAen;
    this.#lastAen = null;
    if (event !== null) taker(event, 0);
    else if (this.#failedStatus !== 0) taker(0, this.#failedStatus);
    else this.#taker = taker;
  }

  save(): AerHandlerSavedState {
    return { last_aen: this.#lastAen, await_aen_cid: this.#awaitCid };
  }
}
