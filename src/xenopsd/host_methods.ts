/**
 * The methods of the host.
 *
 * Source: xen-api, ocaml/xapi-idl/xen/xenops_interface.ml. Sets of features are words of 32 bits in
 * hexadecimal, joined by hyphens.
 *
 * @module
 */
import { type MethodName, XenopsError } from "../xenops_interface/mod.ts";
import type { Handlers } from "./handler.ts";
import { HOST_STAT } from "./host_stat.ts";

type HostMethod = Extract<MethodName, `HOST.${string}`>;

const POOL_SIZE_MAX = 1024;
const TOTAL_MEMORY_MIB = 65_536n;
export const HOST_METHODS: Handlers<HostMethod> = {
  "HOST.stat": () => HOST_STAT,
  "HOST.get_console_data": () => "",
  "HOST.get_total_memory_mib": () => TOTAL_MEMORY_MIB,
  "HOST.send_debug_keys": () => null,
  "HOST.set_worker_pool_size": ({ workers }, { pool_size }) => {
    if (pool_size < 1 || pool_size > POOL_SIZE_MAX) {
      const reason = `Cannot set pool size as it must be from 1 to ${POOL_SIZE_MAX}`;
      throw new XenopsError("Internal_error", `${reason}: current value is ${pool_size}`);
    }
    workers.setSize(pool_size);
    return null;
  },
  "HOST.update_guest_agent_features": () => null,
  "HOST.combine_cpu_policies": (_, { policy1, policy2 }) => {
    const [a, b] = [words(policy1), words(policy2)];
    const shared = a.slice(0, b.length).map((word, index) => word & (b[index] ?? 0n));
    return shared.map((word) => word.toString(16).padStart(8, "0")).join("-");
  },
  "HOST.is_compatible": (_, { vm_policy, host_policy }) => {
    const host = words(host_policy);
    return words(vm_policy).every((word, index) => (word & ~(host[index] ?? 0n)) === 0n);
  },
  "HOST.set_numa_affinity_policy": () => null,
};

function words(policy: string): bigint[] {
  if (policy === "") return [];
  return policy.split("-").map((word) => {
    if (/^[0-9a-f]{1,8}$/i.test(word)) return BigInt(`0x${word}`);
    const reason = "Cannot read features as they must be hexadecimal words";
    throw new XenopsError("Internal_error", `${reason}: current value is ${word.slice(0, 40)}`);
  });
}
