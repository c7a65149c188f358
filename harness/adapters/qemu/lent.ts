/**
 * Things that take longer to make and to remove than to use: who needs one borrows it, and it is
 * there for the next one as long as anybody else has one. The last one to give back leaves nothing.
 *
 * @module
 */
export interface Kind<T> {
  make(): T;
  /** Makes it as good as new; false when it cannot be used again. */
  tidy(thing: T): boolean;
  remove(thing: T): void;
}

export class Lent<T> {
  readonly #kind: Kind<T>;
  readonly #idle: T[] = [];
  #out = 0;

  constructor(kind: Kind<T>) {
    this.#kind = kind;
  }

  borrow(): T {
    const thing = this.#idle.pop() ?? this.#kind.make();
    this.#out++;
    return thing;
  }

  giveBack(thing: T): void {
    this.#out--;
    if (this.#out > 0 && this.#kind.tidy(thing)) {
      this.#idle.push(thing);
      return;
    }
    this.#kind.remove(thing);
    if (this.#out > 0) return;
    for (const other of this.#idle.splice(0)) this.#kind.remove(other);
  }
}
