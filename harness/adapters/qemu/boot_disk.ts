/**
 * The disk of the guest: its boot sector, and sectors whose contents it knows.
 *
 * @module
 */
import {
  COUNTERS_AT,
  INSTRUCTIONS,
  LBA_MAX,
  SECTOR_SIZE,
  SEED,
  STEP,
} from "./boot_sector_table.ts";

/** A floppy of 1.44 MB; the smallest disk that every controller can be given is larger. */
const FLOPPY_SIZE = 2880 * SECTOR_SIZE;
/** A power of two, as SD cards must have. */
const DISK_SIZE = 2 * 1024 * 1024;
/** What says that a sector can be booted, at its end. */
const SIGNATURE = [0x55, 0xaa];

/** The octets of the disk, or of the floppy. */
export function bootDisk(kind: "disk" | "floppy" = "disk"): Uint8Array {
  const octets = new Uint8Array(kind === "disk" ? DISK_SIZE : FLOPPY_SIZE);
  octets.set(INSTRUCTIONS, 0);
  octets.set(SIGNATURE, SECTOR_SIZE - SIGNATURE.length);
  for (let lba = 1; lba <= LBA_MAX; lba++) {
    octets.set(sector(lba), lba * SECTOR_SIZE);
  }
  return octets;
}

/** The sum of a sector that the guest keeps, by LBA. */
export function sumOf(lba: number): number {
  let sum = 0;
  for (const dword of dwordsOf(lba)) sum = (sum + dword) >>> 0;
  return sum;
}

/** The command of the human monitor that shows the counters. */
export const SHOW_COUNTERS = `xp /6wx 0x${COUNTERS_AT.toString(16)}`;

function sector(lba: number): Uint8Array {
  const octets = dwordsOf(lba).flatMap((dword) => [0, 8, 16, 24].map((shift) => dword >>> shift));
  // The low octet of each.
  return Uint8Array.from(octets);
}

function dwordsOf(lba: number): number[] {
  const first = Math.imul(lba, SEED);
  return Array.from({ length: SECTOR_SIZE / 4 }, (_, index) => (first + index * STEP) >>> 0);
}
