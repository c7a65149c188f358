/**
 * What outlives the process: the files of the database and the hypervisor.
 *
 * @module
 */
import { Fs } from "./fs.ts";
import { Hypervisor } from "./hypervisor.ts";
import type { Observer } from "./observer.ts";

export class World {
  readonly fs: Fs;
  readonly hv: Hypervisor;

  constructor(fs = new Fs(), hv = new Hypervisor()) {
    this.fs = fs;
    this.hv = hv;
  }

  /** Who is told about changes from now on: the observers of the process that runs now. */
  watch(observers: readonly Observer[]): void {
    this.fs.observers = observers;
    this.hv.observers = observers;
  }

  /** An independent copy; it costs what there are files and domains. */
  fork(): World {
    return new World(this.fs.fork(), this.hv.fork());
  }

  /** The host starts again: no domains, an empty database; disks keep what is on them. */
  rebootHost(): void {
    this.fs.clear();
    this.hv.reboot();
  }
}
