/**
 * The leaves that change a running domain.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml and xenops_server_simulator.ml.
 *
 * @module
 */
import { XenopsError } from "../xenops_interface/mod.ts";
import { needBuilt, needDom } from "./need_domain.ts";
import type { Site } from "./site.ts";
import { powerState } from "./vm_state.ts";

/** Whatever is not paused stays as it is, and that is no error. */
export function unpause({ engine }: Site, vm: string): undefined {
  if (powerState(engine, vm) !== "Paused" && !engine.rebooting.has(vm)) return;
  engine.world.hv.set(needBuilt(engine, vm), { paused: false });
}

export function setShadow({ engine }: Site, vm: string, shadow_multiplier: number): undefined {
  engine.world.hv.set(needBuilt(engine, vm), { shadow_multiplier });
}

/** The balloon goes where the range allows. */
export function setMemoryRange(
  { engine }: Site,
  vm: string,
  minimum: bigint,
  maximum: bigint,
): undefined {
  const dom = needDom(engine, vm);
  if (minimum > maximum || maximum > dom.memory_limit) {
    const reason = `Cannot set range of memory as it must be within ${dom.memory_limit}`;
    throw new XenopsError("Internal_error", `${reason}: current value is ${minimum} to ${maximum}`);
  }
  engine.world.hv.set(dom, { memory_target: maximum, memory_actual: maximum });
}

export function pause({ engine }: Site, vm: string): undefined {
  engine.world.hv.set(needBuilt(engine, vm), { paused: true });
}

export function setVcpus({ engine }: Site, vm: string, vcpus: number): undefined {
  const dom = needBuilt(engine, vm);
  const { vcpu_max } = engine.db.vm(vm);
  if (vcpus < 1 || vcpus > vcpu_max) throw new XenopsError("Invalid_vcpus", BigInt(vcpu_max));
  engine.world.hv.set(dom, { vcpus });
}
