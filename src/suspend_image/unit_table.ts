/**
 * The units of a suspend image by their number on the wire.
 *
 * Source: xen-api, ocaml/xenopsd/lib/suspend_image.ml.
 *
 * @module
 */

/** Where a unit ends: at its length, where its stream says so, or at once. */
export type Extent = "length" | "stream" | "nothing";

export interface UnitType {
  readonly type: number;
  readonly name: UnitName;
  readonly extent: Extent;
}

export type UnitName =
  | "Xenops"
  | "Libxc"
  | "Libxl"
  | "Libxc_legacy"
  | "Qemu_trad"
  | "Qemu_xen"
  | "Demu"
  | "Varstored"
  | "Swtpm0"
  | "Swtpm"
  | "End_of_image";

export const UNIT_TYPES: readonly UnitType[] = [
  { type: 0x000f, name: "Xenops", extent: "length" },
  { type: 0x00f0, name: "Libxc", extent: "stream" },
  // Reserved for a backend that nobody has; every reader refuses it.
  { type: 0x00f1, name: "Libxl", extent: "length" },
  { type: 0x00f2, name: "Libxc_legacy", extent: "stream" },
  { type: 0x0f00, name: "Qemu_trad", extent: "length" },
  // Likewise reserved and refused.
  { type: 0x0f01, name: "Qemu_xen", extent: "length" },
  { type: 0x0f10, name: "Demu", extent: "stream" },
  { type: 0x0f11, name: "Varstored", extent: "length" },
  // The state of the TPM as it is; writers since 2023-06 have it in base64, as `Swtpm`.
  { type: 0x0f12, name: "Swtpm0", extent: "length" },
  { type: 0x0f13, name: "Swtpm", extent: "length" },
  { type: 0xffff, name: "End_of_image", extent: "nothing" },
];

const BY_TYPE = new Map(UNIT_TYPES.map((unit) => [BigInt(unit.type), unit]));
const BY_NAME = new Map(UNIT_TYPES.map((unit) => [unit.name, unit]));

export function unitOfType(type: bigint): UnitType | undefined {
  return BY_TYPE.get(type);
}

export function unitNamed(name: UnitName): UnitType {
  const unit = BY_NAME.get(name);
  if (unit !== undefined) return unit;
  throw new RangeError(`Cannot find unit as it must be in the table: current value is ${name}`);
}
