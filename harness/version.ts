/**
 * The version of all that is here, as packages have it.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** The version in the file at `path` from here. */
export function versionOf(path: string): string {
  const text = readFileSync(new URL(path, import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
