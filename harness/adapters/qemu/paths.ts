/**
 * Where fetching puts the releases of QEMU, and everybody finds them.
 *
 * @module
 */
import { join } from "node:path";
import { cacheFolder } from "../../fetch/cache_folder.ts";

/** The suite's root and its manifest, which is written last. */
export function suitePaths(suite: string): { readonly root: string; readonly manifest: string } {
  const folder = join(cacheFolder("qemu"), suite);
  return { root: join(folder, "root"), manifest: join(folder, "manifest.json") };
}
