/**
 * Options of keepalive: what a release makes of their text on the command line.
 *
 * Source: openhcl/underhill_core/src/options.rs (`parse_env_bool`, `KeepAliveConfig`).
 *
 * @module
 */
import type { Log } from "../machine/mod.ts";
import type { KeepAliveConfig } from "./keepalive.ts";

/** Reads one option; `value` is absent when the command line does not have it. */
export type KeepaliveParser = (value: string | undefined, log: Log) => KeepAliveConfig;

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
