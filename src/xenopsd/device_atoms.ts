/**
 * The atoms that plug devices, in their order.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (atomics_of_operation).
 *
 * @module
 */
import type { Vbd, Vif } from "../xenops_interface/mod.ts";
import type { Database } from "./database.ts";
import { isSriov } from "./device_traits.ts";
import { serial, side } from "./groups.ts";
import type { Atomic, DeviceLeaf, Leaf } from "./operation.ts";

/** Those that can be written to come first; each kind is side by side. */
export function plugVbds(db: Database, vm: string): Atomic[] {
  const all = db.devices("vbd", vm);
  return ["ReadWrite", "ReadOnly"].flatMap((mode) => {
    const atoms = all.filter((vbd) => vbd.mode === mode).flatMap((vbd) => serial(plugVbd(vbd)));
    return side("Nested_parallel", vm, `VBD_plug ${mode}`, atoms);
  });
}

export function plugVbd({ id: [vm, dev], backend }: Vbd): DeviceLeaf[] {
  const begin: DeviceLeaf[] = backend === undefined ? [] : [{ a: "VBD_epoch_begin", vm, dev }];
  return [{ a: "VBD_set_active", vm, dev, active: true }, ...begin, { a: "VBD_plug", vm, dev }];
}

export function plugVif({ id: [vm, dev] }: Vif): DeviceLeaf[] {
  return [
    { a: "VIF_set_active", vm, dev, active: true },
    { a: "VIF_plug", vm, dev },
  ];
}

/** By position. */
export function plugVifs(db: Database, vm: string): Atomic[] {
  const sorted = db.devices("vif", vm).sort((a, b) => a.position - b.position);
  return sorted.flatMap((vif) => serial(plugVif(vif)));
}

export function plugPcis(db: Database, vm: string): Leaf[] {
  return db
    .devices("pci", vm)
    .filter((pci) => !isSriov(pci, db, vm))
    .sort((a, b) => a.position - b.position)
    .map(({ id: [, dev] }) => ({ a: "PCI_plug", vm, dev, qmp: true }));
}
