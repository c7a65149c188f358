/**
 * What a machine is started with beside its arguments: a ROM of our own, and an empty disk.
 *
 * @module
 */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROM_SIZE = 64 * 1024;
/** Where a processor begins: 16 octets before the end of the ROM. */
const RESET = ROM_SIZE - 16;
/** cli; hlt; jmp to itself. */
const HALT = [0xfa, 0xf4, 0xeb, 0xfd, 0xf4];
const DISK_SIZE = 1024 * 1024;

export class MachineFiles implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "freezethaw-machine-"));
  readonly rom = join(this.#folder, "rom.bin");
  readonly disk = join(this.#folder, "disk.raw");

  constructor() {
    const rom = new Uint8Array(ROM_SIZE);
    rom.set(HALT, RESET);
    writeFileSync(this.rom, rom);
    writeFileSync(this.disk, "");
    truncateSync(this.disk, DISK_SIZE);
  }

  /** `args` with the names of the files in place of `{rom}` and `{disk}`. */
  named(args: readonly string[]): string[] {
    return args.map((arg) => arg.replace("{rom}", this.rom).replace("{disk}", this.disk));
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
