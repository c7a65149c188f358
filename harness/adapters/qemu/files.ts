/**
 * What a machine is started with beside its arguments: a ROM of our own, and an empty disk.
 *
 * @module
 */
import { rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Lent } from "./lent.ts";
import { scratchFolder } from "./scratch.ts";

const ROM_SIZE = 64 * 1024;
/** Where a processor begins: 16 octets before the end of the ROM. */
const RESET = ROM_SIZE - 16;
/** cli; hlt; jmp to itself. */
const HALT = [0xfa, 0xf4, 0xeb, 0xfd, 0xf4];
const DISK_SIZE = 1024 * 1024;

/** A folder with both files, and when they were written. */
interface Pair {
  readonly folder: string;
  readonly rom: string;
  readonly disk: string;
  readonly writtenMs: readonly number[];
}

const pairs = new Lent<Pair>({
  make() {
    const folder = scratchFolder("machine");
    const [rom, disk] = [join(folder, "rom.bin"), join(folder, "disk.raw")];
    const octets = new Uint8Array(ROM_SIZE);
    octets.set(HALT, RESET);
    writeFileSync(rom, octets);
    writeFileSync(disk, "");
    truncateSync(disk, DISK_SIZE);
    return { folder, rom, disk, writtenMs: writtenMs(rom, disk) };
  },
  // Nobody has written to them since.
  tidy({ rom, disk, writtenMs: before }) {
    return writtenMs(rom, disk).every((ms, at) => ms === before[at]);
  },
  remove: ({ folder }) => rmSync(folder, { recursive: true, force: true }),
});

export class MachineFiles implements Disposable {
  readonly #pair = pairs.borrow();
  #isGivenBack = false;
  readonly rom = this.#pair.rom;
  readonly disk = this.#pair.disk;

  /** `args` with the names of the files in place of `{rom}` and `{disk}`. */
  named(args: readonly string[]): string[] {
    return args.map((arg) => arg.replace("{rom}", this.rom).replace("{disk}", this.disk));
  }

  [Symbol.dispose](): void {
    if (!this.#isGivenBack) pairs.giveBack(this.#pair);
    this.#isGivenBack = true;
  }
}

function writtenMs(...paths: readonly string[]): readonly number[] {
  return paths.map((path) => statSync(path).mtimeMs);
}
