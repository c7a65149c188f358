/**
 * Asynchronous events and the requests that wait for them. Source: NVM Express Base Specification
 * 2.0c, 5.2. An event that was reported is masked until its log page is read, so that there is at
 * most one of each kind.
 *
 * @module
 */
import { EVENT_REQUESTS_MAX } from "./identify.ts";
import { failure, type Reply, STATUS } from "./status.ts";

/** Dword 0 of the events that a controller has: type, information, log page identifier. */
export const EVENT = {
  /** Error status: write to an invalid doorbell register. */
  INVALID_DOORBELL: 0x01_00_00,
  /** Error status: invalid doorbell write value. */
  INVALID_DOORBELL_VALUE: 0x01_01_00,
  /** Notice: namespace attribute changed. */
  NAMESPACE_CHANGED: 0x04_00_02,
} as const;

export class AsynchronousEvents {
  /** Identifiers of outstanding requests, oldest first. */
  #requests: number[] = [];
  /** Events that nobody has asked for yet. */
  #waiting: number[] = [];
  /** Log pages of events that were reported and not looked at. */
  #masked: number[] = [];

  get requests(): readonly number[] {
    return this.#requests;
  }

  /** Takes a request. Answers at once only when there are too many. */
  request(cid: number): Reply | null {
    if (this.#requests.length >= EVENT_REQUESTS_MAX) {
      return failure(STATUS.EVENT_REQUEST_LIMIT_EXCEEDED);
    }
    this.#requests.push(cid);
    return null;
  }

  /** Something has happened. */
  raise(event: number): void {
    const lid = logPageOf(event);
    if (this.#masked.includes(lid) || this.#waiting.some((other) => logPageOf(other) === lid)) {
      return;
    }
    this.#waiting.push(event);
  }

  /** The oldest event with the oldest request that it answers. */
  next(): { readonly cid: number; readonly dw0: number } | null {
    if (this.#waiting.length === 0 || this.#requests.length === 0) return null;
    const dw0 = this.#waiting.shift() ?? 0;
    const cid = this.#requests.shift() ?? 0;
    this.#masked.push(logPageOf(dw0));
    return { cid, dw0 };
  }

  /** The log page was read: its next event is reported again. */
  clear(lid: number): void {
    this.#masked = this.#masked.filter((other) => other !== lid);
    this.#waiting = this.#waiting.filter((event) => logPageOf(event) !== lid);
  }

  /** Takes the request back. False when it is not outstanding. */
  abort(cid: number): boolean {
    const index = this.#requests.indexOf(cid);
    if (index >= 0) this.#requests.splice(index, 1);
    return index >= 0;
  }

  fork(): AsynchronousEvents {
    const copy = new AsynchronousEvents();
    copy.#requests = [...this.#requests];
    copy.#waiting = [...this.#waiting];
    copy.#masked = [...this.#masked];
    return copy;
  }
}

function logPageOf(event: number): number {
  return (event >>> 16) & 0xff;
}
