/**
 * A machine whose guest is ours, and what is believed of it: that it works is only believed when it
 * goes on, and what it reads and remembers is right.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Emulator } from "./emulator.ts";
import { type Counters, complaint, countersOf } from "./guest_counters.ts";
import type { Program } from "./installation.ts";
import { begin } from "./load.ts";
import { statusOf } from "./saves.ts";

/** Good reads after which a guest is believed to work: all sectors twice, all pages once. */
const READS = 20;
const POLL_MS = 5;
/** A guest needs 0.05 to 0.4 s until it reads, and less than 0.2 s for its reads. */
const GUEST_MS = 5_000;

/** A guest that does not go on, or is not as it was. */
export class GuestDead extends Error {
  override readonly name = "GuestDead";
}

export class Guest implements AsyncDisposable {
  readonly emulator: Emulator;
  /** The file that is its disk. */
  readonly disk: string;
  readonly #limitMs: number;

  constructor(emulator: Emulator, disk: string, limitMs = GUEST_MS) {
    this.emulator = emulator;
    this.disk = disk;
    this.#limitMs = limitMs;
  }

  /** Starts a machine with this disk, which is among its arguments; throws as `Rig.start` does. */
  static async start(
    program: Program,
    args: readonly string[],
    disk: string,
    limitMs?: number,
  ): Promise<Guest> {
    return new Guest(await begin(program, args), disk, limitMs);
  }

  counters(): Promise<Counters> {
    return countersOf(this.emulator.monitor);
  }

  /** Waits until it has booted and worked for a while. Answers what it has counted. */
  worked(): Promise<Counters> {
    return this.#until(({ reads, boots }) => boots > 0 && reads >= READS, "boot and read");
  }

  /** Waits until its machine is in this state. */
  async reached(status: string): Promise<void> {
    let found = await statusOf(this.emulator);
    for (let waitedMs = 0; found !== status; waitedMs += POLL_MS) {
      if (waitedMs > this.#limitMs)
        throw new GuestDead(`the machine is ${found} and not ${status}`);
      await sleep(POLL_MS);
      found = await statusOf(this.emulator);
    }
  }

  async stop(): Promise<Counters> {
    await this.emulator.monitor.execute("stop");
    return await this.counters();
  }

  /** Lets it run, and waits until it has worked from `before` on. */
  async goesOn(before: Counters): Promise<Counters> {
    await this.emulator.monitor.execute("cont");
    return await this.#until(
      ({ reads, passes }) => reads >= before.reads + READS && passes > before.passes,
      "go on",
    );
  }

  /** Resets the machine, and waits until the guest has booted again and worked. */
  async reboots(): Promise<Counters> {
    const { boots } = await this.counters();
    await this.emulator.monitor.execute("system_reset");
    await this.emulator.monitor.execute("cont");
    return await this.#until((now) => now.boots === boots + 1 && now.reads >= READS, "reboot");
  }

  async #until(isReached: (counters: Counters) => boolean, what: string): Promise<Counters> {
    let counters = await this.counters();
    for (let waitedMs = 0; ; waitedMs += POLL_MS) {
      const wrong = complaint(counters);
      if (wrong !== undefined) throw new GuestDead(wrong);
      if (isReached(counters)) return counters;
      if (waitedMs > this.#limitMs)
        throw new GuestDead(`the guest does not ${what}: ${shown(counters)}`);
      await sleep(POLL_MS);
      counters = await this.counters();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.emulator[Symbol.asyncDispose]();
  }
}

function shown({ boots, passes, reads }: Counters): string {
  return `${boots} boots, ${passes} passes, ${reads} reads`;
}
