/**
 * Offers: channels as the host or a device describes them, and the keys that identify them.
 *
 * Source: vm/devices/vmbus/vmbus_channel/src/bus.rs (`OfferKey`), vmbus_core/src/protocol.rs
 * (`OfferChannel`), vmbus_server/src/channels.rs (`OfferParamsInternal`).
 *
 * @module
 */
import type { Guid, OfferKey, VmbusClientOffer } from "../openhcl_state/mod.ts";
import { guidText, sameGuid } from "./guid.ts";
import { USER_DATA_LENGTH } from "./layout.ts";

const NO_USER_DATA = new Uint8Array(USER_DATA_LENGTH);

/** What a device says of a channel when it offers it; the server adds the ids. */
export interface OfferParams {
  readonly key: OfferKey;
  readonly flags: number;
  readonly mmioMegabytes: number;
  readonly mmioMegabytesOptional: number;
  /** As the device wants the guest to see it. */
  readonly userDefined: Uint8Array;
  /** Place among the channels of the same interface; null for the last ones. */
  readonly order: number | null;
  /**
   * Monitored notifications: `own` for an id of this server, a number for the id that the host has
   * chosen, null for none.
   */
  readonly monitorId: "own" | number | null;
}

/** Offer flags that are for guests with confidential channels only. */
export const CONFIDENTIAL_FLAGS = 0x0002 | 0x0004;

/** The offer of a device without features of its own. */
export function offerParams(interface_id: Guid, instance_id: Guid): OfferParams {
  return {
    key: { interface_id, instance_id, subchannel_index: 0 },
    flags: 0,
    mmioMegabytes: 0,
    mmioMegabytesOptional: 0,
    userDefined: NO_USER_DATA,
    order: null,
    monitorId: null,
  };
}

/** An offer of `channelId` as a client has received it, without features of its own. */
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

/** Whether two keys are of the same channel. */
export function sameKey(left: OfferKey, right: OfferKey): boolean {
  return (
    left === right ||
    (left.subchannel_index === right.subchannel_index &&
      sameGuid(left.instance_id, right.instance_id) &&
      sameGuid(left.interface_id, right.interface_id))
  );
}

/** Texts of keys that have been asked for; keys are never changed. */
const texts = new WeakMap<OfferKey, string>();

/** A key as upstream shows it. */
export function keyText(key: OfferKey): string {
  const known = texts.get(key);
  if (known !== undefined) return known;
  const { interface_id, instance_id, subchannel_index } = key;
  const text = `{${guidText(interface_id)}}-{${guidText(instance_id)}}-${subchannel_index}`;
  texts.set(key, text);
  return text;
}
