/**
 * Whether a program that somebody brings is a QEMU at all, found out once: what does not come to
 * its monitor without any machine is not waited for with each of a thousand.
 *
 * @module
 */
import { HungError, RefusedError } from "../../adapter.ts";
import { Emulator, StartError } from "./emulator.ts";
import type { Program } from "./installation.ts";
import { brokenBy, isMeddled } from "./loss.ts";
import { classified, declines } from "./words.ts";

/** The smallest machine there is: every QEMU has it. */
const NO_MACHINE = ["-machine", "none", "-S"] as const;

export class Fitness {
  readonly #known = new WeakMap<Program, Promise<Error | undefined>>();
  readonly #limitMs: number | undefined;

  /** `limitMs`: how long a program may take to its monitor. */
  constructor(limitMs?: number) {
    this.#limitMs = limitMs;
  }

  /** Throws as `Rig.start` does when `program` is somebody's own and no QEMU. */
  async demand(program: Program): Promise<void> {
    if (program.isBrought !== true) return;
    let known = this.#known.get(program);
    if (known === undefined) {
      known = this.#tried(program);
      this.#known.set(program, known);
    }
    const unfit = await known;
    if (unfit !== undefined) throw unfit;
  }

  async #tried(program: Program): Promise<Error | undefined> {
    try {
      await using _ = await Emulator.start(program, NO_MACHINE, this.#limitMs);
      return undefined;
    } catch (error) {
      if (error instanceof StartError) return failedStart(error);
      throw error;
    }
  }
}

export const fitness = new Fitness();

/** What `Rig.start` throws for a QEMU that did not come up. */
export function failedStart({ ending, message, words }: StartError): Error {
  if (ending === undefined) return new HungError(`hang: ${message}`);
  const { code, signal, flooded } = ending;
  if (signal !== null || flooded === true || isMeddled(words)) return brokenBy(ending, words);
  if (declines(words)) return new RefusedError(classified(words));
  const how = code === null ? "" : `exit code ${code} before the monitor came, `;
  return new RefusedError(`absent: ${how}${words}`);
}
