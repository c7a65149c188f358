/**
 * UEFI variables in the file `BIOS_NVRAM`: one after the other, each with a header of 48 octets,
 * then its name in UCS-2 and its data.
 *
 * Source: vm/devices/firmware/hcl_compat_uefi_nvram_storage/src/lib.rs (`format`).
 *
 * @module
 */
import { u16At, u32At } from "../bytes/read_little_endian.ts";
import { putU16, putU32 } from "../bytes/write_little_endian.ts";
import { ChainError } from "../machine/mod.ts";
import type { Guid, NvramEntry } from "../openhcl_state/mod.ts";

/** A variable, as it is saved too. */
export type Variable = NvramEntry;

/** The one type of header that there is. */
const VARIABLE = 0;

const HEADER_OCTETS = 48;
const TIMESTAMP_AT = 12;
const VENDOR_AT = 28;

/** The file of `variables`. */
export function encodeNvramFile(variables: readonly Variable[]): Uint8Array {
  const file = new Uint8Array(variables.reduce((sum, variable) => sum + lengthOf(variable), 0));
  let at = 0;
  for (const variable of variables) {
    const { vendor, name, data, timestamp, attr } = variable;
    putU32(file, at, VARIABLE);
    putU32(file, at + 4, lengthOf(variable));
    putU32(file, at + 8, attr);
    file.set(timestamp, at + TIMESTAMP_AT);
    putGuid(file, at + VENDOR_AT, vendor);
    putU16(file, at + 44, name.length);
    putU16(file, at + 46, data.length);
    file.set(name, at + HEADER_OCTETS);
    file.set(data, at + HEADER_OCTETS + name.length);
    at += lengthOf(variable);
  }
  return file;
}

function lengthOf({ name, data }: Variable): number {
  return HEADER_OCTETS + name.length + data.length;
}

/** The variables of `file`, in its order. */
export function decodeNvramFile(file: Uint8Array): Variable[] {
  const variables: Variable[] = [];
  for (let at = 0; at < file.length; ) {
    const length = u32At(file, at + 4);
    if (file.length - at < Math.max(length, HEADER_OCTETS)) {
      throw new ChainError("existing nvram state contains excess data");
    }
    if (u32At(file, at) !== VARIABLE) throw new ChainError("unknown header type");
    const nameAt = at + HEADER_OCTETS;
    const dataAt = nameAt + u16At(file, at + 44);
    const end = dataAt + u16At(file, at + 46);
    if (end !== at + length) {
      throw new ChainError("mismatch between header length and variable data size");
    }
    variables.push({
      vendor: guidAt(file, at + VENDOR_AT),
      name: file.slice(nameAt, dataAt),
      data: file.slice(dataAt, end),
      timestamp: file.slice(at + TIMESTAMP_AT, at + VENDOR_AT),
      attr: u32At(file, at + 8),
    });
    at = end;
  }
  return variables;
}

function putGuid(octets: Uint8Array, at: number, { data1, data2, data3, data4 }: Guid): void {
  putU32(octets, at, data1);
  putU16(octets, at + 4, data2);
  putU16(octets, at + 6, data3);
  octets.set(data4, at + 8);
}

function guidAt(octets: Uint8Array, at: number): Guid {
  return {
    data1: u32At(octets, at),
    data2: u16At(octets, at + 4),
    data3: u16At(octets, at + 6),
    data4: octets.slice(at + 8, at + 16),
  };
}
