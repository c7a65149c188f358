/**
 * The state of a virtual TPM: as it is in `Swtpm0`, in base64 in `Swtpm`.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import { SuspendImageError } from "./error.ts";
import type { Unit } from "./image.ts";

/** Octets before the record of a unit. */
const HEADER = 16;

/** A unit that was read, or one to be written, which has no offset. */
type TpmUnit = Pick<Unit, "name" | "record"> & Partial<Pick<Unit, "offset">>;

/** What the TPM gets, whichever of its units this is. */
export function tpmStateOf({ name, record, offset = 0 }: TpmUnit): Uint8Array {
  if (name !== "Swtpm") return record;
  const text = new OctetView(record, true).text(0, record.length);
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);
  if (!isBase64) throw new SuspendImageError("must be base64", offset + HEADER, name);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The record of a unit `Swtpm`. */
export function tpmRecord(state: Uint8Array): Uint8Array {
  const text = btoa(new OctetView(state, true).text(0, state.length));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
