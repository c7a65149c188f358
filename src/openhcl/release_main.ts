/**
 * OpenHCL main. Source: microsoft/openvmm, main at 1488a37b.
 *
 * Real defects that it has: with NVMe and MANA keepalive on at boot and one of them off in the
 * request, the state of the pool holds allocations that nobody takes over (PRs 3086, 4458, 4474);
 * a MANA NIC that cannot be restored is not created anew (2427); after a failed save only the
 * VMBus client is resumed (BUGBUG in dispatch/mod.rs).
 *
 * @module
 */
import { RELEASE_MAIN as NVME } from "../nvme_driver/mod.ts";
import { splitLayout } from "./relay_unit.ts";
import type { Release } from "./release.ts";
import { RELEASE_2607 } from "./release_2607.ts";

const NAME = "main";

export const RELEASE_MAIN: Release = {
  ...RELEASE_2607,
  name: NAME,
  nvme: NVME,
  relay: splitLayout(NAME),
  vmbusServer: { ...RELEASE_2607.vmbusServer, gpadlsForRevokedChannels: true },
};
