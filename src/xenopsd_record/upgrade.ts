/**
 * What a xenopsd makes of the runtime record of a VM that another one has started: at import, and
 * for each VM when it starts itself. It may be done again with no further effect.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml. The version stays what it is.
 *
 * @module
 */
import type { Vm } from "../xenops_interface/mod.ts";
import { featuresFor, type HostFeatures, withExtendedFeatures, withValue } from "./featureset.ts";
import { needsQemu, revised } from "./profile.ts";
import type { VmExtra } from "./vm_extra.ts";

export function upgradeInternalState(extra: VmExtra, vm: Vm, host: HostFeatures): VmExtra {
  // Without a profile it was started when there was only one.
  const profile = extra.profile ?? (needsQemu(vm) ? "Qemu_trad" : undefined);
  return {
    ...extra,
    ty: withTimeOffset(extra.ty, vm),
    profile: revised(profile),
    original_profile: extra.original_profile ?? profile,
    platformdata: platformDataOf(extra, vm, host),
  };
}

/** The offset of an HVM guest's clock is what its configuration says, not what its boot said. */
function withTimeOffset(ty: VmExtra["ty"], vm: Vm): VmExtra["ty"] {
  if (vm.ty[0] !== "HVM" || ty?.[0] !== "HVM") return ty;
  return ["HVM", { ...ty[1], timeoffset: vm.ty[1].timeoffset }];
}

function platformDataOf(extra: VmExtra, vm: Vm, host: HostFeatures): VmExtra["platformdata"] {
  const given = extra.platformdata.length === 0 ? vm.platformdata : extra.platformdata;
  const pairs = withExtendedFeatures(given, featuresFor(vm, host));
  const { generation_id } = vm;
  return generation_id === undefined ? pairs : withValue(pairs, "generation-id", generation_id);
}
