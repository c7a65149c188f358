/**
 * Virtual network interfaces. Every field of `Vif.t` has a default, so that `{}` is one.
 *
 * Source: xen-api, `xenops_interface.ml`.
 *
 * @module
 */
import { BOOL, INT, INT64, STRING, type TypeOf } from "./codec.ts";
import { DEVICE_ID } from "./device_id.ts";
import { PCI_ADDRESS } from "./pci.ts";
import { defaulted, masked, optional, record } from "./record.ts";
import { boxed, kv, list, tuple } from "./shapes.ts";
import { variant } from "./variant.ts";

export const NETWORK = variant("a network", {
  Local: STRING,
  /** VM and its switch. */
  Remote: tuple(STRING, STRING),
  Sriov: PCI_ADDRESS,
});

export const LOCKING_MODE = variant("a locking mode", {
  Unlocked: null,
  Disabled: null,
  Locked: record("locked addresses", { ipv4: list(STRING), ipv6: list(STRING) }),
});

/** Addresses with the length of their prefix, and perhaps a gateway. */
const STATIC = tuple(list(STRING), boxed(STRING));

export const IPV4_CONFIGURATION = variant("an IPv4 configuration", {
  Unspecified4: null,
  Static4: STATIC,
  DHCP4: null,
});

export const IPV6_CONFIGURATION = variant("an IPv6 configuration", {
  Unspecified6: null,
  Static6: STATIC,
  Autoconf6: null,
});

const PVS_SERVER = record("a PVS server", {
  addresses: list(STRING),
  first_port: INT,
  last_port: INT,
});

/** Site, servers and interface. */
export const PVS_PROXY = tuple(STRING, list(PVS_SERVER), STRING);

export const VIF = record("a VIF", {
  id: defaulted(DEVICE_ID, ["", ""]),
  position: defaulted(INT, 0),
  mac: defaulted(STRING, "fe:ff:ff:ff:ff:ff"),
  carrier: defaulted(BOOL, true),
  mtu: defaulted(INT, 1500),
  rate: masked(tuple(INT64, INT64)),
  backend: defaulted(NETWORK, ["Local", "xenbr0"]),
  other_config: defaulted(kv(STRING), []),
  locking_mode: defaulted(LOCKING_MODE, "Unlocked"),
  extra_private_keys: defaulted(kv(STRING), []),
  ipv4_configuration: defaulted(IPV4_CONFIGURATION, "Unspecified4"),
  ipv6_configuration: defaulted(IPV6_CONFIGURATION, "Unspecified6"),
  pvs_proxy: masked(PVS_PROXY),
  vlan: masked(INT64),
  trunks: defaulted(list(INT64), []),
});
export type Vif = TypeOf<typeof VIF>;

export const VIF_STATE = record("the state of a VIF", {
  active: BOOL,
  plugged: BOOL,
  kthread_pid: INT,
  media_present: BOOL,
  device: optional(STRING),
  pvs_rules_active: BOOL,
});
export type VifState = TypeOf<typeof VIF_STATE>;
