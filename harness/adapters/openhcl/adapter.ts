/**
 * Drives the reference model of OpenHCL. Model failures become the harness's own: a refused save
 * or boot, a panic, a hang.
 *
 * @module
 */

import { ChainError, Panic, Stuck } from "../../../src/machine/mod.ts";
import { MeshError } from "../../../src/mesh/mod.ts";
import {
  boot,
  Host,
  hostOfCaptured,
  keepaliveInForce,
  type Openhcl,
  RELEASES,
  releaseNamed,
  restore,
} from "../../../src/openhcl/mod.ts";
import {
  type Adapter,
  CrashedError,
  HungError,
  RefusedError,
  type Rig,
  type RunningMachine,
  type SavedState,
  SaveError,
  type SaveRequest,
} from "../../adapter.ts";
import type { FacetName, Facets } from "../../facets/machine.ts";
import type { Hop } from "../../path.ts";
import { facetsOf } from "./machine_facets.ts";
import { flagsOf, timeoutHintOf } from "./request.ts";
import { faultOf, hasMana, hasNvme, inputsOf, type Settings } from "./settings.ts";
import { arm, vmOf } from "./vm_settings.ts";

const IMPLEMENTATION = "openhcl";

/** Facets that every machine has. */
const USUAL: readonly FacetName[] = [
  "dma",
  "guestState",
  "lifecycle",
  "servicing",
  "units",
  "vmbus",
];

export const openhclAdapter: Adapter = {
  implementation: IMPLEMENTATION,
  releases: RELEASES.map(({ name }) => name),
  capabilities(hop, settings) {
    const release = releaseNamed(hop.release);
    const capabilities = new Set<string>(USUAL);
    const alive = keepaliveInForce(release, inputsOf(hop, settings), flagsOf(settings));
    if (hasNvme(settings)) {
      capabilities.add("nvme");
      if (alive.nvme) capabilities.add("nvme.keepalive");
    }
    if (hasMana(settings)) {
      capabilities.add("nic");
      if (alive.mana) capabilities.add("mana.keepalive");
    }
    return capabilities;
  },
  rig: (settings, seed) => Promise.resolve(new OpenhclRig(settings, seed)),
};

class OpenhclRig implements Rig {
  readonly #settings: Settings;
  readonly #seed: number;
  /** Made with the first hop: a captured state brings its own hardware. */
  #host: Host | null = null;
  /** A disturbance by the operator of the first machine; null once it is done. */
  #pauses: boolean;

  constructor(settings: Settings, seed: number) {
    this.#settings = settings;
    this.#seed = seed;
    this.#pauses = faultOf(settings) === "paused";
  }

  start(hop: Hop): Promise<RunningMachine> {
    return this.#run(hop, () => {
      this.#host = new Host(vmOf(this.#settings, this.#seed));
      arm(this.#host, this.#settings);
      return boot(releaseNamed(hop.release), this.#host, inputsOf(hop, this.#settings));
    });
  }

  restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    return this.#run(hop, () => {
      const host = this.#host ?? this.#hostOf(state);
      const inputs = inputsOf(hop, this.#settings);
      return restore(releaseNamed(hop.release), host, inputs, state.bytes);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#host = null;
  }

  /** Hardware for a state from elsewhere. One that cannot be read meets the usual hardware. */
  #hostOf(state: SavedState): Host {
    const vm = vmOf(this.#settings, this.#seed);
    try {
      this.#host = hostOfCaptured(vm, state.writer.release, state.bytes);
    } catch (error) {
      if (!(error instanceof MeshError || error instanceof ChainError)) throw error;
      this.#host = new Host(vm);
    }
    arm(this.#host, this.#settings);
    return this.#host;
  }

  async #run(hop: Hop, start: () => Openhcl): Promise<RunningMachine> {
    try {
      const pauses = this.#pauses;
      this.#pauses = false;
      return newMachine(start(), hop, this.#settings, pauses);
    } catch (error) {
      throw failureOf(error, (message) => new RefusedError(message));
    }
  }
}

/** A machine that offers the facets which its hop can do. */
function newMachine(
  openhcl: Openhcl,
  hop: Hop,
  settings: Settings,
  pauses: boolean,
): RunningMachine {
  const capabilities = openhclAdapter.capabilities(hop, settings);
  const offered = Object.entries(facetsOf(openhcl)).filter(([name]) => capabilities.has(name));
  const release = openhcl.release.name;
  return {
    ...(Object.fromEntries(offered) as Partial<Facets>),
    release,
    async save({ correlationId }: SaveRequest): Promise<SavedState> {
      const wasRunning = openhcl.running;
      if (pauses) openhcl.pause();
      try {
        const bytes = openhcl.save({
          correlationId,
          timeoutHintUs: timeoutHintOf(settings),
          capabilitiesFlags: flagsOf(settings),
        });
        return { writer: { implementation: IMPLEMENTATION, release }, codec: "mesh", bytes };
      } catch (error) {
        const runs = wasRunning && openhcl.running;
        throw failureOf(error, (message) => new SaveError(message, runs));
      }
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** What the harness calls a failure of the model; anything else is a fault of the model itself. */
function failureOf(error: unknown, refused: (message: string) => Error): unknown {
  if (error instanceof Panic) return new CrashedError(error.message);
  if (error instanceof Stuck) return new HungError(error.message);
  if (error instanceof ChainError) return refused(error.message);
  return error;
}
