/**
 * VMBus at the level of saved state: client, relay and server.
 *
 * @module
 */
export { type ClientRules, type HostSide, VmbusClient } from "./client.ts";
export { guid, guidText } from "./guid.ts";
export { keyText, offerKey, offerOf } from "./offer.ts";
export { FEATURE, VERSION } from "./protocol.ts";
export { VmbusRelay } from "./relay.ts";
export { VmbusServer } from "./server.ts";
export type { ServerRules } from "./server_rules.ts";
