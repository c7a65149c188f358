/**
 * A small OpenHCL for the tests of this folder: controllers, DMA memory and the NVMe manager of
 * one release, carried over hops. It has no state units and no host.
 *
 * @module
 */
import { type Environment, newEnvironment, type Strike, VirtualClock } from "../machine/mod.ts";
import { GUEST, OpenhclDmaManager, PhysicalMemory } from "../memory/mod.ts";
import { type ControllerConfig, NvmeController } from "../nvme/mod.ts";
import type { NvmeManagerSavedState, OpenhclDmaManagerState } from "../openhcl_state/mod.ts";
import type { IoOutcome, IoRequest, TransferRequest } from "./io_request.ts";
import { NvmeManager } from "./manager.ts";
import type { NvmeRelease } from "./release.ts";

/** PCI address of the first controller. */
export const PCI_ID = "c05b:00:00.0";

/** Pages of the private pool: room for seven queue pairs. */
const PRIVATE = [{ pfn: 0x1000n, pages: 500n }];

/** Settings of one hop. */
export interface Hop {
  readonly release: NvmeRelease;
  /** True when keepalive is enabled on this hop. */
  readonly keepalive?: boolean;
  readonly alwaysFlr?: boolean;
  readonly isolated?: boolean;
}

/** What a hop leaves behind. */
export interface Left {
  readonly dma: OpenhclDmaManagerState;
  readonly nvme: NvmeManagerSavedState | null;
}

/** First page frame of the guest; its pages are those that requests of the tests use. */
const GUEST_PFN = 0x100;
const GUEST_PAGES = 0x100;

/** A read of one block into the guest's first page. */
export const READ: TransferRequest = {
  opcode: "READ",
  nsid: 37,
  lba: 0,
  blocks: 1,
  pfns: [GUEST_PFN],
  offset: 0,
};

/** A write of one block out of the guest's first page. */
export const WRITE: TransferRequest = { ...READ, opcode: "WRITE" };

/** Controllers that stay, and one hop after the other on them. */
export class TestMachine {
  readonly controllers: readonly NvmeController[];
  readonly memory = new PhysicalMemory();
  readonly clock = new VirtualClock();
  readonly #strikes: Strike[] = [];
  #hop: { environment: Environment; dma: OpenhclDmaManager; manager: NvmeManager } | null = null;

  constructor(...configs: readonly Partial<ControllerConfig>[]) {
    const { clock, memory } = this;
    const namespaces = [{ nsid: 37, blocks: 4096n }];
    const all = configs.length === 0 ? [{}] : configs;
    this.controllers = all.map((config) => {
      return new NvmeController({ pciId: PCI_ID, namespaces, ...config, clock, memory });
    });
    memory.lend(BigInt(GUEST_PFN), GUEST_PAGES, GUEST, true);
  }

  get controller(): NvmeController {
    const [controller] = this.controllers;
    if (controller === undefined) throw new RangeError("Cannot find controller: none exists");
    return controller;
  }

  get environment(): Environment {
    return this.#current.environment;
  }

  get dma(): OpenhclDmaManager {
    return this.#current.dma;
  }

  get manager(): NvmeManager {
    return this.#current.manager;
  }

  /** Starts a hop, from what another one has left or from nothing. */
  boot({ release, keepalive = true, ...rest }: Hop, left?: Left): this {
    const { controllers, memory } = this;
    memory.owners.beginBoot();
    const environment = newEnvironment(this.clock, this.#strikes);
    const ranges = { private: PRIVATE, shared: [SHARED] };
    const dma = new OpenhclDmaManager(ranges, environment.log, memory);
    if (left !== undefined) dma.restore(left.dma);
    const options = { environment, release, dma, controllers, vpCount: 4, ...rest };
    const manager = new NvmeManager({
      ...options,
      memory: memory.content,
      saveRestoreSupported: keepalive,
    });
    this.#hop = { environment, dma, manager };
    if (left?.nvme) manager.restore(left.nvme);
    return this;
  }

  /** Disturbs this hop, or the next one when there is none yet. */
  strike(strike: Strike): void {
    this.#strikes.push(strike);
  }

  /** Starts a hop and opens the namespace that the tests use. */
  open(hop: Hop, left?: Left): this {
    this.boot(hop, left).manager.namespace(PCI_ID, 37);
    return this;
  }

  /** Sends a request on the first controller; answers what becomes of it, once it has. */
  submit(cpu: number, request: IoRequest = READ): { outcome: IoOutcome | null } {
    const sent: { outcome: IoOutcome | null } = { outcome: null };
    this.manager.submit(PCI_ID, cpu, request, (outcome) => {
      sent.outcome = outcome;
    });
    return sent;
  }

  /** Does I/O on some processors, so that each one gets its queue. */
  use(...cpus: readonly number[]): this {
    for (const cpu of cpus) this.submit(cpu);
    return this.settle();
  }

  /** Lets everything happen that is going to happen by itself. */
  settle(): this {
    this.clock.advanceUntil(() => false, 1_000_000);
    return this;
  }

  /** Saves and shuts down, in the order of a servicing: DMA memory first. */
  leave(keepalive = true): Left {
    const left = { dma: this.dma.save(), nvme: this.manager.save(keepalive) };
    this.manager.shutdown(keepalive);
    return left;
  }

  /** Identifiers of the commands that the first controller has in flight on a queue. */
  inFlight(qid: number): readonly number[] {
    const node = Object(this.controller.inspect()).queues as readonly Record<string, unknown>[];
    return (node.find((queue) => queue.qid === qid)?.outstanding ?? []) as readonly number[];
  }

  /** Texts of the log of this hop. */
  log(): string[] {
    return this.environment.log.lines().map(({ text }) => text);
  }

  get #current() {
    if (this.#hop === null) throw new RangeError("Cannot look at machine: it has not been booted");
    return this.#hop;
  }
}

const SHARED = { pfn: 0x9000n, pages: 400n };
