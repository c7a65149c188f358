/**
 * Metadata of a VM, out of the database and into it, file by file.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml; ocaml/xenopsd/xc/xenops_server_xen.ml. A VM
 * that runs goes on with the runtime record that it has: what is imported takes effect when it
 * starts again.
 *
 * @module
 */
import { type Vbd, VM, XenopsError } from "../xenops_interface/mod.ts";
import { type Carried, exportMetadata, importMetadata, VM_EXTRA } from "../xenopsd_record/mod.ts";
import { DEVICE_KINDS, devicePath, extraPath, vmPath } from "./database.ts";
import type { DeviceKind } from "./dom.ts";
import type { Engine } from "./engine.ts";
import { HOST_STAT } from "./host_stat.ts";
import type { Migrate } from "./operation.ts";
import type { Site } from "./site.ts";
import type { Run } from "./step_point.ts";
import { powerState } from "./vm_state.ts";

/** What would be stored; throws for what cannot be read. */
export function readMetadata(text: string): Carried {
  return importMetadata(text, HOST_STAT.cpu_info);
}

/** What the devices are on the host that the VM goes to. */
type Maps = Pick<Migrate, "vdi_map" | "vif_map" | "pci_map">;
const NO_MAPS: Maps = { vdi_map: [], vif_map: [], pci_map: [] };

export function exportVm(engine: Engine, vm: string, maps = NO_MAPS): string {
  const { db } = engine;
  const isHalted = powerState(engine, vm) === "Halted";
  if (isHalted && engine.quirks.has("X9-no-halted-export")) {
    throw new XenopsError("Internal_error", "Invalid_argument option is None");
  }
  return exportMetadata({
    vm: db.vm(vm),
    vbds: db.devices("vbd", vm).map((vbd) => mapped(vbd, maps)),
    vifs: db.devices("vif", vm).map((vif) => {
      const backend = maps.vif_map.find(([dev]) => dev === vif.id[1])?.[1];
      return backend === undefined ? vif : { ...vif, backend };
    }),
    pcis: db.devices("pci", vm).map((pci) => {
      const address = maps.pci_map.find(([dev]) => dev === pci.id[1])?.[1];
      return address === undefined ? pci : { ...pci, address };
    }),
    vgpus: db.devices("vgpu", vm).map((vgpu) => {
      const address = maps.pci_map.find(([dev]) => dev === vgpu.id[1])?.[1];
      return address === undefined ? vgpu : { ...vgpu, physical_pci_address: address };
    }),
    vusbs: db.devices("vusb", vm),
    extra: isHalted ? undefined : db.extra(vm),
  });
}

function mapped(vbd: Vbd, { vdi_map }: Maps): Vbd {
  const { backend } = vbd;
  if (backend?.[0] !== "VDI") return vbd;
  const disk = vdi_map.find(([from]) => from === backend[1])?.[1];
  return disk === undefined ? vbd : { ...vbd, backend: ["VDI", disk] };
}

/** Whether a VM was there before does not matter; if not, it is not there behind a failure. */
export function* importVm(site: Site, text: string): Run<undefined> {
  const carried = readMetadata(text);
  const isNew = site.engine.db.findVm(carried.vm.id) === undefined;
  try {
    yield* store(site, carried);
  } catch (error) {
    if (isNew) forget(site.engine, carried.vm.id);
    throw error;
  }
}

function forget({ db }: Engine, vm: string): void {
  for (const kind of DEVICE_KINDS) {
    for (const dev of db.deviceNames(kind, vm)) {
      db.fs.rm(devicePath(kind, vm, dev));
      db.forget(kind, vm, dev);
    }
  }
  db.fs.rm(extraPath(vm));
  db.removeConfig(vm);
}

function* store(site: Site, carried: Carried): Run<undefined> {
  const { engine } = site;
  const { db } = engine;
  const { vm, extra } = carried;
  yield site.before(0, "VM_import_metadata", vm.id);
  yield* site.write(vmPath(vm.id), vm, VM, "config");
  db.signalVm(vm.id);
  yield site.mid("config");
  const failure = yield* importDevices(site, carried);
  if (extra !== undefined && engine.world.hv.dom(vm.id) === undefined) {
    yield* site.write(extraPath(vm.id), extra, VM_EXTRA, "extra");
    db.signalVm(vm.id);
  }
  yield site.after();
  if (failure !== undefined) throw failure;
}

/** The devices that come with the VM; those that do not are removed, if nothing uses them. */
function* importDevices(site: Site, carried: Carried): Run<XenopsError | undefined> {
  const { db, world } = site.engine;
  const vm = carried.vm.id;
  let failure: XenopsError | undefined;
  for (const kind of DEVICE_KINDS) {
    const records = carried[`${kind}s`];
    for (const record of records) {
      yield* writeDevice(site, kind, record);
      yield site.mid(`${kind}.${record.id[1]}`);
    }
    const names = new Set(records.map(({ id: [, dev] }) => dev));
    for (const dev of db.deviceNames(kind, vm)) {
      if (names.has(dev)) continue;
      if (world.hv.isPlugged(vm, kind, dev)) {
        failure ??= new XenopsError("Device_is_connected");
        continue;
      }
      db.fs.rm(devicePath(kind, vm, dev));
      db.forget(kind, vm, dev);
      yield site.mid(`${kind}.${dev}`);
    }
  }
  return failure;
}

function* writeDevice(site: Site, kind: DeviceKind, record: { id: readonly [string, string] }) {
  const { db } = site.engine;
  const [vm, dev] = record.id;
  yield* site.write(devicePath(kind, vm, dev), record as never, db.codecOf(kind), kind);
  db.signal(kind, vm, dev);
}
