/**
 * The streams of `fixtures/qemu`, for tests.
 *
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

const FIXTURES = new URL("../../fixtures/qemu/", import.meta.url);
const FOLDER = new URL("streams/", FIXTURES);
const SUFFIX = ".mig.gz";

/** Names of all streams, such as `none_5.2`, in order. */
export function fixtureNames(): string[] {
  const names = readdirSync(FOLDER).sort();
  return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
}

/** The octets of a stream; one that went over to post-copy is in a folder of its own. */
export function fixture(name: string, folder: "streams" | "postcopy" = "streams"): Uint8Array {
  const url = new URL(`${folder}/${name}${SUFFIX}`, FIXTURES);
  return new Uint8Array(gunzipSync(readFileSync(url)));
}
