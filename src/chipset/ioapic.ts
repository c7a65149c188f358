/**
 * The I/O APIC: 24 redirection entries by an index and a data window at 0xFEC0_0000.
 *
 * Source: vm/devices/chipset/src/ioapic.rs. Interrupts are not delivered; which route an entry
 * asks for follows from its two halves.
 *
 * @module
 */
import { bigintOfHalves, highHalf, lowHalf } from "../bytes/wide.ts";
import { RestoreError } from "../machine/mod.ts";
import { IoApicSavedState } from "../openhcl_state/mod.ts";
import { type DeviceModel, held, type Register, type Registers } from "./register.ts";

/** Lines of a PC. */
const ENTRIES = 24;

/** Logical destination, masked. */
const ENTRY_POWER_ON = 0x1_0800n;

/** Vector, delivery mode, destination mode, polarity, trigger mode and mask. */
const LOW_MASK = 0x1_afff;
/** Destination and extended destination. */
const HIGH_MASK = 0xffff_0000;

/** The low half of an entry. Writing it forgets a level that waits for its end of interrupt. */
function low(entry: number): Register<IoApicSavedState> {
  return {
    mask: LOW_MASK,
    read: ({ redirection_entries: entries }) => lowHalf(entries[entry] ?? 0n),
    write: (state, value) => {
      const old = state.redirection_entries[entry] ?? 0n;
      return withEntry(state, entry, (value & LOW_MASK) >>> 0, highHalf(old));
    },
  };
}

function high(entry: number): Register<IoApicSavedState> {
  return {
    mask: HIGH_MASK,
    read: ({ redirection_entries: entries }) => highHalf(entries[entry] ?? 0n),
    write: (state, value) => {
      const old = state.redirection_entries[entry] ?? 0n;
      return withEntry(state, entry, lowHalf(old), (value & HIGH_MASK) >>> 0);
    },
  };
}

function withEntry(state: IoApicSavedState, entry: number, low: number, high: number) {
  const entries = state.redirection_entries.with(entry, bigintOfHalves(low, high));
  return { ...state, redirection_entries: entries };
}

const REDIRECTION: Registers<IoApicSavedState> = Object.fromEntries(
  Array.from({ length: ENTRIES }, (_, entry) => [
    [`REDIRECTION${entry}_LOW`, low(entry)] as const,
    [`REDIRECTION${entry}_HIGH`, high(entry)] as const,
  ]).flat(),
);

export const IO_APIC: DeviceModel<IoApicSavedState, typeof IoApicSavedState> = {
  unit: "ioapic",
  message: IoApicSavedState,
  powerOn: { id: 0, index: 0, redirection_entries: new Array(ENTRIES).fill(ENTRY_POWER_ON) },
  registers: { ID: held("id", 0x0f), INDEX: held("index", 0x3f), ...REDIRECTION },
  save: (state) => state,
  restore(saved) {
    if (saved.redirection_entries.length === ENTRIES) return saved;
    throw new RestoreError("wrong number of redirection entries");
  },
};
