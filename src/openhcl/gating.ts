/**
 * Gating: how the flags of a servicing request limit what the options have decided.
 *
 * Source: openhcl/underhill_core/src/dispatch/mod.rs (`handle_servicing_inner`).
 *
 * @module
 */
import type { CapabilityFlags, KeepaliveModes } from "./keepalive.ts";

/** What a servicing request makes of the modes: those in force for it, and those that stay. */
export type Gating = (
  modes: KeepaliveModes,
  flags: CapabilityFlags,
) => { readonly inForce: KeepaliveModes; readonly kept: KeepaliveModes };

/** 2411: the flags are reserved bits. */
export const gateIgnored: Gating = (modes) => ({ inForce: modes, kept: modes });

/** 2505: `nvme_keep_alive && flag`, for this request only. */
export const gateLocal: Gating = (modes, flags) => ({ inForce: gated(modes, flags), kept: modes });

/** 1.7 and later: a clear flag overwrites the mode for good, even if this servicing fails. */
export const gateSticky: Gating = (modes, flags) => {
  const kept = gated(modes, flags);
  return { inForce: kept, kept };
};

/**
 * What was before any release (PRs 464, 487): the flags say which devices are not to be kept
 * alive, so that a host which knows of none keeps all.
 */
export const gateInverted: Gating = (modes, flags) => {
  const inForce = gated(modes, {
    enableNvmeKeepalive: !flags.enableNvmeKeepalive,
    enableManaKeepalive: !flags.enableManaKeepalive,
  });
  return { inForce, kept: inForce };
};

function gated(modes: KeepaliveModes, flags: CapabilityFlags): KeepaliveModes {
  return {
    nvme: flags.enableNvmeKeepalive ? modes.nvme : "Disabled",
    mana: flags.enableManaKeepalive ? modes.mana : "Disabled",
  };
}
