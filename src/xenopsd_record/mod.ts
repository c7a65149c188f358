/**
 * What xenopsd keeps of a VM that runs or is suspended, its upgrades from release to release, and
 * metadata on their way between hosts.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml. Pure: nothing here stores anything.
 *
 * @module
 */
export { demandBuildInfo } from "./build_info.ts";
export { domainConfigOf } from "./domain_config.ts";
export type { HostFeatures } from "./featureset.ts";
export { type Carried, exportMetadata, importMetadata } from "./metadata.ts";
export { generateStateString, newExtra } from "./new_extra.ts";
export { platformDeviceOf } from "./profile.ts";
export { upgradeInternalState } from "./upgrade.ts";
export { PERSISTENT, type Profile, VM_EXTRA, type VmExtra } from "./vm_extra.ts";
