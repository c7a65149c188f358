/**
 * Domains that exist, and which of them have been introduced to the store.
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
  /** Domains that the daemon has dealt with, with the generation of the store at that time. */
  readonly #known = new Map<number, number>([[0, 0]]);
  readonly #shutDown = new Set<number>();
  /** Domains that the hypervisor has; undefined as long as there is none that says so. */
  #created: Set<number> | undefined = undefined;
  readonly #exists: (domid: number) => boolean;

  /** `exists` asks the hypervisor for a domain that nobody has introduced. */
  constructor(exists: (domid: number) => boolean = () => false) {
    this.#exists = exists;
  }

  /** The hypervisor has made the domain. */
  create(domid: number): void {
    this.#created ??= new Set([0]);
    this.#created.add(domid);
  }

  /** The hypervisor says that it has shut down. */
  shutDown(domid: number): void {
    if (this.mayIntroduce(domid)) this.#shutDown.add(domid);
  }

  /** The hypervisor has it no more. */
  destroy(domid: number): void {
    this.#created?.delete(domid);
    this.#shutDown.delete(domid);
  }

  isShutDown(domid: number): boolean {
    return this.#shutDown.has(domid);
  }

  /** Without a hypervisor that says otherwise, a domain exists because it is introduced. */
  mayIntroduce(domid: number): boolean {
    return this.#created?.has(domid) ?? true;
  }

  /** Somebody speaks of it at `generation`; false when there is no such domain. */
  refer(domid: number, generation: number): boolean {
    if (this.#known.has(domid)) return true;
    if (!(this.#created?.has(domid) ?? this.#exists(domid))) return false;
    this.#known.set(domid, generation);
    return true;
  }

  /** It must be there, as it is introduced or has something. */
  appear(domid: number, generation: number): void {
    if (!this.#known.has(domid)) this.#known.set(domid, generation);
  }

  /** What is said of this number from now on is about another domain. */
  forget(domid: number): void {
    this.#known.delete(domid);
  }

  isKnown(domid: number): boolean {
    return this.#known.has(domid);
  }

  /** It is known, and was so already when something of `generation` was written. */
  existedAt(domid: number, generation: number): boolean {
    const since = this.#known.get(domid);
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
