/**
 * The recorder of changes: which object changed last when, and barriers between the changes.
 *
 * Source: xen-api e2ee48d688, ocaml/xapi-idl/lib/updates.ml.
 *
 * @module
 */
import type { DynamicId } from "../xenops_interface/mod.ts";
import { type Observer, tell } from "./observer.ts";
import type { Reply, UpdateChange } from "./reply.ts";
import type { Wait } from "./wait.ts";

export interface Change {
  readonly key: string;
  readonly id: DynamicId;
  readonly time: number;
}

export interface Barrier {
  readonly id: number;
  readonly vm: string;
  readonly eventId: number;
  readonly snapshot: readonly Change[];
}

/** What one object is called among the changes. */
export function keyOf(id: DynamicId): string {
  const [kind, name] = id;
  return typeof name === "string" ? `${kind}:${name}` : `${kind}:${name[0]}/${name[1]}`;
}

function vmOf([kind, name]: DynamicId): string | undefined {
  if (kind === "Task") return undefined;
  return typeof name === "string" ? name : name[0];
}

export class Updates {
  next = 1;
  readonly #observers: readonly Observer[];
  readonly #times = new Map<string, Change>();
  /** By time; what is not the last change of its key any more is skipped. */
  #log: Change[] = [];
  /** The newest one last. */
  readonly barriers: Barrier[] = [];
  /** Getters that wait for the next change of anything. */
  readonly waiting = new Set<Wait>();

  constructor(observers: readonly Observer[] = []) {
    this.#observers = observers;
  }

  get lastId(): number {
    return this.next - 1;
  }

  /** Every known object with its last change. */
  get changes(): ReadonlyMap<string, Change> {
    return this.#times;
  }

  add(id: DynamicId): void {
    const key = keyOf(id);
    const change = { key, id, time: this.next++ };
    this.#times.set(key, change);
    this.#log.push(change);
    if (this.#log.length > 2 * this.#times.size + 64) this.#compact();
    this.#changed("add", key, change.time);
  }

  remove(id: DynamicId): void {
    const key = keyOf(id);
    this.#times.delete(key);
    this.#changed("remove", key, this.next++);
  }

  /** Forgets every object that `keeps` does not hold on to. */
  filter(keeps: (id: DynamicId) => boolean): void {
    for (const [key, { id }] of this.#times) if (!keeps(id)) this.#times.delete(key);
    this.#changed("filter", "", this.next++);
  }

  injectBarrier(id: number, vm: string): void {
    const snapshot = this.#since(0).filter((change) => vmOf(change.id) === vm);
    const eventId = this.next++;
    this.barriers.push({ id, vm, eventId, snapshot });
    this.#changed("inject", `${id}:${vm}`, eventId);
  }

  removeBarrier(id: number): void {
    const kept = this.barriers.filter((barrier) => barrier.id !== id);
    this.barriers.splice(0, this.barriers.length, ...kept);
    this.#changed("remove_barrier", `${id}`, this.next++);
  }

  /** What has changed since; undefined if there is nothing, and a getter has to wait. */
  get(from = 0): Reply | undefined {
    const changes = this.#since(from);
    // The scan begins with the newest one and ends at the first that is too old.
    let first = this.barriers.length;
    while ((this.barriers[first - 1]?.eventId ?? 0) > from) first--;
    const barriers = this.barriers.slice(first);
    if (changes.length === 0 && barriers.length === 0) return undefined;
    const token = Math.max(from, changes.at(-1)?.time ?? 0, barriers.at(-1)?.eventId ?? 0);
    return {
      barriers: barriers.map(({ id, snapshot }) => [
        id,
        snapshot.filter(({ time }) => time > from).map((change) => change.id),
      ]),
      ids: changes.map(({ id }) => id),
      token,
    };
  }

  #since(from: number): Change[] {
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#log[middle]?.time ?? 0) > from) high = middle;
      else low = middle + 1;
    }
    const found: Change[] = [];
    for (let i = low; i < this.#log.length; i++) {
      const change = this.#log[i] as Change;
      if (this.#times.get(change.key) === change) found.push(change);
    }
    return found;
  }

  #compact(): void {
    this.#log = this.#log.filter((change) => this.#times.get(change.key) === change);
  }

  #changed(change: UpdateChange, key: string, time: number): void {
    tell(this.#observers, "onUpdate", change, key, time);
    if (this.waiting.size === 0) return;
    const woken = [...this.waiting];
    this.waiting.clear();
    for (const wait of woken) wait.wake();
  }
}
