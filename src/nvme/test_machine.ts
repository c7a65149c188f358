/**
 * A small OpenHCL for the tests of this folder: controllers, DMA memory and the NVMe manager of
 * one release, carried over hops. It has no state units and no host.
 *
 * @module
 */
import { type Environment, newEnvironment, VirtualClock } from "../machine/mod.ts";
import { OpenhclDmaManager } from "../memory/mod.ts";
import type { NvmeManagerSavedState, OpenhclDmaManagerState } from "../openhcl_state/mod.ts";
import { type ControllerConfig, NvmeController } from "./controller.ts";
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

/** Controllers that stay, and one hop after the other on them. */
export class TestMachine {
  readonly controllers: readonly NvmeController[];
  readonly #clock = new VirtualClock();
  #hop: { environment: Environment; dma: OpenhclDmaManager; manager: NvmeManager } | null = null;

  constructor(...configs: readonly Partial<ControllerConfig>[]) {
    const namespaces = [{ nsid: 37, blocks: 4096n }];
    const all = configs.length === 0 ? [{}] : configs;
    this.controllers = all.map((config) => {
      return new NvmeController({ pciId: PCI_ID, namespaces, ...config });
    });
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
    const environment = newEnvironment(this.#clock);
    const dma = new OpenhclDmaManager({ private: PRIVATE, shared: [SHARED] }, environment.log);
    if (left !== undefined) dma.restore(left.dma);
    const { controllers } = this;
    const options = { environment, release, dma, controllers, vpCount: 4, ...rest };
    const manager = new NvmeManager({ ...options, saveRestoreSupported: keepalive });
    this.#hop = { environment, dma, manager };
    if (left?.nvme) manager.restore(left.nvme);
    return this;
  }

  /** Starts a hop and opens the namespace that the tests use. */
  open(hop: Hop, left?: Left): this {
    this.boot(hop, left).manager.namespace(PCI_ID, 37);
    return this;
  }

  /** Saves and shuts down, in the order of a servicing: DMA memory first. */
  leave(keepalive = true): Left {
    const left = { dma: this.dma.save(), nvme: this.manager.save(keepalive) };
    this.manager.shutdown(keepalive);
    return left;
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
