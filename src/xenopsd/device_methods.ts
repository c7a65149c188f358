/**
 * The methods of VBDs, VIFs, PCI devices, vGPUs and VUSBs.
 *
 * Source: xen-api, ocaml/xapi-idl/xen/xenops_interface.ml.
 *
 * @module
 */
import {
  type DeviceId,
  type MethodName,
  type PciState,
  type VbdState,
  type VgpuState,
  type Vif,
  type VifState,
  XenopsError,
} from "../xenops_interface/mod.ts";
import { type DeviceRecords, devicePath, vmPath } from "./database.ts";
import type { DeviceKind } from "./dom.ts";
import type { Engine } from "./engine.ts";
import type { Desk, Handlers } from "./handler.ts";
import { macOf } from "./mac.ts";
import type { DeviceLeaf, Operation } from "./operation.ts";
import type { Run } from "./step_point.ts";

type DeviceMethod = Extract<MethodName, `${"VBD" | "VIF" | "PCI" | "VGPU" | "VUSB"}.${string}`>;

interface Asked {
  readonly debug_info: string;
  readonly id: DeviceId;
}

function queue({ engine }: Desk, { debug_info }: Asked, op: Operation): string {
  return engine.enqueue(op, debug_info).id;
}

function queueLeaf(desk: Desk, asked: Asked, atom: DeviceLeaf): string {
  return queue(desk, asked, { o: "Atomic", vm: asked.id[0], atom });
}

/** Names of VM and device, as every leaf has them. */
function of({ id: [vm, dev] }: Asked): { vm: string; dev: string } {
  return { vm, dev };
}

export const DEVICE_METHODS: Handlers<DeviceMethod> = {
  "VBD.add": (desk, { vbd }) => add(desk, "vbd", vbd),
  "VBD.remove": (desk, { id }) => remove(desk, "vbd", id),
  "VBD.stat": ({ engine }, { id }) => stat(engine, "vbd", id, vbdState),
  "VBD.list": ({ engine }, { id }) => list(engine, "vbd", id, vbdState),
  "VBD.plug": (desk, it) => queue(desk, it, { o: "VBD_hotplug", ...of(it) }),
  "VBD.unplug": (desk, it) => queue(desk, it, { o: "VBD_hotunplug", ...of(it), force: it.force }),
  "VBD.insert": (desk, it) => queueLeaf(desk, it, { a: "VBD_insert", ...of(it), disk: it.disk }),
  "VBD.eject": (desk, it) => queueLeaf(desk, it, { a: "VBD_eject", ...of(it) }),

  "VIF.add": (desk, { vif }) => add(desk, "vif", withMac(desk.engine, vif)),
  "VIF.remove": (desk, { id }) => remove(desk, "vif", id),
  "VIF.stat": ({ engine }, { id }) => stat(engine, "vif", id, vifState),
  "VIF.list": ({ engine }, { id }) => list(engine, "vif", id, vifState),
  "VIF.plug": (desk, it) => queue(desk, it, { o: "VIF_hotplug", ...of(it) }),
  "VIF.unplug": (desk, it) => queue(desk, it, { o: "VIF_hotunplug", ...of(it), force: it.force }),
  "VIF.move": (desk, it) => queueLeaf(desk, it, { a: "VIF_move", ...of(it), network: it.network }),
  "VIF.set_carrier": (desk, it) =>
    queueLeaf(desk, it, { a: "VIF_set_carrier", ...of(it), carrier: it.carrier }),
  "VIF.set_locking_mode": (desk, it) =>
    queueLeaf(desk, it, { a: "VIF_set_locking_mode", ...of(it), mode: it.locking_mode }),
  "VIF.set_ipv4_configuration": (desk, it) =>
    queueLeaf(desk, it, {
      a: "VIF_set_ipv4_configuration",
      ...of(it),
      configuration: it.ipv4_configuration,
    }),
  "VIF.set_ipv6_configuration": (desk, it) =>
    queueLeaf(desk, it, {
      a: "VIF_set_ipv6_configuration",
      ...of(it),
      configuration: it.ipv6_configuration,
    }),
  "VIF.set_pvs_proxy": (desk, it) =>
    queueLeaf(desk, it, { a: "VIF_set_pvs_proxy", ...of(it), proxy: it.proxy }),
  "VIF.set_trunks": (desk, it) =>
    queueLeaf(desk, it, { a: "VIF_set_trunks", ...of(it), trunks: it.trunks }),

  "PCI.add": (desk, { pci }) => add(desk, "pci", pci),
  "PCI.remove": (desk, { id }) => remove(desk, "pci", id),
  "PCI.stat": ({ engine }, { id }) => stat(engine, "pci", id, pluggedState),
  "PCI.list": ({ engine }, { id }) => list(engine, "pci", id, pluggedState),
  "PCI.dequarantine": () => null,

  "VGPU.add": (desk, { vgpu }) => add(desk, "vgpu", vgpu),
  "VGPU.remove": (desk, { id }) => remove(desk, "vgpu", id),
  "VGPU.stat": ({ engine }, { id }) => stat(engine, "vgpu", id, vgpuState),
  "VGPU.list": ({ engine }, { id }) => list(engine, "vgpu", id, vgpuState),

  "VUSB.add": (desk, { vusb }) => add(desk, "vusb", vusb),
  "VUSB.remove": (desk, { id }) => remove(desk, "vusb", id),
  "VUSB.stat": ({ engine }, { id }) => stat(engine, "vusb", id, pluggedState),
  "VUSB.list": ({ engine }, { id }) => list(engine, "vusb", id, pluggedState),
  "VUSB.plug": (desk, it) => queue(desk, it, { o: "VUSB_hotplug", ...of(it) }),
  "VUSB.unplug": (desk, it) => queue(desk, it, { o: "VUSB_hotunplug", ...of(it) }),
};

function* add<K extends DeviceKind>(
  { engine, site }: Desk,
  kind: K,
  record: DeviceRecords[K],
): Run<DeviceId> {
  const { db } = engine;
  const [vm, dev] = record.id;
  const path = devicePath(kind, vm, dev);
  if (!db.fs.has(vmPath(vm))) throw new XenopsError("Does_not_exist", ["VM", vm]);
  if (db.fs.has(path)) {
    throw new XenopsError("Already_exists", [path[0] ?? "", path.slice(1).join("/")]);
  }
  yield site.before(0, `${kind.toUpperCase()}_add`, `${vm}/${dev}`);
  yield* site.write(path, record, db.codecOf(kind), kind);
  yield site.after();
  db.signal(kind, vm, dev);
  return record.id;
}

function remove({ engine }: Desk, kind: DeviceKind, [vm, dev]: DeviceId): null {
  const { db, world } = engine;
  db.device(kind, vm, dev);
  if (world.hv.isPlugged(vm, kind, dev)) throw new XenopsError("Device_is_connected");
  db.fs.rm(devicePath(kind, vm, dev));
  db.forget(kind, vm, dev);
  return null;
}

type StateOf<K extends DeviceKind, S> = (engine: Engine, record: DeviceRecords[K], kind: K) => S;

function stat<K extends DeviceKind, S>(
  engine: Engine,
  kind: K,
  [vm, dev]: DeviceId,
  state: StateOf<K, S>,
): [DeviceRecords[K], S] {
  const record = engine.db.device(kind, vm, dev);
  return [record, state(engine, record, kind)];
}

function list<K extends DeviceKind, S>(
  engine: Engine,
  kind: K,
  vm: string,
  state: StateOf<K, S>,
): [DeviceRecords[K], S][] {
  return engine.db.devices(kind, vm).map((record) => [record, state(engine, record, kind)]);
}

function vbdState(engine: Engine, vbd: DeviceRecords["vbd"]): VbdState {
  const { active, plugged } = flags(engine, "vbd", vbd.id);
  const backend_present = plugged ? vbd.backend : undefined;
  return { active, plugged, qos_target: plugged ? vbd.qos : undefined, backend_present };
}

function vifState(engine: Engine, vif: DeviceRecords["vif"]): VifState {
  const { active, plugged } = flags(engine, "vif", vif.id);
  const domid = engine.world.hv.dom(vif.id[0])?.domid;
  const device = plugged ? `vif${domid}.${vif.position}` : undefined;
  const media_present = plugged && vif.carrier;
  return { active, plugged, kthread_pid: 0, media_present, device, pvs_rules_active: false };
}

function vgpuState(engine: Engine, { id }: DeviceRecords["vgpu"]): VgpuState {
  return { ...flags(engine, "vgpu", id), emulator_pid: undefined };
}

function pluggedState(
  engine: Engine,
  { id }: { readonly id: DeviceId },
  kind: DeviceKind,
): PciState {
  return { plugged: flags(engine, kind, id).plugged };
}

function flags({ world }: Engine, kind: DeviceKind, [vm, dev]: DeviceId) {
  const active = world.hv.dom(vm)?.active.has(`${kind}:${dev}`) ?? false;
  return { active, plugged: world.hv.isPlugged(vm, kind, dev) };
}

function withMac(engine: Engine, vif: Vif): Vif {
  if (vif.mac !== "" && vif.mac !== "random") return vif;
  const seed =
    vif.mac === "random" ? `${engine.random.below(2 ** 32)}` : `${vif.position}-${vif.id[0]}`;
  return { ...vif, mac: macOf(seed) };
}
