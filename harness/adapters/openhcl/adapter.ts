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
import type { FacetName } from "../../facets/machine.ts";
import type { Hop } from "../../path.ts";
import { stackless } from "../../stackless.ts";
import { nicFacet, nvmeFacet, usualFacets } from "./machine_facets.ts";
import { flagsOf, timeoutHintOf } from "./request.ts";
import { faultOf, hasMana, hasNvme, inputsOf, type Settings } from "./settings.ts";
import { arm, vmOf } from "./vm_settings.ts";

const IMPLEMENTATION = "openhcl";

/** Facets that every machine has. */
const USUAL: readonly FacetName[] = [
  "dma",
  "guest",
  "guestState",
  "lifecycle",
  "recall",
  "servicing",
  "units",
  "vmbus",
];

/** By all that they depend on; few, since the axes are. */
const known = new Map<string, ReadonlySet<string>>();

export const openhclAdapter: Adapter = {
  implementation: IMPLEMENTATION,
  releases: RELEASES.map(({ name }) => name),
  capabilities(hop, settings) {
    const { host, pool } = hop.inputs;
    const { devices, request } = settings;
    const key = [hop.release, host, pool, devices, request].join(" ");
    const capabilities = known.get(key) ?? capabilitiesOf(hop, settings);
    known.set(key, capabilities);
    return capabilities;
  },
  rig: (settings, seed) => Promise.resolve(new OpenhclRig(settings, seed)),
};

function capabilitiesOf(hop: Hop, settings: Settings): ReadonlySet<string> {
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
}

class OpenhclRig implements Rig {
  readonly #settings: Settings;
  readonly #seed: number;
  #host: Host | null = null;
  /** What the last machine has saved; any other state was captured on other hardware. */
  #saved: Uint8Array | null = null;
  /** True until the first machine has been started, for the fault that pauses it. */
  #pauses: boolean;

  constructor(settings: Settings, seed: number) {
    this.#settings = settings;
    this.#seed = seed;
    this.#pauses = faultOf(settings) === "machine:paused:save";
  }

  fork(): Rig {
    const copy = new OpenhclRig(this.#settings, this.#seed);
    copy.#host = this.#host?.fork() ?? null;
    copy.#saved = this.#saved;
    copy.#pauses = this.#pauses;
    return copy;
  }

  start(hop: Hop): Promise<RunningMachine> {
    return this.#run(() => {
      this.#host = new Host(vmOf(this.#settings, this.#seed));
      arm(this.#host, this.#settings);
      return boot(releaseNamed(hop.release), this.#host, inputsOf(hop, this.#settings));
    });
  }

  restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    return this.#run(() => {
      const host = this.#hostOf(state);
      const inputs = inputsOf(hop, this.#settings);
      return restore(releaseNamed(hop.release), host, inputs, state.bytes);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#host = null;
    return Promise.resolve();
  }

  /** The hardware of `state`. One from elsewhere brings its own, as far as it can be read. */
  #hostOf(state: SavedState): Host {
    if (this.#host !== null && state.bytes === this.#saved) return this.#host;
    const vm = vmOf(this.#settings, this.#seed);
    try {
      this.#host = hostOfCaptured(vm, state.writer.release, state.bytes);
    } catch (error) {
      if (!(error instanceof MeshError || error instanceof ChainError)) throw error;
      this.#host = new Host(vm);
    }
    this.#host.restoreStuck = faultOf(this.#settings) === "servicing:stuck:restore";
    return this.#host;
  }

  #run(start: () => Openhcl): Promise<RunningMachine> {
    const pauses = this.#pauses;
    this.#pauses = false;
    return settled(
      () =>
        newMachine(start(), this.#settings, pauses, (bytes) => {
          this.#saved = bytes;
        }),
      refusedRestore,
    );
  }
}

/** A machine with the facets that its hardware gives it. */
function newMachine(
  openhcl: Openhcl,
  settings: Settings,
  pauses: boolean,
  keep: (bytes: Uint8Array) => void,
): RunningMachine {
  const release = openhcl.release.name;
  return {
    ...usualFacets(openhcl),
    ...(hasNvme(settings) ? nvmeFacet(openhcl) : {}),
    ...(hasMana(settings) ? nicFacet(openhcl) : {}),
    release,
    save({ correlationId, settings: asked }: SaveRequest): Promise<SavedState> {
      const wasRunning = openhcl.running;
      if (pauses) openhcl.pause();
      const request = {
        correlationId,
        timeoutHintUs: timeoutHintOf(asked),
        capabilitiesFlags: flagsOf(asked),
      };
      return settled(
        () => {
          const bytes = openhcl.save(request);
          keep(bytes);
          return { writer: { implementation: IMPLEMENTATION, release }, codec: "mesh", bytes };
        },
        (message) => new SaveError(message, wasRunning && openhcl.running),
      );
    },
    goOn: () => settled(() => openhcl.goOn(), refusedRestore),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

function refusedRestore(message: string): Error {
  return new RefusedError(message);
}

/** The model answers at once; the harness waits for its answers. */
function settled<T>(work: () => T, refused: (message: string) => Error): Promise<T> {
  try {
    return Promise.resolve(work());
  } catch (error) {
    return Promise.reject(stackless(() => failureOf(error, refused)));
  }
}

/** What the harness calls a failure of the model; anything else is a fault of the model itself. */
function failureOf(error: unknown, refused: (message: string) => Error): Error {
  if (error instanceof Panic) return new CrashedError(error.message);
  if (error instanceof Stuck) return new HungError(error.message);
  if (error instanceof ChainError) return refused(error.message);
  return error as Error;
}
