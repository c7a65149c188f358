/**
 * Where fetched programs are kept: outside of the repository, so that every checkout finds them.
 *
 * Source: XDG Base Directory Specification 0.8, XDG_CACHE_HOME.
 *
 * @module
 */
import { homedir } from "node:os";
import { join } from "node:path";

/** The folder of the programs called `name`; it need not exist. */
export function cacheFolder(name: string, env: NodeJS.ProcessEnv = process.env): string {
  const given = env.FREEZETHAW_CACHE;
  if (given !== undefined && given !== "") return join(given, name);
  const cache = env.XDG_CACHE_HOME;
  const base = cache !== undefined && cache !== "" ? cache : join(homedir(), ".cache");
  return join(base, "freezethaw", name);
}
