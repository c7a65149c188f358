/**
 * Every method of the interface: its named parameters behind `debug_info`, in their order, and its
 * result. Those that are tasks answer with the id of one.
 *
 * Source: xen-api, `xenops_interface.ml`; without the module Observer, which has nothing to do with
 * VMs.
 *
 * @module
 */
import { BOOL, type Codec, FLOAT, INT, INT64, STRING, type TypeOf, UNIT } from "./codec.ts";
import { DEVICE_ID } from "./device_id.ts";
import { GUEST_AGENT_FEATURE, HOST, NUMA_AFFINITY_POLICY, QUERY } from "./host.ts";
import { PCI, PCI_ADDRESS, PCI_STATE } from "./pci.ts";
import { optional, parameters } from "./record.ts";
import { kv, list, tuple } from "./shapes.ts";
import { TASK } from "./task.ts";
import { UPDATES } from "./updates.ts";
import { VBD, VBD_STATE } from "./vbd.ts";
import { VGPU, VGPU_STATE } from "./vgpu.ts";
import {
  IPV4_CONFIGURATION,
  IPV6_CONFIGURATION,
  LOCKING_MODE,
  NETWORK,
  PVS_PROXY,
  VIF,
  VIF_STATE,
} from "./vif.ts";
import { DISK, VM } from "./vm.ts";
import { VM_STATE } from "./vm_state.ts";
import { VUSB, VUSB_STATE } from "./vusb.ts";

interface Method<P, R> {
  readonly params: Codec<P>;
  readonly result: Codec<R>;
  /** Whether it answers with the id of a task. */
  readonly task: boolean;
}

function sync<P extends Parameters<typeof parameters>[1], R>(named: P, result: Codec<R>) {
  const params = parameters("parameters", { debug_info: STRING, ...named });
  return { params, result, task: false } as const;
}

function task<P extends Parameters<typeof parameters>[1]>(named: P) {
  return { ...sync(named, STRING), task: true } as const;
}

const VM_ID = { id: STRING };
const DEVICE = { id: DEVICE_ID };
const SUSPEND = { ...VM_ID, suspend_vdi: DISK };
const DELAYED = { ...VM_ID, delay: optional(FLOAT) };

const MIGRATE = {
  ...VM_ID,
  vdi_map: kv(STRING),
  vif_map: kv(NETWORK),
  pci_map: kv(PCI_ADDRESS),
  xenops_url: STRING,
  compress: BOOL,
  verify_dest: BOOL,
  localhost_migration: BOOL,
};

export const METHODS = {
  query: sync({ unit: UNIT }, QUERY),
  get_diagnostics: sync({ unit: UNIT }, STRING),

  "Task.stat": sync({ id: STRING }, TASK),
  "Task.cancel": sync({ id: STRING }, UNIT),
  "Task.destroy": sync({ id: STRING }, UNIT),
  "Task.list": sync({}, list(TASK)),
  "Task.destroy_on_finish": sync({ id: STRING }, UNIT),

  "HOST.stat": sync({}, HOST),
  "HOST.get_console_data": sync({}, STRING),
  "HOST.get_total_memory_mib": sync({}, INT64),
  "HOST.send_debug_keys": sync({ debug_keys: STRING }, UNIT),
  "HOST.set_worker_pool_size": sync({ pool_size: INT }, UNIT),
  "HOST.update_guest_agent_features": sync({ features: list(GUEST_AGENT_FEATURE) }, UNIT),
  "HOST.combine_cpu_policies": sync({ policy1: STRING, policy2: STRING }, STRING),
  "HOST.is_compatible": sync({ vm_policy: STRING, host_policy: STRING }, BOOL),
  "HOST.set_numa_affinity_policy": sync(
    { numa_affinity_policy: optional(NUMA_AFFINITY_POLICY) },
    UNIT,
  ),

  "VM.add": sync({ vm: VM }, STRING),
  "VM.remove": sync(VM_ID, UNIT),
  "VM.stat": sync(VM_ID, tuple(VM, VM_STATE)),
  "VM.list": sync({ unit: UNIT }, list(tuple(VM, VM_STATE))),
  "VM.exists": sync(VM_ID, BOOL),
  "VM.generate_state_string": sync({ vm: VM }, STRING),
  "VM.export_metadata": sync(VM_ID, STRING),
  "VM.import_metadata": sync({ metadata: STRING }, STRING),
  "VM.import_metadata_async": task({ metadata: STRING }),
  "VM.create": task(VM_ID),
  "VM.build": task({ ...VM_ID, force: BOOL }),
  "VM.create_device_model": task({ ...VM_ID, save_state: BOOL }),
  "VM.destroy": task(VM_ID),
  "VM.pause": task(VM_ID),
  "VM.unpause": task(VM_ID),
  "VM.request_rdp": task({ ...VM_ID, enabled: BOOL }),
  "VM.run_script": task({ ...VM_ID, script: STRING }),
  "VM.set_xsdata": task({ ...VM_ID, xsdata: kv(STRING) }),
  "VM.set_vcpus": task({ ...VM_ID, vcpus: INT }),
  "VM.set_shadow_multiplier": task({ ...VM_ID, multiplier: FLOAT }),
  "VM.set_memory_dynamic_range": task({ ...VM_ID, minimum: INT64, maximum: INT64 }),
  "VM.delay": task({ ...VM_ID, delay: FLOAT }),
  /** The server takes `paused` for `force`; it says nothing about pausing. */
  "VM.start": task({ ...VM_ID, paused: BOOL }),
  "VM.shutdown": task(DELAYED),
  "VM.reboot": task(DELAYED),
  "VM.suspend": task(SUSPEND),
  "VM.resume": task(SUSPEND),
  "VM.fast_resume": task(VM_ID),
  "VM.s3suspend": task(VM_ID),
  "VM.s3resume": task(VM_ID),
  "VM.migrate": task(MIGRATE),

  "VBD.add": sync({ vbd: VBD }, DEVICE_ID),
  "VBD.remove": sync(DEVICE, UNIT),
  "VBD.stat": sync(DEVICE, tuple(VBD, VBD_STATE)),
  "VBD.list": sync(VM_ID, list(tuple(VBD, VBD_STATE))),
  "VBD.plug": task(DEVICE),
  "VBD.unplug": task({ ...DEVICE, force: BOOL }),
  "VBD.insert": task({ ...DEVICE, disk: DISK }),
  "VBD.eject": task(DEVICE),

  "VIF.add": sync({ vif: VIF }, DEVICE_ID),
  "VIF.remove": sync(DEVICE, UNIT),
  "VIF.stat": sync(DEVICE, tuple(VIF, VIF_STATE)),
  "VIF.list": sync(VM_ID, list(tuple(VIF, VIF_STATE))),
  "VIF.plug": task(DEVICE),
  "VIF.unplug": task({ ...DEVICE, force: BOOL }),
  "VIF.move": task({ ...DEVICE, network: NETWORK }),
  "VIF.set_carrier": task({ ...DEVICE, carrier: BOOL }),
  "VIF.set_locking_mode": task({ ...DEVICE, locking_mode: LOCKING_MODE }),
  "VIF.set_ipv4_configuration": task({ ...DEVICE, ipv4_configuration: IPV4_CONFIGURATION }),
  "VIF.set_ipv6_configuration": task({ ...DEVICE, ipv6_configuration: IPV6_CONFIGURATION }),
  "VIF.set_pvs_proxy": task({ ...DEVICE, proxy: optional(PVS_PROXY) }),
  "VIF.set_trunks": task({ ...DEVICE, trunks: list(INT64) }),

  "PCI.add": sync({ pci: PCI }, DEVICE_ID),
  "PCI.remove": sync(DEVICE, UNIT),
  "PCI.stat": sync(DEVICE, tuple(PCI, PCI_STATE)),
  "PCI.list": sync(VM_ID, list(tuple(PCI, PCI_STATE))),
  "PCI.dequarantine": sync({ pci_addr: PCI_ADDRESS }, UNIT),

  "VUSB.add": sync({ vusb: VUSB }, DEVICE_ID),
  "VUSB.remove": sync(DEVICE, UNIT),
  "VUSB.stat": sync(DEVICE, tuple(VUSB, VUSB_STATE)),
  "VUSB.list": sync(VM_ID, list(tuple(VUSB, VUSB_STATE))),
  "VUSB.plug": task(DEVICE),
  "VUSB.unplug": task(DEVICE),

  "VGPU.add": sync({ vgpu: VGPU }, DEVICE_ID),
  "VGPU.remove": sync(DEVICE, UNIT),
  "VGPU.stat": sync(DEVICE, tuple(VGPU, VGPU_STATE)),
  "VGPU.list": sync(VM_ID, list(tuple(VGPU, VGPU_STATE))),

  "UPDATES.get": sync({ last_id: optional(INT), timeout: optional(INT) }, UPDATES),
  "UPDATES.last_id": sync({}, INT),
  "UPDATES.inject_barrier": sync({ vm_id: STRING, id: INT }, UNIT),
  "UPDATES.remove_barrier": sync({ id: INT }, UNIT),
  "UPDATES.refresh_vm": sync(VM_ID, UNIT),

  "DEBUG.trigger": sync({ cmd: STRING, args: list(STRING) }, UNIT),
  "DEBUG.shutdown": sync({ unit: UNIT }, UNIT),
} as const satisfies Readonly<Record<string, Method<unknown, unknown>>>;

export type MethodName = keyof typeof METHODS;
export type ParamsOf<M extends MethodName> = TypeOf<(typeof METHODS)[M]["params"]>;
export type ResultOf<M extends MethodName> = TypeOf<(typeof METHODS)[M]["result"]>;
