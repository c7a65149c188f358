/**
 * Which checks are made behind an operation that has failed.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (trigger_cleanup_after_failure).
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { Atomic, CheckState, Leaf, Migrate, Operation, ReceiveMemory } from "./operation.ts";
import { sourceId } from "./temporary_id.ts";

export function checksAfter(op: Operation, engine: Engine): Operation[] {
  switch (op.o) {
    case "VM_migrate":
      return checksOfSender(op, engine);
    case "VM_receive_memory":
      return checksOfReceiver(op, engine);
    case "VM_check_state":
    case "VBD_check_state":
    case "VIF_check_state":
    case "PCI_check_state":
    case "VUSB_check_state":
    case "VM_import_metadata":
    case "VM_remove":
      return [];
    case "VBD_hotplug":
    case "VBD_hotunplug":
      return [{ o: "VBD_check_state", vm: op.vm, dev: op.dev }];
    case "VIF_hotplug":
    case "VIF_hotunplug":
      return [{ o: "VIF_check_state", vm: op.vm, dev: op.dev }];
    case "VUSB_hotplug":
    case "VUSB_hotunplug":
      return [{ o: "VUSB_check_state", vm: op.vm, dev: op.dev }];
    case "Atomic":
      return checksAfterAtom(op.atom);
    default:
      return [{ o: "VM_check_state", vm: op.vm }];
  }
}

/** What was renamed already is off behind its check, and gets its own name back. */
function checksOfSender({ vm }: Migrate, { db, world }: Engine): Operation[] {
  const left = sourceId(vm);
  const checks: Operation[] = [{ o: "VM_check_state", vm }];
  if (db.findVm(left) === undefined) return checks;
  // On the same host, the VM may have arrived under its own name already.
  const there = world.hv.dom(vm);
  const hasArrived = there !== undefined && there.shutdown === undefined;
  const back: Operation = hasArrived
    ? { o: "VM_remove", vm: left }
    : { o: "Atomic", vm: left, atom: { a: "VM_rename", vm: left, to: vm } };
  return [...checks, { o: "VM_check_state", vm: left }, back];
}

/** What has come goes; of a VM that has its own name, only what was not finished. */
function checksOfReceiver({ vm, final }: ReceiveMemory, { world }: Engine): Operation[] {
  const isHalf = world.hv.dom(final)?.marker !== undefined;
  const half: Operation[] = isHalf ? [{ o: "VM_check_state", vm: final }] : [];
  if (vm === final) return [{ o: "VM_check_state", vm }];
  return [...half, { o: "VM_check_state", vm }, { o: "VM_remove", vm }];
}

/** One check for each object that the atom is about. */
function checksAfterAtom(atom: Atomic): CheckState[] {
  const checks = new Map<string, CheckState>();
  for (const part of leavesOf(atom)) {
    const { vm } = part;
    const kind = part.a.slice(0, part.a.indexOf("_"));
    if (!("dev" in part)) {
      const isCheckable = part.a !== "PCI_dequarantine" && part.a !== "VM_delay";
      if (isCheckable) checks.set(vm, { o: "VM_check_state", vm });
    } else if (kind === "VBD" || kind === "VIF" || kind === "PCI" || kind === "VUSB") {
      checks.set(`${kind}/${part.dev}`, { o: `${kind}_check_state`, vm, dev: part.dev });
    }
  }
  return [...checks.values()];
}

function leavesOf(atom: Atomic): Leaf[] {
  if ("best" in atom) return leavesOf(atom.best);
  if ("serial" in atom) return atom.serial.flatMap(leavesOf);
  return "side" in atom ? atom.atoms.flatMap(leavesOf) : [atom];
}
