/**
 * Daemons of XenStore, and the model of them that is one, too.
 *
 * @module
 */
import { KNOWN } from "../../suites/known/xenstored.ts";
import { KNOWN_GROWTHS } from "../../suites/known/xenstored_growth.ts";
import { XENSTORE_SUITES } from "../../suites/mod.ts";
import { xenstoreSoak } from "../../suites/xenstore_soak.ts";
import { xenstore } from "../adapters/xenstore/mod.ts";
import { leavesBehind } from "../adapters/xenstored/left_behind.ts";
import { xenstoredAdapter } from "../adapters/xenstored/mod.ts";
import { xenstoredSpace } from "../adapters/xenstored/space.ts";
import type { Implementation } from "../cli/product.ts";
import { packed } from "../packed.ts";

export const xenstored: Implementation = {
  adapter: xenstoredAdapter({ ...xenstore, command: packed(xenstore.command) }),
  space: xenstoredSpace,
  suites: XENSTORE_SUITES,
  oracles: [],
  expectations: KNOWN,
  soak: { scenario: xenstoreSoak, growths: KNOWN_GROWTHS },
  codec: "xenstore-stream",
  recordings: {},
  leavesBehind,
  // Nothing in a stream tells one update from another.
  correlationIdOf: () => undefined,
};
