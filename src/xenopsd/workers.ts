/**
 * The workers of the pools: each takes one item after the other.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml; ocaml/libs/xapi-work-queues. A worker that
 * is to go does so behind its next item.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import { performOperation } from "./perform.ts";
import { POOLS } from "./redirector.ts";
import { newPoint, Site } from "./site.ts";
import type { Run, StepPoint } from "./step_point.ts";
import { Wait } from "./wait.ts";
import type { PoolName, WorkItem } from "./work_item.ts";

export interface Worker {
  readonly pool: PoolName;
  state: "Idle" | "Processing" | "Shutdown_requested" | "Shutdown";
  isToGo: boolean;
  item: WorkItem | undefined;
}

export class Workers {
  readonly all: Worker[] = [];
  readonly #engine: Engine;

  constructor(engine: Engine, size: number) {
    this.#engine = engine;
    this.setSize(size);
  }

  get areIdle(): boolean {
    return this.all.every(({ item }) => item === undefined);
  }

  /** The same number for each pool. */
  setSize(size: number): void {
    for (const pool of POOLS) {
      const those = this.all.filter((it) => it.pool === pool && it.state !== "Shutdown");
      those.forEach((worker, index) => {
        worker.isToGo = index >= size;
        if (worker.item === undefined) worker.state = worker.isToGo ? "Shutdown_requested" : "Idle";
      });
      for (let count = those.length; count < size; count++) this.#start(pool);
    }
  }

  #start(pool: PoolName): void {
    const worker: Worker = { pool, state: "Idle", isToGo: false, item: undefined };
    const point = newPoint();
    this.all.push(worker);
    this.#engine.scheduler.spawn("worker", this.#work(worker, point), point);
  }

  *#work(worker: Worker, point: StepPoint): Run<void> {
    const { redirector, tasks } = this.#engine;
    const { idle } = redirector.pool(worker.pool);
    for (;;) {
      const next = redirector.pop(worker.pool);
      if (next === undefined) {
        worker.state = worker.isToGo ? "Shutdown_requested" : "Idle";
        const wait = new Wait();
        idle.push(wait);
        yield wait;
        continue;
      }
      const [tag, item] = next;
      worker.state = "Processing";
      worker.item = item;
      yield undefined;
      yield* this.#process(item, point);
      redirector.finished(worker.pool, tag, item);
      // The next item of the tag may begin before anybody knows that this one has ended.
      yield undefined;
      tasks.finish(item.task);
      worker.item = undefined;
      if (worker.isToGo) break;
    }
    worker.state = "Shutdown";
    this.all.splice(this.all.indexOf(worker), 1);
  }

  *#process({ op, task, under }: WorkItem, point: StepPoint): Run<void> {
    const engine = this.#engine;
    point.atom = -1;
    const site = new Site(engine, task, point);
    yield* engine.tasks.run(task, performOperation(site, op, under ?? op.o));
  }
}
