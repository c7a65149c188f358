/**
 * Metadata of a VM on their way to another host: exported as JSON text, and what an import makes
 * of such text. Nothing is stored here, so what is refused has changed nothing.
 *
 * Source: xen-api, ocaml/xapi-idl/xen/xenops_interface.ml (Metadata);
 * ocaml/xenopsd/xc/xenops_server_xen.ml. Devices get the id of the VM that they come with. Keys
 * that are not known are passed over, and lists that are absent are empty, so that metadata of
 * older and newer hosts are read.
 *
 * @module
 */
import {
  type Codec,
  JsonError,
  METADATA,
  type Metadata,
  RpcDecodeError,
  readJson,
  upgradeLinuxDevice,
  upgradePciInfo,
  writeJson,
  XenopsError,
} from "../xenops_interface/mod.ts";
import { featuresFor, type HostFeatures, withFeatures } from "./featureset.ts";
import { upgradeInternalState } from "./upgrade.ts";
import { PERSISTENT, type VmExtra } from "./vm_extra.ts";

/** A VM with its devices, and with its runtime record when it runs or is suspended. */
export interface Carried extends Omit<Metadata, "domains"> {
  readonly extra?: VmExtra | undefined;
}

export function exportMetadata({ extra, ...objects }: Carried): string {
  const domains = extra === undefined ? undefined : writeJson(PERSISTENT.encode(extra));
  return writeJson(METADATA.encode({ ...objects, domains }));
}

/** What is to be stored of metadata that come to `host`; all of it, or an error. */
export function importMetadata(text: string, host: HostFeatures): Carried {
  const { domains, ...given } = read(text, METADATA);
  const platformdata = withFeatures(given.vm.platformdata, featuresFor(given.vm, host));
  const vm = { ...given.vm, platformdata };
  const owned = <T extends { readonly id: readonly [string, string] }>(devices: readonly T[]) =>
    devices.map((device): T => ({ ...device, id: [vm.id, device.id[1]] }));
  const extra =
    domains === undefined ? undefined : upgradeInternalState(read(domains, PERSISTENT), vm, host);
  return {
    vm,
    vbds: owned(given.vbds).map((vbd) => ({
      ...vbd,
      id: [vm.id, upgradeLinuxDevice(vbd.id[1])] as const,
    })),
    vifs: owned(given.vifs),
    pcis: owned(given.pcis),
    vgpus: owned(given.vgpus).map(upgradePciInfo),
    vusbs: owned(given.vusbs),
    ...(extra === undefined ? {} : { extra }),
  };
}

function read<T>(text: string, codec: Codec<T>): T {
  try {
    return codec.decode(readJson(text));
  } catch (error) {
    if (!(error instanceof RpcDecodeError || error instanceof JsonError)) throw error;
    throw new XenopsError("Internal_error", `Failed to unmarshal ${codec.name}: ${error.message}`);
  }
}
