/**
 * Keepalive configuration: what the options of a release make of the command line, and how the
 * flags of a servicing request gate it.
 *
 * Source: openhcl/underhill_core/src/options.rs (`KeepAliveConfig`, `parse_env_bool`) and
 * dispatch/mod.rs (`handle_servicing_inner`); facts/openhcl/semantics.md, Keepalive
 * configuration.
 *
 * @module
 */
import type { Log } from "../machine/mod.ts";

/** The four states of `KeepAliveConfig`. Releases before 1.7 only know the first and the last. */
export type KeepAliveConfig =
  | "EnabledHostAndPrivatePoolPresent"
  | "EnabledHostAndPrivatePoolNotPresent"
  | "DisabledHostAndPrivatePoolPresent"
  | "Disabled";

/** Keepalive of each device class. */
export interface KeepaliveModes {
  readonly nvme: KeepAliveConfig;
  readonly mana: KeepAliveConfig;
}

/** The capability flags of a servicing request: bits 0 and 1. */
export interface CapabilityFlags {
  readonly enableNvmeKeepalive: boolean;
  readonly enableManaKeepalive: boolean;
}

/** Reads one option; `value` is absent when the command line does not have it. */
export type KeepaliveParser = (value: string | undefined, log: Log) => KeepAliveConfig;

/** What a servicing request makes of the modes: those in force for it, and those that stay. */
export type Gating = (
  modes: KeepaliveModes,
  flags: CapabilityFlags,
) => { readonly inForce: KeepaliveModes; readonly kept: KeepaliveModes };

/** The only mode under which devices stay alive. */
export function isEnabled(mode: KeepAliveConfig): boolean {
  return mode === "EnabledHostAndPrivatePoolPresent";
}

const TEXT: Readonly<Record<KeepAliveConfig, string>> = {
  EnabledHostAndPrivatePoolPresent: "enabled",
  EnabledHostAndPrivatePoolNotPresent: "host,noprivatepool",
  DisabledHostAndPrivatePoolPresent: "nohost,privatepool",
  Disabled: "disabled",
};

/** `KeepAliveConfig::as_str`. */
export function asStr(mode: KeepAliveConfig): string {
  return TEXT[mode];
}

/** The release does not know the option. */
export const parseUnknownOption: KeepaliveParser = () => "Disabled";

/** `parse_env_bool`: `true` in any case or `1`; everything else is false. */
export const parseEnvBool: KeepaliveParser = (value) =>
  value !== undefined && (value.toLowerCase() === "true" || value === "1")
    ? "EnabledHostAndPrivatePoolPresent"
    : "Disabled";

/** The option as a string with the values of `table`; those not in it are logged and disable. */
export function parseTable(table: Readonly<Record<string, KeepAliveConfig>>): KeepaliveParser {
  return (value, log) => {
    if (value === undefined) return "Disabled";
    if (value.startsWith("disabled,")) return "Disabled";
    const mode = table[value];
    if (mode !== undefined) return mode;
    log.warn(`invalid keepalive configuration ${value}, keepalive is disabled`);
    return "Disabled";
  };
}

/** 2411: the flags are reserved bits. */
export const gateIgnored: Gating = (modes) => ({ inForce: modes, kept: modes });

/** 2505: `nvme_keep_alive && flag`, for this request only. */
export const gateLocal: Gating = (modes, flags) => ({ inForce: gated(modes, flags), kept: modes });

/** 1.7 and later: a clear flag overwrites the mode for good, even if this servicing fails. */
export const gateSticky: Gating = (modes, flags) => {
  const kept = gated(modes, flags);
  return { inForce: kept, kept };
};

function gated(modes: KeepaliveModes, flags: CapabilityFlags): KeepaliveModes {
  return {
    nvme: flags.enableNvmeKeepalive ? modes.nvme : "Disabled",
    mana: flags.enableManaKeepalive ? modes.mana : "Disabled",
  };
}
