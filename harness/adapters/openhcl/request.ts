/**
 * What the host asks for when it services a machine.
 *
 * @module
 */
import type { CapabilityFlags } from "../../../src/openhcl/mod.ts";
import { faultOf, oneOf, type Settings } from "./settings.ts";

/** Timeout hint of an ordinary request, and the one that stands for no timeout. */
const TIMEOUT_HINT_US = 60_000_000;
const TIMEOUT_HINT_UNSET_US = 65_535_000_000;

/** The capability flags of the host's request. */
export function flagsOf({ request = "none" }: Settings): CapabilityFlags {
  const classes = oneOf("request", request, ["none", "nvme", "mana", "nvme+mana"]).split("+");
  return {
    enableNvmeKeepalive: classes.includes("nvme"),
    enableManaKeepalive: classes.includes("mana"),
  };
}

/** The timeout hint of the host's request. */
export function timeoutHintOf(settings: Settings): number {
  return faultOf(settings) === "host:no-timeout:save" ? TIMEOUT_HINT_UNSET_US : TIMEOUT_HINT_US;
}
