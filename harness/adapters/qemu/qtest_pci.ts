/**
 * PCI devices of a machine without firmware: they are looked for, and memory is given a place.
 *
 * Source: PCI Local Bus Specification 3.0, 3.2.2.3.2 (configuration mechanism) and 6.2.5 (base
 * address registers).
 *
 * @module
 */
import type { Qtest } from "./qtest.ts";

const CONFIG_ADDRESS = 0xcf8;
const CONFIG_DATA = 0xcfc;
const ENABLE = 0x8000_0000;
/** Registers of the header. */
const [ID, COMMAND, CLASS, BAR0] = [0x00, 0x04, 0x08, 0x10];
/** Command: answer to memory, be a bus master. */
const MEMORY_AND_MASTER = 0x6;
const NOBODY = 0xffff_ffff;
const SLOTS = 32;
/** Above the memory of any machine of ours, below the interrupt controllers. */
const FIRST_PLACE = 0xe000_0000;
const NATURE = 0xf;

/** A function on bus 0. */
export interface PciFunction {
  readonly slot: number;
  readonly vendor: number;
  readonly device: number;
  /** Class, subclass and programming interface. */
  readonly class: number;
}

async function readConfig(qtest: Qtest, slot: number, register: number): Promise<number> {
  await qtest.outl(CONFIG_ADDRESS, addressOf(slot, register));
  return await qtest.inl(CONFIG_DATA);
}

async function writeConfig(
  qtest: Qtest,
  slot: number,
  register: number,
  value: number,
): Promise<void> {
  await qtest.outl(CONFIG_ADDRESS, addressOf(slot, register));
  await qtest.outl(CONFIG_DATA, value);
}

/** First functions of the devices on bus 0, in order. */
export async function pciFunctions(qtest: Qtest): Promise<readonly PciFunction[]> {
  const found: PciFunction[] = [];
  for (let slot = 0; slot < SLOTS; slot++) {
    const id = await readConfig(qtest, slot, ID);
    if (id === NOBODY) continue;
    const revised = await readConfig(qtest, slot, CLASS);
    found.push({ slot, vendor: id & 0xffff, device: id >>> 16, class: revised >>> 8 });
  }
  return found;
}

/** Gives the memory of the first base address register a place; answers it, with its size. */
export async function mapFirstBar(
  qtest: Qtest,
  slot: number,
): Promise<{ readonly address: number; readonly size: number }> {
  await writeConfig(qtest, slot, BAR0, NOBODY);
  const mask = await readConfig(qtest, slot, BAR0);
  const size = -(mask & ~NATURE) >>> 0;
  const address = Math.ceil(FIRST_PLACE / size) * size;
  await writeConfig(qtest, slot, BAR0, address);
  // Of 64 bits: the upper half.
  if ((mask & 0x6) === 0x4) await writeConfig(qtest, slot, BAR0 + 4, 0);
  await writeConfig(qtest, slot, COMMAND, MEMORY_AND_MASTER);
  return { address, size };
}

function addressOf(slot: number, register: number): number {
  return (ENABLE | (slot << 11) | register) >>> 0;
}
