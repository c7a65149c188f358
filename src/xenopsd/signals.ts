/**
 * Whom clients have to look at again behind a leaf, whether it has failed or not.
 *
 * @module
 */
import type { DeviceKind } from "./dom.ts";
import type { Engine } from "./engine.ts";
import type { Leaf } from "./operation.ts";

const KINDS: Readonly<Record<string, DeviceKind>> = {
  VBD: "vbd",
  VIF: "vif",
  PCI: "pci",
  VGPU: "vgpu",
  VUSB: "vusb",
};

export function signalAfter({ db }: Engine, leaf: Leaf): void {
  if (!("dev" in leaf)) {
    if (leaf.a !== "VM_hook_script" && leaf.a !== "VM_delay") db.signalVm(leaf.vm);
    return;
  }
  const kind = KINDS[leaf.a.slice(0, leaf.a.indexOf("_"))];
  if (kind !== undefined) db.signal(kind, leaf.vm, leaf.dev);
}
