/**
 * Drives the reference model of OpenHCL. Model failures become the harness's own: a refused save
 * or boot, a panic, a hang.
 *
 * @module
 */

import { ChainError, Killed, Panic, Stuck } from "../../../src/machine/mod.ts";
import { MeshError } from "../../../src/mesh/mod.ts";
import {
  boot,
  type GuestSaveRequest,
  Host,
  hostOfCaptured,
  type Openhcl,
  RELEASES,
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
  type Struck,
} from "../../adapter.ts";
import type { Hop } from "../../path.ts";
import { stackless } from "../../stackless.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { Disturbance } from "./disturbance.ts";
import { releaseOf } from "./hop_release.ts";
import { nicFacet, nvmeFacet, usualFacets } from "./machine_facets.ts";
import { flagsOf, timeoutHintOf } from "./request.ts";
import { faultOf, hasMana, hasNvme, inputsOf, type Settings } from "./settings.ts";
import { endingOf, vmOf } from "./vm_settings.ts";

const IMPLEMENTATION = "openhcl";

export const openhclAdapter: Adapter = {
  implementation: IMPLEMENTATION,
  releases: RELEASES.map(({ name }) => name),
  capabilities: capabilitiesOf,
  rig: (settings, seed) => Promise.resolve(new OpenhclRig(settings, seed)),
};

class OpenhclRig implements Rig {
  readonly #settings: Settings;
  readonly #seed: number;
  #host: Host | null = null;
  /** Hop that was started without a state. */
  #first: Hop | null = null;
  /** What the last machine has saved; any other state was captured on other hardware. */
  #saved: Uint8Array | null = null;
  /** True until the first machine has been started, for the fault that pauses it. */
  #pauses: boolean;
  #disturbance: Disturbance;

  constructor(settings: Settings, seed: number) {
    this.#settings = settings;
    this.#seed = seed;
    this.#pauses = faultOf(settings) === "machine:paused:save";
    this.#disturbance = new Disturbance(faultOf(settings), seed);
  }

  fork(): Rig {
    const copy = new OpenhclRig(this.#settings, this.#seed);
    copy.#host = this.#host?.fork() ?? null;
    copy.#saved = this.#saved;
    copy.#first = this.#first;
    copy.#pauses = this.#pauses;
    copy.#disturbance = this.#disturbance.fork();
    return copy;
  }

  start(hop: Hop): Promise<RunningMachine> {
    return this.#run(() => {
      this.#first = hop;
      this.#host = new Host(vmOf(this.#settings, this.#seed));
      this.#disturbance.arm(this.#host);
      return boot(releaseOf(hop, this.#settings), this.#host, inputsOf(hop, this.#settings));
    });
  }

  restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    return this.#run(() => {
      const host = this.#hostOf(state);
      const inputs = inputsOf(hop, this.#settings);
      const bytes = this.#disturbance.between(host, state.bytes);
      return restore(releaseOf(hop, this.#settings), host, inputs, bytes);
    });
  }

  struck(): Struck | null {
    return this.#host === null ? null : this.#disturbance.struck(this.#host);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#host?.memory.content.release();
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
    this.#disturbance.arm(this.#host);
    this.#disturbance.afterSave(null);
    return this.#host;
  }

  #run(start: () => Openhcl): Promise<RunningMachine> {
    const pauses = this.#pauses;
    this.#pauses = false;
    return settled(() => {
      const openhcl = start();
      const save = (request: SaveRequest) => {
        if (pauses) openhcl.pause();
        this.#saved = this.#save(openhcl, request);
        return this.#saved;
      };
      const goOn = () => {
        const host = this.#host;
        if (host !== null) this.#disturbance.beforeGuest(host);
        openhcl.goOn(endingOf(this.#settings));
        if (host !== null) this.#disturbance.afterGuest(host);
      };
      return newMachine(openhcl, this.#settings, { save, goOn });
    }, refusedRestore);
  }

  #save(openhcl: Openhcl, { correlationId, settings }: SaveRequest): Uint8Array {
    const timeoutHintUs = timeoutHintOf(settings);
    const request = { correlationId, timeoutHintUs, capabilitiesFlags: flagsOf(settings) };
    if (this.#host !== null) this.#disturbance.beforeSave(this.#host, faultOf(settings) === "none");
    const other = this.#saveOther(openhcl, request);
    const bytes = openhcl.save(request);
    this.#disturbance.afterSave(other);
    return bytes;
  }

  /** The state that another save has left; null when that is of no matter. */
  #saveOther(openhcl: Openhcl, request: GuestSaveRequest): Uint8Array | null {
    const { otherSave } = this.#disturbance;
    if (otherSave === null || this.#first === null) return null;
    const earlier = otherSave === "stale";
    const host = new Host(vmOf(this.#settings, earlier ? this.#seed : this.#seed + 1));
    const twin = boot(openhcl.release, host, inputsOf(this.#first, this.#settings));
    if (earlier) openhcl.goOn();
    return twin.save(request);
  }
}

/** What is done to a machine by way of its rig. */
interface Verbs {
  save(request: SaveRequest): Uint8Array;
  goOn(): void;
}

/** A machine with the facets that its hardware gives it. */
function newMachine(openhcl: Openhcl, settings: Settings, { save, goOn }: Verbs): RunningMachine {
  const release = openhcl.release.name;
  return {
    ...usualFacets(openhcl),
    ...(hasNvme(settings) ? nvmeFacet(openhcl) : {}),
    ...(hasMana(settings) ? nicFacet(openhcl) : {}),
    release,
    save(request): Promise<SavedState> {
      const wasRunning = openhcl.running;
      const writer = { implementation: IMPLEMENTATION, release };
      return settled(
        () => ({ writer, codec: "mesh", bytes: save(request) }),
        (message) => new SaveError(message, wasRunning && openhcl.running),
      );
    },
    goOn: () => settled(goOn, refusedRestore),
    takeLeave: () => settled(() => openhcl.endGuest(endingOf(settings)), refusedRestore),
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
  if (error instanceof Killed) return new CrashedError(error.message, true);
  if (error instanceof Panic) return new CrashedError(error.message);
  if (error instanceof Stuck) return new HungError(error.message);
  if (error instanceof ChainError) return refused(error.message);
  return error as Error;
}
