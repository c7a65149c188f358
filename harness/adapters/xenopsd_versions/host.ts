/**
 * What a host has of the VM of the matrix: files in the form of a release, a domain, disks.
 *
 * @module
 */
import type { World } from "../../../src/xenopsd/mod.ts";
import { placeOf, type Release, understood, written } from "../../../src/xenopsd_release/mod.ts";
import type { Carried } from "./carried.ts";
import { VM_ID } from "./guests.ts";

/** The files of the database as the release has them on the disk. */
export function textsOf({ fs }: World, release: Release): NonNullable<Carried["files"]> {
  return [...fs.files()].flatMap((path) => {
    const text = fs.text(path);
    return text === undefined ? [] : [[path, written(release, placeOf(path), text)] as const];
  });
}

/** What the release does not have is not on the disk, and not found there. */
export function throughDisk(world: World, release: Release): void {
  for (const [path, text] of textsOf(world, release)) {
    world.fs.writeText(path, understood(release, placeOf(path), text));
  }
}

/** What whoever refuses a VM must not leave: a domain, or disks that are held. */
export function leftBehind({ hv }: World): string | undefined {
  if (hv.dom(VM_ID) !== undefined) return "a domain is left behind";
  const isHeld = [...hv.storage.values()].some((disk) => disk.attached || disk.activated);
  return isHeld ? "disks are held for nobody" : undefined;
}
