/**
 * The answers by which two hosts keep in step: two octets of length, big-endian, and as many of
 * text; no text is success.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_migrate.ml. A text that is no error of the interface in
 * JSON becomes an `Internal_error`.
 *
 * @module
 */
import { ERROR, readJson, writeJson, XenopsError } from "../xenops_interface/mod.ts";

const TEXT_MAX = 0xffff;

export function writeHandshake(error?: XenopsError): Uint8Array {
  const text = error === undefined ? "" : writeJson(ERROR.encode(error));
  return writeText(text);
}

/** Any text; what does not fit is cut off. */
export function writeText(text: string): Uint8Array {
  const octets = new TextEncoder().encode(text).subarray(0, TEXT_MAX);
  return Uint8Array.from([octets.length >> 8, octets.length & 0xff, ...octets]);
}

/** Undefined is success. */
export function readHandshake(octets: Uint8Array): XenopsError | undefined {
  const length = ((octets[0] ?? 0) << 8) | (octets[1] ?? 0);
  if (octets.length !== length + 2) {
    const reason = `Cannot read handshake of ${length} octets: there are ${octets.length - 2}`;
    return new XenopsError("Internal_error", reason);
  }
  if (length === 0) return undefined;
  const text = new TextDecoder().decode(octets.subarray(2));
  try {
    return ERROR.decode(readJson(text));
  } catch {
    return new XenopsError("Internal_error", text);
  }
}
