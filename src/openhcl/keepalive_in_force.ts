/**
 * Which device classes stay alive when a hop is asked to save: what its options decide at boot,
 * gated by the flags of the request.
 *
 * Source: microsoft/openvmm, openhcl/underhill_core/src/dispatch/mod.rs (`handle_servicing_inner`)
 * and nvme_manager (`save_restore_supported`).
 *
 * @module
 */
import { Log } from "../machine/mod.ts";
import { environment } from "./command_line.ts";
import type { HopInputs } from "./host.ts";
import { type CapabilityFlags, isEnabled } from "./keepalive.ts";
import type { Release } from "./release.ts";

export type { CapabilityFlags } from "./keepalive.ts";

/** Whether NVMe and MANA devices stay alive over a save of `release` with `flags`. */
export function keepaliveInForce(
  release: Release,
  inputs: HopInputs,
  flags: CapabilityFlags,
): { readonly nvme: boolean; readonly mana: boolean } {
  const { hostKeepalive, vtl2Pool, explicit = "" } = inputs;
  const options = environment(release.shim({ hostKeepalive, vtl2Pool, explicit }));
  const log = new Log();
  const modes = {
    nvme: release.nvmeOption(options.get("OPENHCL_NVME_KEEP_ALIVE"), log),
    mana: release.manaOption(options.get("OPENHCL_MANA_KEEP_ALIVE"), log),
  };
  const { inForce } = release.gate(modes, flags);
  return {
    nvme: isEnabled(inForce.nvme) && vtl2Pool,
    mana: isEnabled(inForce.mana) && vtl2Pool,
  };
}
