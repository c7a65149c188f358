/**
 * Images of before the units: a stream of memory that a program converts, and behind it, for HVM
 * guests, the state of QEMU with its length in big-endian order.
 *
 * Source: xen-api, ocaml/xenopsd/lib/suspend_image.ml (`convert-legacy-stream --width 32
 * --skip-qemu`). What is in the stream of memory is not read here; where it ends tells whoever
 * converts it, or, in an image with nothing behind it, the record of QEMU that ends where the image
 * ends.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { SuspendImageError } from "./error.ts";
import { type Image, type ReaderRules, SIGNATURE_LENGTH, type Unit } from "./image.ts";
import { QEMU_RECORD_MAX } from "./limits.ts";
import { unitNamed } from "./unit_table.ts";

export const QEMU_SIGNATURE = "QemuDeviceModelRecord\n";
/** Octets of the length behind it. */
const LENGTH = 4;

export function readLegacyImage(octets: Uint8Array, { ends }: ReaderRules): Image {
  const view = new OctetView(octets, false);
  const find = ends.Libxc_legacy;
  let at = find === undefined ? lastQemuRecord(view) : endBy(find, octets);
  const memory = unit("Libxc_legacy", SIGNATURE_LENGTH, octets.subarray(SIGNATURE_LENGTH, at));
  if (memory.record.length === 0) throw fault("must have octets", SIGNATURE_LENGTH, memory.name);
  const units: Unit[] = [memory];
  if (at < octets.length && isQemu(view, at)) {
    const qemu = qemuRecord(view, at);
    units.push(qemu);
    at = qemu.offset + qemu.record.length;
  }
  return { layout: "legacy", units, end: at };
}

function endBy(find: (octets: Uint8Array, start: number) => number, octets: Uint8Array): number {
  try {
    const end = find(octets, SIGNATURE_LENGTH);
    if (end <= octets.length) return end;
    throw new RangeError("must be within the image");
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw fault(error.message, SIGNATURE_LENGTH, "Libxc_legacy");
  }
}

function isQemu({ octets }: OctetView, at: number): boolean {
  if (at + QEMU_SIGNATURE.length > octets.length) return false;
  for (let index = 0; index < QEMU_SIGNATURE.length; index++) {
    if (octets[at + index] !== QEMU_SIGNATURE.charCodeAt(index)) return false;
  }
  return true;
}

function qemuRecord(view: OctetView, at: number): Unit {
  const lengthAt = at + QEMU_SIGNATURE.length;
  const left = view.octets.length - lengthAt - LENGTH;
  if (left < 0) throw fault(`must have ${LENGTH} octets`, lengthAt, "Qemu_trad.length");
  const length = view.i32(lengthAt);
  const fits = length >= 0 && length <= QEMU_RECORD_MAX;
  const limit = `must be 0 to ${QEMU_RECORD_MAX}: is ${length}`;
  if (!fits) throw fault(limit, lengthAt, "Qemu_trad.length");
  const reason = `must be within the image: is ${length}, and ${left} are left`;
  if (length > left) throw fault(reason, lengthAt, "Qemu_trad.length");
  const start = lengthAt + LENGTH;
  return unit("Qemu_trad", start, view.octets.subarray(start, start + length));
}

/** The last place that begins a record of QEMU; the end of the image when there is none. */
function lastQemuRecord(view: OctetView): number {
  const last = QEMU_SIGNATURE.charCodeAt(QEMU_SIGNATURE.length - 1);
  for (let end = view.octets.length; ; ) {
    end = view.octets.lastIndexOf(last, end - 1);
    const at = end - QEMU_SIGNATURE.length + 1;
    if (end < 0 || at < SIGNATURE_LENGTH) return view.octets.length;
    if (isQemu(view, at)) return at;
  }
}

function unit(name: Unit["name"], offset: number, record: Uint8Array): Unit {
  const { type } = unitNamed(name);
  return { type, name, offset, length: record.length, record };
}

function fault(reason: string, offset: number, path: string): SuspendImageError {
  return new SuspendImageError(reason, offset, path);
}
