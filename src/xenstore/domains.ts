/**
 * Domains: which ones exist, and which of them have been introduced to the store.
 *
 * Source: xen, docs/misc/xenstore.txt, "INTRODUCE"; tools/xenstored/domain.c.
 *
 * @module
 */
import type { Connection } from "./connection.ts";

/** Domains that the hypervisor gives to nobody, and the number that means "myself". */
export const DOMID_FIRST_RESERVED = 0x7ff0;
export const DOMID_SELF = 0x7ff0;
/** Nobody. */
export const DOMID_INVALID = 0x7ff4;

export interface Domain {
  readonly domid: number;
  readonly gfn: bigint;
  port: number;
  readonly connection: Connection;
  /** It was told of once that the domain has shut down. */
  shutdown: boolean;
  features: number;
}

export class Domains {
  readonly #introduced = new Map<number, Domain>();
  /** Domains that exist, with the generation of the store at which they appeared. */
  readonly #existing = new Map<number, number>([[0, 0]]);

  /** The domain has been made. */
  appear(domid: number, generation: number): void {
    if (!this.#existing.has(domid)) this.#existing.set(domid, generation);
  }

  vanish(domid: number): void {
    this.#existing.delete(domid);
  }

  exists(domid: number): boolean {
    return this.#existing.has(domid);
  }

  /** It exists, and did so already when something of `generation` was written. */
  existedAt(domid: number, generation: number): boolean {
    const since = this.#existing.get(domid);
    return since !== undefined && since <= generation;
  }

  get(domid: number): Domain | undefined {
    return this.#introduced.get(domid);
  }

  introduce(domain: Domain): void {
    this.#introduced.set(domain.domid, domain);
  }

  release(domid: number): void {
    this.#introduced.delete(domid);
  }

  [Symbol.iterator](): IterableIterator<Domain> {
    return this.#introduced.values();
  }
}
