/**
 * Domains, and what they hold of disks, as records in files: so that they outlive the process which
 * plays hypervisor and xenopsd at once.
 *
 * @module
 */
import {
  BOOL,
  type Codec,
  FLOAT,
  INT,
  INT64,
  kv,
  list,
  masked,
  record,
  STRING,
  type TypeOf,
  tuple,
  VM_CONSOLE,
  variant,
} from "../../../src/xenops_interface/mod.ts";
import type { Dom, Hypervisor, Storage } from "../../../src/xenopsd/mod.ts";

const KIND = variant("a kind", { vbd: null, vif: null, pci: null, vgpu: null, vusb: null });

/** In base 64. */
const OCTETS: Codec<Uint8Array> = {
  name: "octets",
  encode: (octets) => Buffer.from(octets).toString("base64"),
  decode: (rpc) => Uint8Array.from(Buffer.from(STRING.decode(rpc), "base64")),
};

export const DOM_RECORD = record("a domain", {
  domid: INT,
  uuid: STRING,
  hvm: BOOL,
  paused: BOOL,
  built: BOOL,
  dm: BOOL,
  marker: masked(variant("a marker", { poweroff: null, reboot: null })),
  shutdown: masked(INT),
  frontends: list(record("a frontend", { kind: KIND, dev: STRING, plugged: BOOL, order: INT })),
  active: list(STRING),
  consoles: list(VM_CONSOLE),
  memory_target: INT64,
  memory_actual: INT64,
  memory_limit: INT64,
  vcpus: INT,
  shadow_multiplier: FLOAT,
  xsdata: kv(STRING),
  guestRam: OCTETS,
  nvram: masked(OCTETS),
  tpm: masked(OCTETS),
  qemu: masked(OCTETS),
  platformDevice: tuple(INT, INT),
  createdAtMs: FLOAT,
  plugCount: INT,
});

type DomRecord = TypeOf<typeof DOM_RECORD>;
/** A field that a domain gets must be one of its record, or this does not compile. */
undefined as unknown as Exclude<keyof Dom, keyof DomRecord> satisfies never;

export const STORAGE_RECORD = record("what is held of a disk", {
  vm: STRING,
  dev: STRING,
  backend: masked(STRING),
  mode: variant("a mode", { ReadWrite: null, ReadOnly: null }),
  attached: BOOL,
  activated: BOOL,
  epoch: BOOL,
});
undefined as unknown as Exclude<keyof Storage, keyof TypeOf<typeof STORAGE_RECORD>> satisfies never;

export function recordOfDom(dom: Dom): DomRecord {
  return { ...dom, frontends: [...dom.frontends.values()], active: [...dom.active] };
}

/** Makes the domain of a record again. */
export function restoreDom(hv: Hypervisor, { domid, ...saved }: DomRecord): void {
  hv.nextDomid = domid;
  const { frontends, active, marker, shutdown, ...plain } = saved;
  const dom = hv.create({ ...plain, marker });
  hv.set(dom, {
    ...plain,
    nvram: plain.nvram,
    tpm: plain.tpm,
    qemu: plain.qemu,
    shutdown: shutdown as Dom["shutdown"],
  });
  for (const frontend of frontends) {
    dom.frontends.set(`${frontend.kind}:${frontend.dev}`, { ...frontend });
  }
  for (const key of active) dom.active.add(key);
}

export function restoreStorage(hv: Hypervisor, saved: TypeOf<typeof STORAGE_RECORD>): void {
  hv.storage.set(`${saved.vm}/${saved.dev}`, { ...saved, backend: saved.backend });
}
