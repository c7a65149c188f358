/**
 * The guests of the matrix: a VM of each kind with everything that its release can have.
 *
 * @module
 */
import {
  RpcDict,
  readJson,
  VBD,
  type Vbd,
  VIF,
  type Vif,
  VM,
  type Vm,
} from "../../../src/xenops_interface/mod.ts";
import type { Release } from "../../../src/xenopsd_release/mod.ts";

export const VM_ID = "7b719ce6-0b17-9733-e8ee-dbc1e6e7b701";

export interface Guest {
  /** Its kind, and what of it only some releases have. */
  readonly ty: string;
  readonly hasTpm: boolean;
}

const PV_INFO = '{"boot":["Direct",{"kernel":"","cmdline":"console=hvc0"}]}';
const UEFI = '"firmware":["Uefi",{"on_boot":"Persist","backend":"xapidb"}]';

export const GUESTS = {
  bios: { ty: '["HVM",{"timeoffset":"-3600","boot_order":"cd"}]', hasTpm: false },
  "uefi-tpm": { ty: `["HVM",{${UEFI},"tpm":["Vtpm","0f0f0f0f"]}]`, hasTpm: true },
  pv: { ty: `["PV",${PV_INFO}]`, hasTpm: false },
  "pv-in-pvh": { ty: `["PVinPVH",${PV_INFO}]`, hasTpm: false },
} as const satisfies Readonly<Record<string, Guest>>;

export type GuestName = keyof typeof GUESTS;

export function guestNamed(name: string): Guest {
  if (Object.hasOwn(GUESTS, name)) return GUESTS[name as GuestName];
  throw new RangeError(`Cannot find guest as it must be known: current value is ${name}`);
}

/** Whether a VM of this kind can run with the release. */
export function hasGuest(release: Release, { ty, hasTpm }: Guest): boolean {
  const kind = (readJson(ty) as readonly string[])[0];
  return (
    release.kinds.some((known) => known === kind) && (!hasTpm || !release.lacks.hvm.includes("tpm"))
  );
}

/** Every field has another value than its default, so that one that is lost is seen. */
const CONFIGURATION = `{"id":"${VM_ID}","name":"fedora","ssidref":0,"xsdata":{"vm-data":"x"},
  "platformdata":{"vga":"std","generation-id":"11111111-2222-3333-4444-555555555555"},
  "bios_strings":{"bios-vendor":"Xen"},"ty":["PV",${PV_INFO}],
  "suppress_spurious_page_faults":false,"memory_static_max":1073741824,
  "memory_dynamic_max":1073741824,"memory_dynamic_min":536870912,"vcpu_max":4,"vcpus":2,
  "scheduler_params":{"affinity":[],"priority":[512,0]},"on_crash":["Pause"],
  "on_shutdown":["Shutdown"],"on_reboot":["Start"],"on_softreboot":["Pause"],
  "pci_msitranslate":true,"pci_power_mgmt":false,"has_vendor_device":true,
  "generation_id":"11111111-2222-3333-4444-555555555555"}`;

export function configurationOf({ ty }: Guest): Vm {
  const vm = VM.decode(readJson(CONFIGURATION));
  const typed = VM.decode(readJson(CONFIGURATION.replace(/"ty":\[.*\],\n/, `"ty":${ty},\n`)));
  return { ...vm, ty: typed.ty };
}

/** One disk to write and one to read, called as the release calls those of such a guest. */
export function disksOf({ diskPrefix }: Release, guest: Guest): readonly Vbd[] {
  const prefix = guest.ty.startsWith('["HVM"') ? diskPrefix : "xvd";
  const empty = VBD.decode(new RpcDict([]));
  return [
    {
      ...empty,
      id: [VM_ID, `${prefix}a`],
      backend: ["VDI", "sr/root"],
      can_attach_early: true,
    },
    { ...empty, id: [VM_ID, `${prefix}b`], backend: ["VDI", "sr/data"], mode: "ReadOnly" },
  ];
}

export function interfaces(): readonly Vif[] {
  const empty = VIF.decode(new RpcDict([]));
  return [{ ...empty, id: [VM_ID, "0"], mac: "fe:00:00:00:00:01", mtu: 9000 }];
}
