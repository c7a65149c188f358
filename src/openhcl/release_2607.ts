/**
 * OpenHCL 1.8.2607: keeps adapter indices and hibernation tokens, and tells a host that offers
 * keepalive without a pool from one that does not. Source: microsoft/openvmm, release/1.8.2607 at
 * c06eda8a.
 *
 * @module
 */
import { RELEASE_2607 as NVME } from "../nvme_driver/mod.ts";
import { parseTable } from "./keepalive_option.ts";
import { numberTogether } from "./network_adapter.ts";
import { splitLayout } from "./relay_unit.ts";
import type { Release } from "./release.ts";
import { RELEASE_2511 } from "./release_2511.ts";

const NAME = "1.8.2607";

/** The strings of `OPENHCL_NVME_KEEP_ALIVE` and `OPENHCL_MANA_KEEP_ALIVE`. */
const parseKeepalive = parseTable({
  "host,privatepool": "EnabledHostAndPrivatePoolPresent",
  enabled: "EnabledHostAndPrivatePoolPresent",
  "host,noprivatepool": "EnabledHostAndPrivatePoolNotPresent",
  "nohost,privatepool": "DisabledHostAndPrivatePoolPresent",
  "nohost,noprivatepool": "Disabled",
  disabled: "Disabled",
});

export const RELEASE_2607: Release = {
  ...RELEASE_2511,
  name: NAME,
  nvmeOption: parseKeepalive,
  manaOption: parseKeepalive,
  nvme: NVME,
  adapterNumbers: numberTogether,
  relay: splitLayout(NAME),
  vmbusServer: { ...RELEASE_2511.vmbusServer, flagsNeedCopper: true },
  takesHibernateToken: true,
  settings: [...RELEASE_2511.settings, "hibernate.token", "net.advertised_vf_serial_number"],
};
