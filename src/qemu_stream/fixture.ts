/**
 * The streams of `fixtures/qemu`, for tests.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const FOLDER = new URL("../../fixtures/qemu/streams/", import.meta.url);
const SUFFIX = ".mig.gz";

/** Names of all streams, such as `none_5.2`, in order. */
export function fixtureNames(): string[] {
  const names = readdirSync(FOLDER).sort();
  return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
}

/** The octets of a stream. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(gunzipSync(readFileSync(new URL(`${name}${SUFFIX}`, FOLDER))));
}
