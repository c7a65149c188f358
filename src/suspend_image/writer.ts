/**
 * Writes suspend images. Units are written as they come; {@linkcode WRITER_ORDER} is the order in
 * which xenopsd has them.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { LEGACY_SIGNATURE, SIGNATURE } from "./image.ts";
import { QEMU_SIGNATURE } from "./legacy.ts";
import { type UnitName, unitNamed } from "./unit_table.ts";

/** What is to be written; nothing for End_of_image. */
export interface Part {
  readonly name: UnitName;
  readonly record: Uint8Array;
}

/** Xenopsd's own order: what a guest does not have is left out. */
export const WRITER_ORDER: readonly UnitName[] = [
  "Xenops",
  "Libxc",
  "Demu",
  "Varstored",
  "Swtpm0",
  "Swtpm",
  "Qemu_trad",
  "End_of_image",
];

const HEADER = 16;
const NOTHING = new Uint8Array();

/** An image with a signature, `parts`, and its end. */
export function writeImage(parts: readonly Part[]): Uint8Array {
  return joined([characters(SIGNATURE), writeVgpuStream(parts)]);
}

/** The same without a signature, as on the stream of a virtual GPU. */
export function writeVgpuStream(parts: readonly Part[]): Uint8Array {
  const end: Part = { name: "End_of_image", record: NOTHING };
  return joined([...parts, end].flatMap(({ name, record }) => [header(name, record), record]));
}

/** An image as it was before there were units. */
export function writeLegacyImage(memory: Uint8Array, qemu?: Uint8Array): Uint8Array {
  const pieces = [characters(LEGACY_SIGNATURE), memory];
  if (qemu !== undefined) {
    const length = new OctetView(new Uint8Array(4), false);
    length.putU32(0, qemu.length);
    pieces.push(characters(QEMU_SIGNATURE), length.octets, qemu);
  }
  return joined(pieces);
}

function header(name: UnitName, record: Uint8Array): Uint8Array {
  const { type, extent } = unitNamed(name);
  const view = new OctetView(new Uint8Array(HEADER), true);
  view.putU64(0, BigInt(type));
  view.putU64(8, BigInt(extent === "length" ? record.length : 0));
  return view.octets;
}

function characters(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
