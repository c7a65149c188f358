/**
 * Reads suspend images: units in any order up to End_of_image, all of which a reader must know.
 *
 * Source: xen-api, ocaml/xenopsd/lib/suspend_image.ml. There is no checksum and no version besides
 * the signature and the numbers of units.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { SuspendImageError } from "./error.ts";
import {
  type Image,
  LEGACY_SIGNATURE,
  READER,
  type ReaderRules,
  SIGNATURE,
  SIGNATURE_LENGTH,
  type Unit,
} from "./image.ts";
import { readLegacyImage } from "./legacy.ts";
import { readLibxcStream } from "./libxc_stream.ts";
import { QEMU_RECORD_MAX, TEXT_RECORD_MAX, UNITS_MAX } from "./limits.ts";
import { tpmStateOf } from "./tpm_state.ts";
import { type UnitType, unitOfType } from "./unit_table.ts";
import { readXenopsRecord } from "./xenops_record.ts";

const SIGNATURES = { v2: SIGNATURE, legacy: LEGACY_SIGNATURE };

/** Octets of the type and the length before a record. */
const HEADER = 16;

/** What is in `octets`, by the first of its signatures; `rules` are those of the reader. */
export function readImage(octets: Uint8Array, rules: ReaderRules = READER): Image {
  const view = new OctetView(octets, true);
  const signature = view.text(0, Math.min(SIGNATURE_LENGTH, octets.length));
  const known = rules.layouts.map((layout) => SIGNATURES[layout]);
  if (!known.includes(signature)) {
    const isCut = signature.length < SIGNATURE_LENGTH && SIGNATURE.startsWith(signature);
    const reason = isCut
      ? `must have ${SIGNATURE_LENGTH} octets: there are ${octets.length}`
      : `must be ${known.map((text) => text.trimEnd()).join(" or ")}`;
    throw new SuspendImageError(reason, 0, "signature");
  }
  if (signature === LEGACY_SIGNATURE) return readLegacyImage(octets, rules);
  const { units, end } = new UnitReader(view, rules).read(SIGNATURE_LENGTH);
  return { layout: "v2", units, end };
}

/** The state of a virtual GPU on a stream of its own: units without a signature. */
export function readVgpuStream(octets: Uint8Array, rules: ReaderRules = READER): Image {
  const view = new OctetView(octets, true);
  const reader = new UnitReader(view, { ...rules, isVgpuStream: true });
  return { layout: "v2", ...reader.read(0) };
}

class UnitReader {
  readonly #view: OctetView;
  readonly #rules: ReaderRules;

  constructor(view: OctetView, rules: ReaderRules) {
    this.#view = view;
    this.#rules = rules;
  }

  read(start: number): { units: Unit[]; end: number } {
    const units: Unit[] = [];
    for (let at = start; ; ) {
      if (units.length === UNITS_MAX) throw fault(`must be at most ${UNITS_MAX}`, at, "units");
      const unit = this.#unit(at);
      units.push(unit);
      at += HEADER + unit.record.length;
      if (unit.name !== "End_of_image") continue;
      if (!this.#rules.isVgpuStream && !units.some(({ name }) => isMemory(name))) {
        throw fault("must have a stream of libxc before it", unit.offset, unit.name);
      }
      return { units, end: at };
    }
  }

  #unit(offset: number): Unit {
    const left = this.#view.octets.length - offset;
    if (left < HEADER) throw fault(`must have ${HEADER} octets: there are ${left}`, offset, "unit");
    const found = this.#known(offset);
    const length = this.#length(offset + 8, found);
    const { type, name } = found;
    const start = offset + HEADER;
    const unit = { type, name, offset, length };
    if (name === "Libxc") {
      const libxc = readLibxcStream(this.#view.octets, start, name);
      return { ...unit, record: this.#view.octets.subarray(start, start + libxc.length), libxc };
    }
    const end = found.extent === "stream" ? this.#endOf(found, start) : start + length;
    const record = this.#view.octets.subarray(start, end);
    if (name === "Xenops") {
      const text = this.#view.text(start, end);
      return { ...unit, record, xenops: readXenopsRecord(text, start, this.#rules.fields) };
    }
    if (name === "Swtpm") tpmStateOf({ ...unit, record });
    return { ...unit, record };
  }

  #known(offset: number): UnitType {
    const type = this.#view.u64(offset);
    const found = unitOfType(type);
    if (found === undefined || !this.#rules.units.includes(found.name)) {
      throw fault(`must be one that the reader knows: is 0x${type.toString(16)}`, offset, "type");
    }
    if (found.name === "Libxl" || found.name === "Qemu_xen") {
      throw fault("must be one that there is a backend for", offset, found.name);
    }
    return found;
  }

  /** The length in a header, which is signed; streams and the end are what their names say. */
  #length(at: number, { name, extent }: UnitType): number {
    const length = BigInt.asIntN(64, this.#view.u64(at));
    const path = `${name}.length`;
    const left = this.#view.octets.length - at - 8;
    if (extent !== "length") {
      if (length === 0n) return 0;
      throw fault(`must be 0: is ${length}`, at, path);
    }
    if (name === "Qemu_trad" && length > QEMU_RECORD_MAX) {
      throw fault(`must be at most ${QEMU_RECORD_MAX}: is ${length}`, at, path);
    }
    const isText = name === "Xenops" || name === "Swtpm";
    if (isText && length > TEXT_RECORD_MAX) {
      throw fault(`must be at most ${TEXT_RECORD_MAX}: is ${length}`, at, path);
    }
    if (length >= 0n && length <= left) return Number(length);
    throw fault(`must be within the image: is ${length}, and ${left} are left`, at, path);
  }

  #endOf({ name }: UnitType, start: number): number {
    const find = this.#rules.ends[name];
    if (find === undefined) {
      throw fault("its end is known to its emulator alone", start, name);
    }
    try {
      const end = find(this.#view.octets, start);
      if (end <= this.#view.octets.length) return end;
      throw new RangeError("must be within the image");
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw fault(error.message, start, name);
    }
  }
}

function isMemory(name: Unit["name"]): boolean {
  return name === "Libxc" || name === "Libxc_legacy";
}

function fault(reason: string, offset: number, path: string): SuspendImageError {
  return new SuspendImageError(reason, offset, path);
}
