/**
 * VMs for unit tests: a host with usual hardware, a request with every flag set, and one hop.
 *
 * @module
 */
import { type HopInputs, Host } from "./host.ts";
import { boot, type Openhcl, restore } from "./openhcl.ts";
import { releaseNamed } from "./releases.ts";
import type { GuestSaveRequest } from "./servicing_save.ts";
import type { VmProperties } from "./vm_properties.ts";

export const CORRELATION_ID = "8a3f5c1e-7b2d-4f60-9c1a-0d2e4f6a8b1c";

export const REQUEST: GuestSaveRequest = {
  correlationId: CORRELATION_ID,
  timeoutHintUs: 60_000_000,
  capabilitiesFlags: { enableNvmeKeepalive: true, enableManaKeepalive: true },
};

/** Inputs of the three configurations that are tested: `host,privatepool` and its sisters. */
export function inputsOf(configuration: string): HopInputs {
  const [host, pool] = configuration.split(",");
  return {
    hostKeepalive: host === "host",
    vtl2Pool: pool === "privatepool",
    explicit: `OPENHCL_MANA_KEEP_ALIVE=${configuration}`,
  };
}

export const KEPT = inputsOf("host,privatepool");

export function hostWith(vm: Partial<VmProperties> = {}): Host {
  const usual: VmProperties = {
    devices: "none",
    lifetime: "Default",
    isolated: false,
    shortensVariable: false,
    seed: 1,
  };
  return new Host({ ...usual, ...vm });
}

/** Boots `writer`, saves it, restores `reader` on the same host, and lets the guest go on. */
export function service(
  host: Host,
  [writer, reader]: readonly [string, string],
  request: GuestSaveRequest = REQUEST,
  inputs: readonly [HopInputs, HopInputs] = [KEPT, KEPT],
): Openhcl {
  const bytes = boot(releaseNamed(writer), host, inputs[0]).save(request);
  const openhcl = restore(releaseNamed(reader), host, inputs[1], bytes);
  openhcl.goOn();
  return openhcl;
}
