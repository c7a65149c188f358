/**
 * The implementations there are: of each its adapter, its matrix, and the suites, oracles and
 * expectations that judge it. Each is loaded when it is asked for, as most commands want one.
 *
 * @module
 */
import type { Implementations } from "../cli/product.ts";

export const IMPLEMENTATIONS: Implementations = {
  openhcl: () => import("./openhcl.ts").then(({ openhcl }) => openhcl),
  xenstored: () => import("./xenstored.ts").then(({ xenstored }) => xenstored),
  qemu: () => import("./qemu.ts").then(({ qemu }) => qemu),
  "qemu-model": () => import("./qemu_model.ts").then(({ qemuModel }) => qemuModel),
  xenopsd: () => import("./xenopsd.ts").then(({ xenopsd }) => xenopsd),
};

/** Those that have a machine which can be saved and restored for ever. */
export const SOAKED: readonly string[] = ["xenstored"];
