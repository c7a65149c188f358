/**
 * How the domain of a VM is built, in KiB and words of its builder.
 *
 * Source: xen-api, ocaml/xenopsd/xc/domain.ml. A VM cannot be resumed without it.
 *
 * @module
 */
import { RpcDict, type RpcValue, type Vm, XenopsError } from "../xenops_interface/mod.ts";
import type { VmExtra } from "./vm_extra.ts";

const KIB = 1024n;

export function newBuildInfo(vm: Vm): RpcValue {
  return new RpcDict([
    ["has_hard_affinity", vm.scheduler_params.affinity.length > 0],
    ["priv", builderOf(vm)],
    ["vcpus", BigInt(vm.vcpus)],
    ["kernel", ""],
    ["memory_target", vm.memory_dynamic_min / KIB],
    ["memory_max", vm.memory_static_max / KIB],
  ]);
}

/** The one in the record, without which nothing is restored. */
export function demandBuildInfo(extra: VmExtra, vm: string): RpcValue {
  if (extra.build_info !== undefined) return extra.build_info;
  throw new XenopsError("Does_not_exist", ["build_info", vm]);
}

function builderOf({ ty }: Vm): RpcValue {
  if (ty[0] === "HVM") {
    const { shadow_multiplier, video_mib } = ty[1];
    const pairs: [string, RpcValue][] = [
      ["video_mib", BigInt(video_mib)],
      ["shadow_multiplier", shadow_multiplier],
    ];
    return ["BuildHVM", new RpcDict(pairs)];
  }
  const { boot } = ty[1];
  const [way] = boot;
  const cmdline = way === "Direct" ? boot[1].cmdline : boot[1].extra_args;
  const pv = new RpcDict([["cmdline", cmdline]]);
  return ty[0] === "PV" ? ["BuildPV", pv] : ["BuildPVH", pv];
}
