/**
 * The guest's disks as files: raw ones that nobody writes, so that all machines share them, and
 * images for one machine each.
 *
 * @module
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootDisk } from "./boot_disk.ts";
import { imageOf } from "./boot_image.ts";

export class GuestFiles implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "freezethaw-guest-"));
  #images = 0;

  constructor() {
    for (const kind of ["disk", "floppy"] as const) writeFileSync(this.raw(kind), bootDisk(kind));
  }

  /** The raw disk of this kind. */
  raw(kind: "disk" | "floppy"): string {
    return join(this.#folder, `${kind}.raw`);
  }

  /** A fresh image, or a copy of one. */
  image(kind: "disk" | "floppy", from?: string): string {
    const path = join(this.#folder, `${this.#images++}.qcow2`);
    if (from === undefined) writeFileSync(path, imageOf(bootDisk(kind)));
    else copyFileSync(from, path);
    return path;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
