/**
 * Keepalive configuration: the modes that the options of a release can decide on, and the flags of
 * a servicing request.
 *
 * Source: openhcl/underhill_core/src/options.rs (`KeepAliveConfig`).
 *
 * @module
 */
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
