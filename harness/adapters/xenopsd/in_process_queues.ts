/**
 * The queues of the model of xenopsd, as cases look at them and put checks into them.
 *
 * @module
 */
import type { CheckState, Xenopsd } from "../../../src/xenopsd/mod.ts";
import type { XenopsQueueEvent, XenopsQueues } from "../../facets/xenopsd.ts";

const CHECKS = {
  Vm: "VM_check_state",
  Vbd: "VBD_check_state",
  Vif: "VIF_check_state",
  Pci: "PCI_check_state",
} as const;

/** What is done with a VM, or a device `vm/device`, that needs attention. */
function checkOf(kind: keyof typeof CHECKS, id: string): CheckState {
  const [vm = "", dev = ""] = id.split("/");
  return kind === "Vm" ? { o: CHECKS.Vm, vm } : { o: CHECKS[kind], vm, dev };
}

export function queuesOf(machine: Xenopsd, events: readonly XenopsQueueEvent[]): XenopsQueues {
  return {
    check(kind, id) {
      machine.signal(checkOf(kind, id));
    },
    alias: (tag, alias) => machine.redirector.alias(tag, alias),
    events,
  };
}

export function opOf(op: { readonly o: string; readonly atom?: unknown }): string {
  const { atom } = op as { atom?: { a?: string } };
  return op.o === "Atomic" ? (atom?.a ?? op.o) : op.o;
}
