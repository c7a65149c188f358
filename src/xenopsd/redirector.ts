/**
 * Queues by tag, and who works on them: at most one worker on a tag, one item in each turn, the
 * same tag never served again before the others.
 *
 * Source: xen-api e2ee48d688, ocaml/libs/xapi-work-queues/xapi_work_queues.ml and
 * ocaml/xenopsd/lib/xenops_server.ml, `Redirector`.
 *
 * @module
 */
import { type Observer, tell } from "./observer.ts";
import { isSameCheck } from "./same_check.ts";
import type { Wait } from "./wait.ts";
import type { PoolName, WorkItem } from "./work_item.ts";

export const POOLS: readonly PoolName[] = ["default", "parallel", "nested", "receive"];

export interface Pool {
  readonly name: PoolName;
  /** An entry exists if and only if there is something in it. */
  readonly queues: Map<string, WorkItem[]>;
  /** The tags of the queues, in order. */
  readonly tags: string[];
  lastTag: string;
  /** Workers that wait for something to do. */
  readonly idle: Wait[];
}

export class Redirector {
  readonly pools: ReadonlyMap<PoolName, Pool>;
  /** What has come for a tag while a worker is at it; of all pools. */
  readonly overrides = new Map<string, WorkItem[]>();
  readonly aliases = new Map<string, string>();
  readonly #observers: readonly Observer[];

  constructor(observers: readonly Observer[]) {
    this.#observers = observers;
    const pools = POOLS.map((name): [PoolName, Pool] => [
      name,
      { name, queues: new Map(), tags: [], lastTag: "", idle: [] },
    ]);
    this.pools = new Map(pools);
  }

  pool(name: PoolName): Pool {
    const pool = this.pools.get(name);
    if (pool === undefined) throw new TypeError(`Cannot find pool: current value is ${name}`);
    return pool;
  }

  /** Nothing is queued and nothing is being worked on. */
  get isEmpty(): boolean {
    if (this.overrides.size > 0) return false;
    for (const { queues } of this.pools.values()) if (queues.size > 0) return false;
    return true;
  }

  push(name: PoolName, tag: string, item: WorkItem): void {
    const pool = this.pool(name);
    const real = this.aliases.get(tag) ?? tag;
    const override = this.overrides.get(real);
    tell(this.#observers, "onQueue", "push", name, real, item);
    if (override !== undefined) {
      this.#append(name, real, override, item);
    } else {
      const queue = pool.queues.get(real);
      if (queue === undefined) addQueue(pool, real, [item]);
      else this.#append(name, real, queue, item);
    }
    pool.idle.shift()?.wake();
  }

  /** The next item; its tag is withdrawn until `finished`. */
  pop(name: PoolName): [tag: string, item: WorkItem] | undefined {
    const pool = this.pool(name);
    const { tags } = pool;
    const tag = tags[firstAfter(tags, pool.lastTag)] ?? tags[0];
    const queue = tag === undefined ? undefined : pool.queues.get(tag);
    const item = queue?.shift();
    if (tag === undefined || queue === undefined || item === undefined) return undefined;
    pool.lastTag = tag;
    removeQueue(pool, tag);
    this.overrides.set(tag, queue);
    tell(this.#observers, "onQueue", "pop", name, tag, item);
    return [tag, item];
  }

  /** What has come meanwhile can be worked on; other names of the tag are forgotten. */
  finished(name: PoolName, tag: string, item: WorkItem): void {
    const pool = this.pool(name);
    const rest = this.overrides.get(tag) ?? [];
    this.overrides.delete(tag);
    tell(this.#observers, "onQueue", "finish", name, tag, item);
    for (const [alias, real] of this.aliases) {
      if (real !== tag) continue;
      this.aliases.delete(alias);
      tell(this.#observers, "onQueue", "unalias", name, alias);
    }
    if (rest.length === 0) return;
    addQueue(pool, tag, rest);
    pool.idle.shift()?.wake();
  }

  /** Another name for a tag that is being worked on; of any other tag it is ignored. */
  alias(tag: string, alias: string): boolean {
    if (!this.overrides.has(tag)) return false;
    this.aliases.set(alias, tag);
    tell(this.#observers, "onQueue", "alias", "default", alias);
    return true;
  }

  /** Looks through the whole queue: a check that stands in it already is not done twice. */
  #append(name: PoolName, tag: string, queue: WorkItem[], item: WorkItem): void {
    const earlier = queue.find(({ op }) => isSameCheck(op, item.op));
    if (earlier === undefined) queue.push(item);
    else tell(this.#observers, "onQueue", "drop", name, tag, item, earlier);
  }
}

function addQueue(pool: Pool, tag: string, items: WorkItem[]): void {
  pool.queues.set(tag, items);
  pool.tags.splice(firstAfter(pool.tags, tag), 0, tag);
}

function removeQueue(pool: Pool, tag: string): void {
  pool.queues.delete(tag);
  pool.tags.splice(firstAfter(pool.tags, tag) - 1, 1);
}

/** The index of the smallest tag that is greater. */
function firstAfter(tags: readonly string[], tag: string): number {
  let low = 0;
  let high = tags.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tags[middle] as string) > tag) high = middle;
    else low = middle + 1;
  }
  return low;
}
