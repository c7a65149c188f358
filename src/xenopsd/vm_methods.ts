/**
 * The methods of VMs.
 *
 * Source: xen-api, ocaml/xapi-idl/xen/xenops_interface.ml.
 *
 * @module
 */
import {
  ERROR,
  type MethodName,
  type ParamsOf,
  type ResultOf,
  VM,
  type Vm,
  XenopsError,
} from "../xenops_interface/mod.ts";
import { generateStateString } from "../xenopsd_record/mod.ts";
import { vmPath } from "./database.ts";
import type { Engine } from "./engine.ts";
import type { Desk, Handlers } from "./handler.ts";
import { exportVm, importVm, readMetadata } from "./import_vm.ts";
import type { Leaf, Operation } from "./operation.ts";
import type { Run } from "./step_point.ts";
import type { Task } from "./task.ts";
import { vmState } from "./vm_state.ts";

const REMOVE_TIMEOUT_MS = 1_200_000;

type VmMethod = Extract<MethodName, `VM.${string}`>;
interface Asked {
  readonly debug_info: string;
  readonly id: string;
}

/** Queues an operation of a VM; its task is the answer. */
function queue({ engine }: Desk, { debug_info }: Asked, op: Operation): string {
  return engine.enqueue(op, debug_info).id;
}

function queueLeaf(desk: Desk, asked: Asked, atom: Leaf): string {
  return queue(desk, asked, { o: "Atomic", vm: asked.id, atom });
}

export const VM_METHODS: Handlers<VmMethod> = {
  "VM.add": addVm,
  "VM.remove": removeVm,
  "VM.stat": ({ engine }, { id }) => stat(engine, engine.db.vm(id)),
  "VM.list": ({ engine }) => readable(engine),
  "VM.exists": ({ engine }, { id }) => engine.db.findVm(id) !== undefined,
  "VM.generate_state_string": (_, { vm }) => generateStateString(vm),
  "VM.export_metadata": ({ engine }, { id }) => exportVm(engine, id),
  "VM.import_metadata": importMetadata,
  "VM.import_metadata_async": ({ engine }, it) => queueImport(engine, it)[1].id,
  "VM.create": (desk, it) => queueLeaf(desk, it, { a: "VM_create", vm: it.id, resume: false }),
  "VM.build": (desk, it) => queueLeaf(desk, it, { a: "VM_build", vm: it.id, force: it.force }),
  "VM.create_device_model": (desk, it) =>
    queueLeaf(desk, it, { a: "VM_create_device_model", vm: it.id, saveState: it.save_state }),
  "VM.destroy": (desk, it) => queueLeaf(desk, it, { a: "VM_destroy", vm: it.id }),
  "VM.pause": (desk, it) => queueLeaf(desk, it, { a: "VM_pause", vm: it.id }),
  "VM.unpause": (desk, it) => queueLeaf(desk, it, { a: "VM_unpause", vm: it.id }),
  "VM.request_rdp": (desk, it) =>
    queueLeaf(desk, it, { a: "VM_request_rdp", vm: it.id, enabled: it.enabled }),
  "VM.run_script": (desk, it) =>
    queueLeaf(desk, it, { a: "VM_run_script", vm: it.id, script: it.script }),
  "VM.set_xsdata": (desk, it) =>
    queueLeaf(desk, it, { a: "VM_set_xsdata", vm: it.id, xsdata: it.xsdata }),
  "VM.set_vcpus": (desk, it) =>
    queueLeaf(desk, it, { a: "VM_set_vcpus", vm: it.id, vcpus: it.vcpus }),
  "VM.set_shadow_multiplier": (desk, it) =>
    queueLeaf(desk, it, {
      a: "VM_set_shadow_multiplier",
      vm: it.id,
      multiplier: it.multiplier,
    }),
  "VM.set_memory_dynamic_range": (desk, it) =>
    queueLeaf(desk, it, {
      a: "VM_set_memory_dynamic_range",
      vm: it.id,
      minimum: it.minimum,
      maximum: it.maximum,
    }),
  "VM.delay": (desk, it) => queueLeaf(desk, it, { a: "VM_delay", vm: it.id, seconds: it.delay }),
  "VM.start": (desk, it) => queue(desk, it, { o: "VM_start", vm: it.id, force: it.paused }),
  "VM.shutdown": (desk, it) => queue(desk, it, { o: "VM_poweroff", vm: it.id, delay: it.delay }),
  "VM.reboot": (desk, it) => queue(desk, it, { o: "VM_reboot", vm: it.id, delay: it.delay }),
  "VM.suspend": (desk, it) => queue(desk, it, { o: "VM_suspend", vm: it.id, disk: it.suspend_vdi }),
  "VM.resume": (desk, it) => queue(desk, it, { o: "VM_resume", vm: it.id, disk: it.suspend_vdi }),
  "VM.fast_resume": (desk, it) => queueLeaf(desk, it, { a: "VM_fast_resume", vm: it.id }),
  "VM.s3suspend": (desk, it) => queueLeaf(desk, it, { a: "VM_s3suspend", vm: it.id }),
  "VM.s3resume": (desk, it) => queueLeaf(desk, it, { a: "VM_s3resume", vm: it.id }),
  "VM.migrate": (desk, it) => {
    const { id: vm, vdi_map, vif_map, pci_map, xenops_url: url, compress } = it;
    return queue(desk, it, { o: "VM_migrate", vm, vdi_map, vif_map, pci_map, url, compress });
  },
};

/** Overwrites what there is. */
function* addVm({ engine, site }: Desk, { vm }: ParamsOf<"VM.add">): Run<string> {
  yield site.before(0, "VM_add", vm.id);
  yield* site.write(vmPath(vm.id), vm, VM, "config");
  yield site.after();
  engine.db.signalVm(vm.id);
  return vm.id;
}

function* removeVm(desk: Desk, { debug_info, id }: ParamsOf<"VM.remove">): Run<null> {
  const task = desk.engine.enqueue({ o: "VM_remove", vm: id }, debug_info);
  yield* outcomeOf(desk.engine, task);
  return null;
}

/** What the metadata say is read first; whatever comes behind is no matter of the caller. */
function queueImport(
  engine: Engine,
  { debug_info, metadata }: ParamsOf<"VM.import_metadata">,
): [vm: string, task: Task] {
  const { id } = readMetadata(metadata).vm;
  return [id, engine.enqueue({ o: "VM_import_metadata", vm: id, metadata }, debug_info)];
}

/** A VM that is new here has no queue to stand in. */
function* importMetadata(
  { engine, site }: Desk,
  params: ParamsOf<"VM.import_metadata">,
): Run<string> {
  const { id } = readMetadata(params.metadata).vm;
  if (engine.db.findVm(id) === undefined) {
    yield* importVm(site, params.metadata);
    return id;
  }
  const [vm, task] = queueImport(engine, params);
  yield* task.finished();
  return vm;
}

/** Waits for a task that no client knows of. */
function* outcomeOf(engine: Engine, task: Task): Run<void> {
  const hasEnded = yield* task.finished(engine.clock.nowMs + REMOVE_TIMEOUT_MS);
  if (!hasEnded) throw new XenopsError("Internal_error", `Cannot wait for task ${task.id} longer`);
  const { state } = task;
  engine.tasks.destroy(task);
  if (state[0] === "Failed") throw ERROR.decode(state[1]);
}

/** VMs whose record can be read; a damaged one is no matter of the others. */
function readable(engine: Engine): ResultOf<"VM.stat">[] {
  return engine.db.vms().flatMap((id) => {
    try {
      const vm = engine.db.findVm(id);
      return vm === undefined ? [] : [stat(engine, vm)];
    } catch {
      return [];
    }
  });
}

function stat(engine: Engine, vm: Vm): ResultOf<"VM.stat"> {
  return [vm, vmState(engine, vm)];
}
