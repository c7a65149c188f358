/**
 * Where fetching puts things, and the adapter finds them.
 *
 * @module
 */
import { join } from "node:path";
import { cacheFolder } from "../../fetch/cache_folder.ts";

export function installationFolder(): string {
  return cacheFolder("xenstored");
}

/** Library that stands in for Xen. */
export function shimPath(): string {
  return join(installationFolder(), "shim.so");
}

/** The suite's root and its manifest. */
export function suitePaths(suite: string): { readonly root: string; readonly manifest: string } {
  const folder = join(installationFolder(), suite);
  return { root: join(folder, "root"), manifest: join(folder, "manifest.json") };
}

/** Folder of the plug-in that oxenstored 4.20 loads, which any daemon may be updated into. */
export function pluginFolder(): string {
  return join(suitePaths("trixie").root, "usr/lib/xen-4.20");
}
