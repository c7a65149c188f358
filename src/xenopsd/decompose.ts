/**
 * Which atoms an operation consists of. It depends on what is in the database and on nothing that
 * happens at run time.
 *
 * Source: xen-api e2ee48d688, ocaml/xenopsd/lib/xenops_server.ml, `atomics_of_operation`. One atom
 * is our own: a domain that is being ended is marked first, so that a restart ends it, too.
 *
 * @module
 */
import type { Database } from "./database.ts";
import { plugPcis, plugVbd, plugVbds, plugVif, plugVifs } from "./device_atoms.ts";
import { vgpuAddress } from "./device_traits.ts";
import { serial, side } from "./groups.ts";
import type { Atomic, Leaf, Operation, VmLeaf } from "./operation.ts";
import type { Quirk } from "./quirks_table.ts";
import { vgpus } from "./vgpu_atoms.ts";

type Decomposed = Exclude<
  Operation,
  {
    o:
      | "VM_remove"
      | "VM_import_metadata"
      | "VM_migrate"
      | "VM_receive_memory"
      | `${string}_check_state`;
  }
>;

export function decompose(op: Decomposed, db: Database, quirks: ReadonlySet<Quirk>): Atomic[] {
  const { vm } = op;
  switch (op.o) {
    case "VM_start":
      return start(db, vm, op.force);
    case "VM_shutdown":
      return shutdown(db, vm, op.delay, quirks);
    case "VM_poweroff":
      return poweroff(db, vm, op.delay, quirks);
    case "VM_reboot":
      return reboot(db, vm, op.delay, quirks);
    case "VM_suspend":
      return [
        hook(vm, "vm-pre-suspend", "suspend"),
        { a: "VM_save", vm, disk: op.disk },
        hook(vm, "vm-pre-destroy", "suspend"),
        ...shutdown(db, vm, undefined, quirks),
        hook(vm, "vm-post-destroy", "suspend"),
      ];
    case "VM_resume":
      return resume(db, op);
    case "VM_restore_devices":
      return restoreDevices(db, vm, op.migration);
    case "VBD_hotplug":
      return plugVbd(db.device("vbd", vm, op.dev));
    case "VBD_hotunplug":
      return [
        { a: "VBD_unplug", vm, dev: op.dev, force: op.force },
        { a: "VBD_set_active", vm, dev: op.dev, active: false },
      ];
    case "VIF_hotplug":
      return plugVif(db.device("vif", vm, op.dev));
    case "VIF_hotunplug":
      return [
        { a: "VIF_unplug", vm, dev: op.dev, force: op.force },
        { a: "VIF_set_active", vm, dev: op.dev, active: false },
      ];
    case "VUSB_hotplug":
      return [{ a: "VUSB_plug", vm, dev: op.dev }];
    case "VUSB_hotunplug":
      return [{ a: "VUSB_unplug", vm, dev: op.dev }];
    case "Atomic":
      return [op.atom];
  }
}

function start(db: Database, vm: string, force: boolean): Atomic[] {
  return [
    ...dequarantine(db, vm),
    hook(vm, "vm-pre-start", "none"),
    { a: "VM_create", vm, resume: false },
    { a: "VM_build", vm, force },
    ...side("Parallel", vm, "devices", [
      ...serial(plugVbds(db, vm)),
      ...plugVifs(db, vm),
      ...serial(vgpus(db, vm)),
    ]),
    { a: "VM_create_device_model", vm, saveState: false },
    ...plugPcis(db, vm),
    ...db.deviceNames("vusb", vm).map((dev): Atomic => ({ a: "VUSB_plug", vm, dev })),
    { a: "VM_set_domain_action_request", vm, request: undefined },
  ];
}

function shutdown(
  db: Database,
  vm: string,
  delay: number | undefined,
  quirks: ReadonlySet<Quirk>,
): Atomic[] {
  const vusbs = db.deviceNames("vusb", vm).map((dev): Atomic => ({ a: "VUSB_unplug", vm, dev }));
  const devices: Atomic[] = [
    ...db.deviceNames("vbd", vm).map((dev): Leaf => ({ a: "VBD_unplug", vm, dev, force: true })),
    ...db.deviceNames("vif", vm).map((dev): Leaf => ({ a: "VIF_unplug", vm, dev, force: true })),
    ...db.deviceNames("pci", vm).map((dev): Leaf => ({ a: "PCI_unplug", vm, dev })),
  ];
  const mark: VmLeaf = { a: "VM_set_domain_action_request", vm, request: "poweroff" };
  return [
    ...ask(vm, "PowerOff", delay),
    ...(quirks.has("unmarked-shutdown") ? [] : [mark]),
    ...side("Parallel", vm, "VUSB_unplug", vusbs),
    { best: { a: "VM_pause", vm } },
    { a: "VM_destroy_device_model", vm },
    ...side("Parallel", vm, "unplug", devices),
    { a: "VM_destroy", vm },
  ];
}

function poweroff(
  db: Database,
  vm: string,
  delay: number | undefined,
  quirks: ReadonlySet<Quirk>,
): Atomic[] {
  const reason = delay === undefined ? "hard-shutdown" : "clean-shutdown";
  const released: Atomic[] = [
    ...db.devices("vbd", vm).flatMap(({ id: [, dev], backend }): Atomic[] => {
      const end: Leaf[] = backend === undefined ? [] : [{ a: "VBD_epoch_end", vm, dev }];
      return serial([...end, { a: "VBD_set_active", vm, dev, active: false }]);
    }),
    ...db
      .deviceNames("vif", vm)
      .map((dev): Leaf => ({ a: "VIF_set_active", vm, dev, active: false })),
    ...db
      .deviceNames("vgpu", vm)
      .map((dev): Leaf => ({ a: "VGPU_set_active", vm, dev, active: false })),
  ];
  return [
    hook(vm, "vm-pre-shutdown", reason),
    ...shutdown(db, vm, delay, quirks),
    ...side("Parallel", vm, "release", released),
    hook(vm, "vm-post-destroy", reason),
  ];
}

function reboot(
  db: Database,
  vm: string,
  delay: number | undefined,
  quirks: ReadonlySet<Quirk>,
): Atomic[] {
  const reason = delay === undefined ? "hard-reboot" : "clean-reboot";
  return [
    ...ask(vm, "Reboot", delay),
    hook(vm, "vm-pre-destroy", reason),
    ...shutdown(db, vm, undefined, quirks),
    ...side("Parallel", vm, "VBD_epoch_end", epochs(db, vm)),
    hook(vm, "vm-post-destroy", reason),
    hook(vm, "vm-pre-reboot", "none"),
    ...start(db, vm, false),
    { a: "VM_unpause", vm },
  ];
}

function resume(db: Database, op: Extract<Operation, { o: "VM_suspend" | "VM_resume" }>): Atomic[] {
  const { vm, disk } = op;
  return [
    ...dequarantine(db, vm),
    { a: "VM_create", vm, resume: true },
    hook(vm, "vm-pre-resume", "none"),
    ...db.deviceNames("vgpu", vm).map((dev): Leaf => ({ a: "VGPU_start", vm, dev })),
    { a: "VM_restore", vm, disk },
    ...restoreDevices(db, vm, false),
    { a: "VM_set_domain_action_request", vm, request: undefined },
    hook(vm, "vm-post-resume", "none"),
  ];
}

function restoreDevices(db: Database, vm: string, migration: boolean): Atomic[] {
  return [
    ...plugVbds(db, vm),
    ...(migration ? [] : side("Parallel", vm, "VIF_plug", plugVifs(db, vm))),
    ...db
      .deviceNames("vgpu", vm)
      .map((dev): Leaf => ({ a: "VGPU_set_active", vm, dev, active: true })),
    { a: "VM_create_device_model", vm, saveState: true },
    ...plugPcis(db, vm),
  ];
}

function epochs(db: Database, vm: string): Leaf[] {
  const withDisk = db.devices("vbd", vm).filter(({ backend }) => backend !== undefined);
  return withDisk.map(({ id: [, dev] }) => ({ a: "VBD_epoch_end", vm, dev }));
}

function dequarantine(db: Database, vm: string): Leaf[] {
  return db.devices("vgpu", vm).flatMap((vgpu): Leaf[] => {
    const address = vgpuAddress(vgpu);
    return address === undefined ? [] : [{ a: "PCI_dequarantine", vm, address }];
  });
}

function ask(vm: string, reason: "PowerOff" | "Reboot", delay: number | undefined): Leaf[] {
  return delay === undefined ? [] : [{ a: "VM_shutdown_domain", vm, reason, timeout: delay }];
}

function hook(vm: string, name: string, reason: string): Leaf {
  return { a: "VM_hook_script", vm, hook: name, reason };
}
