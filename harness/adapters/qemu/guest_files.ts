/**
 * The guest's disks as files: raw ones that nobody writes, and images for one machine each.
 *
 * @module
 */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootDisk } from "./boot_disk.ts";
import { imageOf } from "./boot_image.ts";
import { scratchFolder } from "./scratch.ts";

export class GuestFiles implements Disposable {
  readonly #folder = scratchFolder("guest");
  #images = 0;

  /** The raw disk of this kind. */
  raw(kind: "disk" | "floppy"): string {
    const path = join(this.#folder, `${kind}.raw`);
    if (!existsSync(path)) writeFileSync(path, bootDisk(kind));
    return path;
  }

  /** A fresh image, or one with these octets. */
  image(kind: "disk" | "floppy", octets = imageOf(bootDisk(kind))): string {
    const path = join(this.#folder, `${this.#images++}.qcow2`);
    writeFileSync(path, octets);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
