/**
 * What is where in the unpacked packages of a suite.
 *
 * @module
 */
import { existsSync } from "node:fs";
import { join } from "node:path";

/** What the loader is called, by where suites have it. Links may lead out of the root. */
const LOADERS = ["usr/lib", "lib"].map((part) => `${part}/x86_64-linux-gnu/ld-linux-x86-64.so.2`);
const LIBRARIES = [
  "lib/x86_64-linux-gnu",
  "usr/lib/x86_64-linux-gnu",
  // Libraries of its own that libpulse loads.
  "usr/lib/x86_64-linux-gnu/pulseaudio",
  "usr/lib",
];

/** The loader of an unpacked root. */
export function loaderIn(root: string): string | undefined {
  return LOADERS.map((path) => join(root, path)).find((path) => existsSync(path));
}

/** Folders of libraries in an unpacked root, with colons. */
export function librariesIn(root: string): string {
  return LIBRARIES.map((part) => join(root, part)).join(":");
}
