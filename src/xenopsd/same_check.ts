/**
 * Which operations are the same check. No other ones are ever taken together, even if they are
 * equal.
 *
 * @module
 */
import type { Operation } from "./operation.ts";

export function isSameCheck(a: Operation, b: Operation): boolean {
  switch (a.o) {
    case "VM_check_state":
      return b.o === a.o && b.vm === a.vm;
    case "VBD_check_state":
    case "VIF_check_state":
    case "PCI_check_state":
    case "VUSB_check_state":
      return b.o === a.o && b.vm === a.vm && b.dev === a.dev;
    default:
      return false;
  }
}
