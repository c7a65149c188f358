/**
 * Physical region pages: where the data of a command is. Source: NVM Express Base Specification
 * 2.0c, 4.1.1. PRP entry 1 may start inside a page; entry 2 is the second page or, when there are
 * more, a list of them, whose last entry leads on to another list.
 *
 * @module
 */
import { addressAt } from "../bytes/read_little_endian.ts";
import { type DeviceMemory, PAGE_SIZE } from "../memory/mod.ts";

/** Octets of a PRP entry. */
const ENTRY_SIZE = 8;

/** Parts of memory in the order of the data: address and length in turn. Null: a bad offset. */
export type Parts = readonly number[] | null;

/** The parts that hold `length` octets. */
export function partsOf(memory: DeviceMemory, prp1: number, prp2: number, length: number): Parts {
  if (prp1 % 4 !== 0) return null;
  const first = Math.min(length, PAGE_SIZE - (prp1 % PAGE_SIZE));
  const rest = length - first;
  if (rest === 0) return [prp1, first];
  if (rest > PAGE_SIZE) return listed(memory, [prp1, first], prp2, rest);
  return prp2 % PAGE_SIZE === 0 ? [prp1, first, prp2, rest] : null;
}

/** Appends the pages of the list at `list` to `parts`. */
function listed(memory: DeviceMemory, parts: number[], list: number, length: number): Parts {
  if (list % ENTRY_SIZE !== 0) return null;
  let entry = list;
  let rest = length;
  while (rest > 0) {
    const offset = entry % PAGE_SIZE;
    const address = addressAt(memory.readable((entry - offset) / PAGE_SIZE), offset);
    if (address % PAGE_SIZE !== 0) return null;
    if (offset + ENTRY_SIZE === PAGE_SIZE && rest > PAGE_SIZE) {
      entry = address;
      continue;
    }
    parts.push(address, Math.min(rest, PAGE_SIZE));
    rest -= PAGE_SIZE;
    entry += ENTRY_SIZE;
  }
  return parts;
}

/** Writes `octets` to `parts`, which are as long. */
export function scatter(memory: DeviceMemory, parts: readonly number[], octets: Uint8Array): void {
  let done = 0;
  for (let index = 0; index < parts.length; index += 2) {
    const length = parts[index + 1] as number;
    memory.write(parts[index] as number, octets.subarray(done, done + length));
    done += length;
  }
}

/** The octets of `parts`; a copy. */
export function gather(memory: DeviceMemory, parts: readonly number[]): Uint8Array {
  if (parts.length === 2) return memory.read(parts[0] as number, parts[1] as number);
  let length = 0;
  for (let index = 1; index < parts.length; index += 2) length += parts[index] as number;
  const octets = new Uint8Array(length);
  let done = 0;
  for (let index = 0; index < parts.length; index += 2) {
    octets.set(memory.read(parts[index] as number, parts[index + 1] as number), done);
    done += parts[index + 1] as number;
  }
  return octets;
}
