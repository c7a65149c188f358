/**
 * How far a guest has come when its machine is saved, and how it is believed to go on. A mode of
 * one's own is one entry here: the axis `mode`, the rig and the cache of saves take it from there.
 *
 * @module
 */
import type { Emulator } from "./emulator.ts";
import type { MachineFiles } from "./files.ts";

export interface Mode {
  readonly name: string;
  /** One line, for the axis. */
  readonly meaning: string;
  /** Arguments of a machine that is booted, and of one that is loaded, besides its devices. */
  args(files: MachineFiles): { readonly boot: readonly string[]; readonly load: readonly string[] };
  /** Brings a booted machine to where it is saved. */
  ready?(emulator: Emulator): Promise<void>;
  /** Looks whether a loaded machine goes on as it should; throws as `Rig.restore` does. */
  arrived?(emulator: Emulator): Promise<void>;
  /** Two saves of the same release may differ: nothing is shared. */
  readonly unique?: true;
}

/** Little memory, and in place of firmware a ROM of ours that halts. */
const STILL = ["-m", "1", "-bios", "{rom}"] as const;

/** The guest has never run. */
const cold: Mode = {
  name: "cold",
  meaning: "The guest has not run when the machine is saved",
  args: () => ({ boot: [...STILL, "-S"], load: [...STILL, "-S"] }),
};

/** Of the same machine another one is saved, in which all must be the same. */
export const TWIN = "twin";
const twin: Mode = {
  ...cold,
  name: TWIN,
  meaning: "The guest has not run, and a second machine that was started alike has not, either",
};

/** The usual one first. */
export const MODES: readonly Mode[] = [cold, twin];
