/**
 * The BIOS area of a PCAT machine: what the host bridge asks for becomes ranges that the host lays
 * over memory. Their handles are saved, as without them a range could not be taken away again.
 *
 * Source: openhcl/underhill_core/src/emuplat/i440bx_host_pci_bridge.rs. Upstream asks the host for
 * nothing when a range is already as it should be, which is every time after a restore.
 *
 * @module
 */
import { type GpaState, PAM_RANGES } from "../chipset/mod.ts";
import type { Log } from "../machine/mod.ts";
import type { HostPciBridgeSavedState, SavedHandle } from "../openhcl_state/mod.ts";
import type { GpaRange, HostGpaRanges } from "./host_gpa_ranges.ts";

/** The first slot of the BIOS area among the host's. */
const BASE_SLOT = 3;

/** Where the host keeps the ROMs of the area. */
const ROM_BIOS_OFFSET = 0xfff0_0000;

interface Bounds {
  readonly start: number;
  readonly length: number;
  readonly kind: "None" | "SystemBios" | "VgaBios" | "VgaBiosTsr";
  /** Octets at the end that stay memory when the rest is write protected. */
  readonly writableAtEnd: number;
}

const KINDS: readonly Bounds["kind"][] = [
  "VgaBios",
  "VgaBios",
  "VgaBiosTsr",
  ...new Array<"None">(5).fill("None"),
  ...new Array<"SystemBios">(4).fill("SystemBios"),
];

/** F0000 to FFFFF, and then 16 KiB each from C0000 on. */
const BOUNDS: readonly Bounds[] = [
  { start: 0xf_0000, length: 0x1_0000, kind: "SystemBios", writableAtEnd: 0x2000 },
  ...KINDS.map((kind, at) => ({
    start: 0xc_0000 + at * 0x4000,
    length: 0x4000,
    kind,
    writableAtEnd: 0,
  })),
];

interface Handle {
  readonly remote: number;
  readonly range: GpaRange;
}

export class GpaRanges {
  readonly #host: HostGpaRanges;
  readonly #log: Log;
  readonly #baseSlot: number;
  #handles: readonly (Handle | null)[];

  constructor(host: HostGpaRanges, log: Log, saved: HostPciBridgeSavedState | null) {
    this.#host = host;
    this.#log = log;
    this.#baseSlot = saved?.base_slot ?? BASE_SLOT;
    this.#handles = saved?.handles.map(handleOf) ?? new Array(PAM_RANGES).fill(null);
  }

  /** Ranges that something other than memory lies over. */
  get count(): number {
    return this.#handles.filter((handle) => handle !== null).length;
  }

  /** Brings every range to the state that the bridge asks for. */
  follow(states: readonly GpaState[]): void {
    this.#handles = this.#handles.map((handle, at) => this.#adjust(handle, at, states[at]));
  }

  /** The first range over which the host has something else than the bridge asks for, by slot. */
  astray(states: readonly GpaState[]): number | null {
    const { ranges } = this.#host;
    for (const [at, bounds] of BOUNDS.entries()) {
      const state = states[at];
      if (state === undefined || state === "WriteOnly") continue;
      const slot = this.#baseSlot + at;
      if (!isSame(ranges[slot] ?? null, rangeFor(bounds, state))) return slot;
    }
    return null;
  }

  save(): HostPciBridgeSavedState {
    return {
      base_slot: this.#baseSlot,
      handles: this.#handles.map((handle) => (handle === null ? null : savedHandle(handle))),
    };
  }

  #adjust(handle: Handle | null, at: number, state: GpaState | undefined): Handle | null {
    const bounds = BOUNDS[at];
    // A range that is only to be written to is a wish that upstream does not grant.
    if (bounds === undefined || state === undefined || state === "WriteOnly") return handle;
    const range = rangeFor(bounds, state);
    if (isSame(handle?.range ?? null, range)) return handle;
    if (handle !== null) this.#host.reset(handle.remote);
    if (range === null) return null;
    const remote = this.#host.create(this.#baseSlot + at, range);
    if (remote === null) this.#log.warn(`error invoking get.create_ram_gpa_range index=${at}`);
    return remote === null ? null : { remote, range };
  }
}

/** What has to lie over a range; null when memory is what the guest should see. */
function rangeFor({ start, length, kind, writableAtEnd }: Bounds, state: GpaState) {
  const whole = { start, length };
  const rom = { gpaOffset: start + ROM_BIOS_OFFSET };
  const shadow = { gpaOffset: start, isRom: true };
  if (state === "WriteProtected") return { start, length: length - writableAtEnd, ...shadow };
  if (state === "Mmio") {
    // The part of the VGA BIOS that stays resident is memory at all times.
    if (kind === "VgaBiosTsr") return null;
    return kind === "SystemBios" ? { ...whole, ...rom, isRom: true } : { ...whole, ...shadow };
  }
  // The VGA BIOS is written over while it starts, and must not lose its own content by that.
  return kind.startsWith("VgaBios") ? { ...whole, ...rom, isRom: false } : null;
}

function isSame(left: GpaRange | null, right: GpaRange | null): boolean {
  if (left === null || right === null) return left === right;
  return (
    left.start === right.start &&
    left.length === right.length &&
    left.gpaOffset === right.gpaOffset &&
    left.isRom === right.isRom
  );
}

function savedHandle({ remote, range }: Handle): SavedHandle {
  const { start, length, gpaOffset, isRom } = range;
  return {
    remote_handle: remote,
    range: { start: BigInt(start), end: BigInt(start + length) },
    gpa_offset: BigInt(gpaOffset),
    is_rom: isRom,
  };
}

function handleOf(saved: SavedHandle | null): Handle | null {
  if (saved === null) return null;
  const { remote_handle: remote, range, gpa_offset, is_rom: isRom } = saved;
  const [start, end] = [Number(range.start), Number(range.end)];
  return {
    remote,
    range: { start, length: end - start, gpaOffset: Number(gpa_offset), isRom },
  };
}
