/**
 * What a guest does with a device: it programs every register when it boots, changes some of them
 * now and then, and can read all of them at any time. Values follow a seed.
 *
 * @module
 */
import { wordOf } from "../machine/mod.ts";
import type { Message } from "../schema/message.ts";
import type { DeviceModel } from "./register.ts";

/** What a guest reads of a device, by register. */
export type RegisterFile = ReadonlyMap<string, number>;

/** Later turns leave three registers of four alone. */
const LEFT_ALONE = 0x3;

/**
 * The device after the guest's turn `turn`: 0 programs everything, later ones change some. Only
 * devices that go on by themselves look at the instant, `vmTime` in units of 100 ns.
 */
export function programmed<S>(
  model: DeviceModel<S, Message>,
  state: S,
  seed: number,
  turn: number,
  vmTime: bigint,
): S {
  const pattern = patternOf(model.unit, seed, turn);
  let [next, at] = [model.touch?.(state, vmTime) ?? state, 0];
  for (const { write, mask = 0, ones = 0, everyTurn } of Object.values(model.registers)) {
    const word = wordOf(pattern, at++);
    if (write === undefined) continue;
    if (turn > 0 && everyTurn !== true && (word & LEFT_ALONE) !== 0) continue;
    // Another word, as the last one has already decided something.
    next = write(next, ((wordOf(pattern, -at) & mask) | ones) >>> 0);
  }
  return next;
}

/** Every register of the device. */
export function registersOf<S>({ registers }: DeviceModel<S, Message>, state: S): RegisterFile {
  const file = new Map<string, number>();
  for (const [name, register] of Object.entries(registers)) file.set(name, register.read(state));
  return file;
}

function patternOf(unit: string, seed: number, turn: number): number {
  let pattern = Math.imul(seed, 31) + turn;
  for (let at = 0; at < unit.length; at++) pattern = wordOf(pattern, unit.charCodeAt(at));
  return pattern;
}
