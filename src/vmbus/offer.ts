/**
 * Offers: channels as the host or a device describes them, and the keys that identify them.
 *
 * Source: vm/devices/vmbus/vmbus_channel/src/bus.rs (`OfferKey`), vmbus_core/src/protocol.rs
 * (`OfferChannel`).
 *
 * @module
 */
import type { Guid, OfferKey, VmbusClientOffer } from "../openhcl_state/mod.ts";
import { guidText } from "./guid.ts";

/** Octets of an offer that belong to its device. */
export const USER_DEFINED_LENGTH = 120;

const NO_USER_DATA = new Uint8Array(USER_DEFINED_LENGTH);

/** An offer of `channelId` without features of its own. */
export function offerOf(channelId: number, interfaceId: Guid, instanceId: Guid): VmbusClientOffer {
  return {
    interface_id: interfaceId,
    instance_id: instanceId,
    flags: 0,
    mmio_megabytes: 0,
    user_defined: NO_USER_DATA,
    subchannel_index: 0,
    mmio_megabytes_optional: 0,
    channel_id: channelId,
    monitor_id: 0,
    monitor_allocated: 0,
    is_dedicated: 1,
    connection_id: 0x2000 + channelId,
  };
}

/** The key of an offer. */
export function offerKey({ interface_id, instance_id, subchannel_index }: OfferKey): OfferKey {
  return { interface_id, instance_id, subchannel_index };
}

/** Texts of keys that have been asked for; keys are never changed. */
const texts = new WeakMap<OfferKey, string>();

/** A key as text, by which channels are found again. */
export function keyText(key: OfferKey): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const { interface_id, instance_id, subchannel_index } = key;
  const text = `{${guidText(interface_id)}}-{${guidText(instance_id)}}-${subchannel_index}`;
  texts.set(key, text);
  return text;
}
