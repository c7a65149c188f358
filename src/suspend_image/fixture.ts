/**
 * The suspend images of `fixtures/xenopsd`, for tests: octets as hexadecimal digits, with what they
 * are behind a semicolon.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { fromHex } from "../bytes/hex.ts";

const FOLDER = new URL("../../fixtures/xenopsd/", import.meta.url);

/** The image of that name, such as `hvm_bios`. */
export function imageFixture(name: string): Uint8Array {
  const text = readFileSync(new URL(`images/${name}.hex`, FOLDER), "utf8");
  return fromHex(text.replace(/;.*$/gm, "").replace(/\s+/g, ""));
}

/** The record of 2021, as text. */
export function recordFixture(): string {
  return readFileSync(new URL("xenops_record_2021.sexp", FOLDER), "utf8");
}
