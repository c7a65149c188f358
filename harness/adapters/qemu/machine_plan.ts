/**
 * How a release is started with a machine: what the settings of a condition mean to QEMU.
 *
 * @module
 */
import type { Condition } from "../../condition.ts";
import type { DeviceSet } from "./device_sets.ts";
import type { MachineFiles } from "./files.ts";
import type { Program } from "./installation.ts";
import { MODES, type Mode } from "./modes.ts";

export interface Plan {
  /** Plans with the same key give the same machine. */
  readonly key: string;
  readonly program: Program;
  readonly mode: Mode;
  bootArgs(files: MachineFiles): readonly string[];
  loadArgs(files: MachineFiles): readonly string[];
  /** The same machine without its devices; absent when it has none. */
  readonly bare?: Plan;
}

/** Options of a set that make the machine, and no device of it. */
const OF_MACHINE = ["-machine", "-M", "-m", "-cpu", "-smp", "-bios"];

/** The machine that `settings` ask of a release, of which `program` is started. */
export function planOf(
  release: string,
  program: Program,
  settings: Condition["settings"],
  sets: readonly DeviceSet[],
): Plan {
  const { devices = "", machine = "" } = settings;
  const mode = MODES.find(({ name }) => name === settings.mode) ?? (MODES[0] as Mode);
  const args = sets.find(({ name }) => name === devices)?.args ?? [];
  const key = `${release} ${machine} ${mode.name}`;
  const made = (own: readonly string[]) => ({
    program,
    mode,
    bootArgs: (files: MachineFiles) => [...mode.args(files).boot, "-machine", machine, ...own],
    loadArgs: (files: MachineFiles) => [...mode.args(files).load, "-machine", machine, ...own],
  });
  const own = args.filter((arg, at) => OF_MACHINE.includes(arg) || isOperand(args, at));
  const bare = { key: `${key} ${own.join(" ")}`, ...made(own) };
  return { key: `${key} ${devices}`, ...made(args), ...(args.length > 0 ? { bare } : {}) };
}

function isOperand(args: readonly string[], at: number): boolean {
  return at > 0 && OF_MACHINE.includes(args[at - 1] ?? "");
}
