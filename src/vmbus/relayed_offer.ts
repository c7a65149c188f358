/**
 * How a relay offers a channel of the host to its guest.
 *
 * Source: vm/devices/vmbus/vmbus_relay/src/lib.rs.
 *
 * @module
 */
import type { VmbusClientOffer } from "../openhcl_state/mod.ts";
import { CONFIDENTIAL_FLAGS, type OfferParams } from "./offer.ts";

/** The guest is offered what the host offers, under ids of the server's own. */
export function relayedOffer(offer: VmbusClientOffer): OfferParams {
  const { interface_id, instance_id, subchannel_index } = offer;
  return {
    key: { interface_id, instance_id, subchannel_index },
    flags: offer.flags & ~CONFIDENTIAL_FLAGS,
    mmioMegabytes: offer.mmio_megabytes,
    mmioMegabytesOptional: offer.mmio_megabytes_optional,
    userDefined: offer.user_defined,
    order: offer.channel_id,
    monitorId: offer.monitor_allocated === 0 ? null : offer.monitor_id,
  };
}
