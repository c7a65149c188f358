/**
 * The models that can be daemons. Each is loaded when it is asked for: what follows another one in
 * a live update must not wait for the others.
 *
 * @module
 */
import type { Daemons } from "./cli/daemon.ts";

export const DAEMONS: Daemons = {
  xenstore: () => import("./adapters/xenstore/mod.ts").then(({ xenstore }) => xenstore),
  xenopsd: () => import("./adapters/xenopsd/mod.ts").then(({ xenopsd }) => xenopsd),
  "message-switch": () =>
    import("./adapters/xenopsd/mod.ts").then(({ messageSwitch }) => messageSwitch),
};
