/**
 * Which packages a folder, or one file, may import.
 *
 * @module
 */

/** Packages outside tests and benches; what runs in every runtime and page needs none. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "harness/cli": ["commander"],
  "harness/mutations": ["esbuild"],
  "harness/bundle.ts": ["esbuild"],
  "harness/tidy": ["typescript"],
  "harness/adapters": ["undici"],
};
