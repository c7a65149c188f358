/**
 * The streams of `fixtures/xenstore`, for tests.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("../../fixtures/xenstore/", import.meta.url);

/** Names of the files in `folder` that end in `suffix`, in order. */
export function fixtureNames(folder: "streams" | "injected", suffix: string): string[] {
  const names = readdirSync(new URL(`${folder}/`, FOLDER)).sort();
  return names.filter((name) => name.endsWith(suffix)).map((name) => `${folder}/${name}`);
}

/** The octets of a file, such as `streams/4.20.empty.bin`. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(name, FOLDER)));
}
