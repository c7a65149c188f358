/**
 * Sets of devices that machines are made of, as data: `[{"name": "...", "args": ["..."]}]`. The
 * file may be anybody's.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** Devices to be added to a machine. */
export interface DeviceSet {
  readonly name: string;
  /** Arguments of QEMU, with `{rom}` and `{disk}` for files of ours. */
  readonly args: readonly string[];
}

/** Sets in a file; a grid of more has no end. */
export const SETS_MAX = 10_000;
/** Arguments of a set. */
export const ARGS_MAX = 1_000;
/** Characters of an argument, far below what a system takes. */
export const ARG_LENGTH_MAX = 10_000;
/** Octets of a file. */
export const FILE_SIZE_MAX = 16 * 1024 * 1024;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,99}$/;
/** What the adapter itself must be able to rely on. */
const OWN = /^--?(?:qmp|monitor|incoming|daemonize|S|pidfile|qtest|serial|display|runas|chroot)$/;

/** The sets in the file `path`; anything else is a `RangeError` of one line. */
export function readDeviceSets(path: string | URL): readonly DeviceSet[] {
  const text = readFileSync(path);
  demand(
    text.length <= FILE_SIZE_MAX,
    `file must have at most ${FILE_SIZE_MAX} octets`,
    text.length,
  );
  let value: unknown;
  try {
    value = JSON.parse(text.toString("utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new RangeError(`Cannot read device sets as the file must be JSON: ${reason}`);
  }
  return deviceSetsOf(value);
}

/** `value` as sets of devices. */
export function deviceSetsOf(value: unknown): readonly DeviceSet[] {
  demand(Array.isArray(value), "they must be a list", typeof value);
  const items = value as readonly unknown[];
  const some = items.length > 0 && items.length <= SETS_MAX;
  demand(some, `there must be 1 to ${SETS_MAX}`, items.length);
  const sets = items.map(setOf);
  const names = new Set<string>();
  for (const { name } of sets) {
    demand(!names.has(name), "names must be unique", name);
    names.add(name);
  }
  return sets;
}

function setOf(item: unknown, at: number): DeviceSet {
  const isObject = typeof item === "object" && item !== null && !Array.isArray(item);
  demand(isObject, `set ${at} must be an object`, item);
  const { name, args, ...rest } = item as { name?: unknown; args?: unknown };
  demand(typeof name === "string" && NAME.test(name), `name of set ${at} must match ${NAME}`, name);
  const [more] = Object.keys(rest);
  demand(more === undefined, `set "${name}" must have name and args only`, more);
  const isList = Array.isArray(args) && args.length <= ARGS_MAX;
  demand(isList, `args of "${name}" must be a list of at most ${ARGS_MAX}`, args);
  for (const arg of args as readonly unknown[]) {
    const fits = typeof arg === "string" && arg.length <= ARG_LENGTH_MAX && !arg.includes("\0");
    demand(fits, `each argument of "${name}" must be text`, arg);
    demand(
      !OWN.test(arg as string),
      `args of "${name}" must leave to the harness what it uses`,
      arg,
    );
  }
  return { name: name as string, args: args as readonly string[] };
}

function demand(holds: boolean, requirement: string, value: unknown): void {
  if (holds) return;
  const shown = (JSON.stringify(value) ?? String(value)).slice(0, 80);
  throw new RangeError(`Cannot read device sets as ${requirement}: current value is ${shown}`);
}
