/**
 * The parts of one process that operations need: all of them, and how to queue work.
 *
 * @module
 */
import { type RpcValue, XenopsError } from "../xenops_interface/mod.ts";
import type { Channel } from "./channel.ts";
import { Database } from "./database.ts";
import type { ShutdownCode } from "./dom.ts";
import type { FaultPlan } from "./fault_plan.ts";
import type { Network } from "./network.ts";
import type { Observer } from "./observer.ts";
import type { CheckState, Operation } from "./operation.ts";
import type { Quirk } from "./quirks_table.ts";
import { Random } from "./random.ts";
import { Redirector } from "./redirector.ts";
import type { Release } from "./release.ts";
import type { Scheduler } from "./scheduler.ts";
import type { StepPoint } from "./step_point.ts";
import type { Task } from "./task.ts";
import { Tasks } from "./tasks.ts";
import { Updates } from "./updates.ts";
import type { VirtualClock } from "./virtual_clock.ts";
import { Wait } from "./wait.ts";
import type { PoolName } from "./work_item.ts";
import type { World } from "./world.ts";

/** What an engine is made of: what it shows of itself, and what only its beginning needs. */
export interface EngineParts
  extends Pick<
    Engine,
    "world" | "clock" | "scheduler" | "observers" | "quirks" | "faults" | "release" | "network"
  > {
  readonly seed: number;
  /** Undefined to draw one. */
  readonly instanceId: string | undefined;
}

/** Hosts without vGPUs of that kind have no such tag. */
const MXGPU_TAG = "mxgpu";

export class Engine {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly scheduler: Scheduler;
  readonly observers: readonly Observer[];
  readonly quirks: ReadonlySet<Quirk>;
  readonly faults: FaultPlan;
  readonly release: Release;
  readonly random: Random;
  readonly updates: Updates;
  readonly tasks: Tasks;
  readonly redirector: Redirector;
  readonly db: Database;
  /** Connections of migrations; they are closed when the process ends. */
  readonly channels = new Set<Channel>();
  /** Connections for memory that have come, by the id that the VM has meanwhile. */
  readonly memoryChannels = new Map<string, Channel>();
  readonly #memoryWaits = new Map<string, Wait>();
  readonly network: Network | undefined;
  readonly instanceId: string;
  /** VMs whose reboot is at work: clients see them running all the time. */
  readonly rebooting = new Set<string>();
  /** Threads that stand where the plan of faults makes them hang. */
  readonly hung = new Set<StepPoint>();

  constructor(parts: EngineParts) {
    this.world = parts.world;
    this.clock = parts.clock;
    this.scheduler = parts.scheduler;
    this.observers = parts.observers;
    this.quirks = parts.quirks;
    this.faults = parts.faults;
    this.release = parts.release;
    this.network = parts.network;
    this.random = new Random(parts.seed + 1);
    this.instanceId = parts.instanceId ?? newInstanceId(this.random);
    this.updates = new Updates(parts.observers);
    this.tasks = new Tasks(parts.clock, this.updates, parts.observers);
    this.redirector = new Redirector(parts.observers);
    this.db = new Database(parts.world.fs, this.updates);
  }

  /** Queues the operation behind the others of its VM; what it answers is in the task. */
  enqueue(op: Operation, dbg: string, pool: PoolName = "default"): Task {
    const task = this.tasks.add(dbg);
    const tag = this.#tagOf(op.vm);
    this.redirector.push(pool, tag, { op, task, tag });
    return task;
  }

  /** Queues a check for which nobody waits: its task is forgotten at once. */
  check(op: CheckState): void {
    this.tasks.destroy(this.enqueue(op, "event"));
  }

  /** Something has happened to the domain; what to do is decided later. */
  needsAttention(vm: string): void {
    this.db.signalVm(vm);
    this.check({ o: "VM_check_state", vm });
  }

  /** The guest powers off, reboots, or crashes by itself. */
  guestEnds(vm: string, shutdown: ShutdownCode): void {
    const { hv } = this.world;
    const dom = hv.dom(vm);
    if (dom === undefined) throw new XenopsError("Does_not_exist", ["domain", vm]);
    hv.set(dom, { shutdown });
    this.needsAttention(vm);
  }

  /** Ends when the connection for memory is there, or the first one is closed. */
  memoryComes(vm: string, control: Channel): Wait {
    const wait = new Wait();
    this.#memoryWaits.set(vm, wait);
    control.onClose = () => wait.wake();
    return wait;
  }

  takeMemory(vm: string, channel: Channel): void {
    this.memoryChannels.set(vm, channel);
    this.#memoryWaits.get(vm)?.wake();
    this.#memoryWaits.delete(vm);
  }

  /** VMs that share a card must not be worked on at once. */
  #tagOf(vm: string): string {
    for (const { implementation } of this.db.devices("vgpu", vm)) {
      if (implementation !== "Empty" && implementation[0] === "MxGPU") return MXGPU_TAG;
    }
    return vm;
  }
}

/** What an operation leaves for the client. */
export type Result = RpcValue | undefined;

function newInstanceId(random: Random): string {
  const word = () => random.below(0x10000).toString(16).padStart(4, "0");
  const [version, variant] = [`4${word().slice(1)}`, `8${word().slice(1)}`];
  const [head, tail] = [`${word()}${word()}`, `${word()}${word()}${word()}`];
  return `${head}-${word()}-${version}-${variant}-${tail}`;
}
