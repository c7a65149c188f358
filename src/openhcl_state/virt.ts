/**
 * The part of package `virt.x86` that a processor's state embeds, from vmm_core/virt.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { array, octets, vec } from "../schema/type.ts";

/** Messages not yet delivered, for each of the 16 SINTs. */
export const SynicMessageQueues = message(
  "virt.x86.SynicMessageQueues",
  "vmm_core/virt/src/x86/vp.rs",
  [field(1, "queues", array(vec(octets(256)), 16))],
);
export type SynicMessageQueues = Shape<typeof SynicMessageQueues>;
