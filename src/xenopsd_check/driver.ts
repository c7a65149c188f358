/**
 * A client of one machine that does what it is told, and the machine with it.
 *
 * @module
 */
import { type FaultPlan, type Quirk, World, Xenopsd } from "../xenopsd/mod.ts";
import { samplePci, sampleVbds, sampleVifs, sampleVm } from "./sample_vm.ts";

export interface DriverOptions {
  readonly seed?: number;
  readonly poolSize?: number;
  readonly quirks?: ReadonlySet<Quirk>;
  readonly faults?: FaultPlan;
}

/** An operation that never ends would not be seen otherwise. */
const STEPS_MAX = 100_000;

export class Driver {
  readonly machine: Xenopsd;
  readonly dbg = "sweep";

  constructor(world: World = new World(), { seed = 1, poolSize = 4, ...rest }: DriverOptions = {}) {
    this.machine = new Xenopsd(world, { seed, poolSize, ...rest });
  }

  /** Calls; undefined when there is no answer yet, or an error. */
  ask(method: string, params: object = {}): unknown {
    const call = this.machine.call(method, { debug_info: this.dbg, ...params });
    return call.state === "done" ? call.result : undefined;
  }

  /** Adds a VM with all of its devices. */
  add(vm: string): void {
    addSample((method, params) => this.ask(method, params), vm);
  }

  /** Does operations one after the other. */
  run(...operations: readonly (readonly [method: string, params: object])[]): void {
    for (const [method, params] of operations) {
      this.ask(method, params);
      this.settle();
    }
  }

  /** False when it would go on for ever. */
  settle(): boolean {
    for (let step = 0; step < STEPS_MAX; step++) {
      if (this.machine.isIdle || !this.machine.step()) return true;
    }
    return false;
  }
}

/** Adds a VM with all of its devices. */
export function addSample(call: (method: string, params: object) => unknown, vm: string): void {
  call("VM.add", { vm: sampleVm(vm) });
  for (const vbd of sampleVbds(vm)) call("VBD.add", { vbd });
  for (const vif of sampleVifs(vm)) call("VIF.add", { vif });
  call("PCI.add", { pci: samplePci(vm) });
}
