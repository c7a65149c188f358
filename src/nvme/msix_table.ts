/**
 * Interrupts of a controller by MSI-X vector. A vector that nobody listens to stays pending, and is
 * delivered to whoever comes. Source: PCI Express Base Specification, MSI-X (pending bit array).
 *
 * Who listens is a matter of one boot and is not copied.
 *
 * @module
 */

/** Called when a vector interrupts. */
export type InterruptHandler = () => void;

export class MsixTable {
  #handlers: InterruptHandler[][] = [];
  #pending: number[] = [];
  /** Raised and not delivered yet. */
  #raised: number[] = [];

  /** Vectors that have interrupted while nobody listened. */
  get pending(): readonly number[] {
    return this.#pending;
  }

  /** `handler` listens to `vector`, beside those who do already. */
  map(vector: number, handler: InterruptHandler): void {
    const handlers = this.#handlers[vector] ?? [];
    this.#handlers[vector] = [...handlers, handler];
    if (!this.#pending.includes(vector)) return;
    this.#pending = this.#pending.filter((other) => other !== vector);
    handler();
  }

  /** Nobody listens any more. */
  unmapAll(): void {
    this.#handlers = [];
  }

  /** Vector `vector` is to interrupt at the next delivery, once. */
  raise(vector: number): void {
    if (!this.#raised.includes(vector)) this.#raised.push(vector);
  }

  /** Tells whoever listens, until a handler no longer raises another. */
  deliver(): void {
    for (let vector = this.#raised.shift(); vector !== undefined; vector = this.#raised.shift()) {
      const handlers = this.#handlers[vector];
      if (handlers !== undefined) for (const handler of handlers) handler();
      else if (!this.#pending.includes(vector)) this.#pending.push(vector);
    }
  }

  /** A reset of the function takes pending interrupts away. */
  reset(): void {
    this.#pending = [];
    this.#raised = [];
  }

  fork(): MsixTable {
    const copy = new MsixTable();
    copy.#pending = [...this.#pending];
    copy.#raised = [...this.#raised];
    return copy;
  }
}
