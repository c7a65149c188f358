/**
 * The runtime record of a VM: what is known of it for as long as it runs or is suspended, and what
 * goes with it to another host.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml. How the domain was built and configured
 * is carried, and not looked into.
 *
 * @module
 */
import {
  BOOL,
  BUILDER_INFO,
  type Codec,
  DEVICE_ID,
  defaulted,
  FLOAT,
  INT,
  INT64,
  kv,
  list,
  optional,
  RPC,
  RpcDict,
  record,
  STRING,
  type TypeOf,
  tuple,
  variant,
} from "../xenops_interface/mod.ts";

/** The release that started the VM, which no upgrade changes. */
export const PRE_LIMA = 0;
export const LIMA = 1;
export const NAPLES = 2;

const PROFILE = variant("a profile", {
  Qemu_trad: null,
  Qemu_none: null,
  Qemu_upstream_compat: null,
  Qemu_upstream: null,
  Qemu_upstream_uefi: null,
});
export type Profile = TypeOf<typeof PROFILE>;

/** Devices that QEMU has besides the guest's own front ends; each with its place and its disk. */
const FRONTENDS = list(tuple(DEVICE_ID, tuple(INT, RPC)));

/** As `domains` of exported metadata has it, in JSON text. */
export const PERSISTENT = record("a runtime record", {
  version: defaulted(INT, PRE_LIMA),
  build_info: optional(RPC),
  ty: optional(BUILDER_INFO),
  last_start_time: defaulted(FLOAT, 0),
  domain_config: optional(RPC),
  nomigrate: defaulted(BOOL, false),
  nested_virt: defaulted(BOOL, false),
  profile: optional(PROFILE),
  original_profile: optional(PROFILE),
  suspend_memory_bytes: defaulted(INT64, 0n),
  qemu_vbds: defaulted(FRONTENDS, []),
  qemu_vifs: defaulted(FRONTENDS, []),
  pci_msitranslate: defaulted(BOOL, false),
  pci_power_mgmt: defaulted(BOOL, false),
  pv_drivers_detected: defaulted(BOOL, false),
  /** Device id and revision of the PV platform device. */
  xen_platform: optional(tuple(INT, INT)),
  platformdata: defaulted(kv(STRING), []),
});
export type VmExtra = TypeOf<typeof PERSISTENT>;

const FILE = record("an extra", { persistent: PERSISTENT });

/** As the database has it. Files of before 2018 have a part `non_persistent`, which is lost. */
export const VM_EXTRA: Codec<VmExtra> = {
  name: FILE.name,
  encode: (persistent) => new RpcDict([["persistent", PERSISTENT.encode(persistent)]]),
  decode: (rpc) => FILE.decode(rpc).persistent,
};

/** A record with nothing but defaults. */
export const EMPTY: VmExtra = PERSISTENT.decode(new RpcDict([]));
