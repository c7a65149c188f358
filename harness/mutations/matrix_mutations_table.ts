/**
 * Mutations of what belongs to one save and what belongs to a whole path: in the adapter, and in
 * the harness itself.
 *
 * @module
 */
import type { Mutation } from "./mutation.ts";

const THREE_HOPS = "openhcl@main[host,privatepool]>main[host,privatepool]>main[host,privatepool] ";

export const MATRIX_MUTATIONS: readonly Mutation[] = [
  {
    name: "first-request-is-asked-again",
    file: "harness/adapters/openhcl/adapter.ts",
    find: "capabilitiesFlags: flagsOf(settings) };",
    replace:
      "capabilitiesFlags: flagsOf({ ...settings, " +
      'request: (this.#settings.request ?? "").split(">")[0] }) };',
    scenario: "oracle/keepalive-decision",
    condition: `${THREE_HOPS}devices=nvme request=none>nvme`,
  },
  {
    name: "breaks-are-foreseen-by-the-first-request",
    file: "harness/factors.ts",
    find: "...settingsAt(settings, edge, axes),",
    replace: "...settingsAt(settings, 0, axes),",
    scenario: "servicing-basic/guest/comes-back-running",
    condition: `${THREE_HOPS}devices=nvme+mana request=nvme+mana>nvme`,
  },
  {
    name: "faults-are-looked-for-on-later-edges",
    file: "harness/jury.ts",
    find: "if (this.#verdicts[seat] !== undefined || (edge > 0 && onlyFirst)) continue;",
    replace: "if (this.#verdicts[seat] !== undefined) continue;",
    scenario: "save-failures/flush-failure/is-reported-after-restart",
    condition: `${THREE_HOPS}devices=none request=none fault=logs:late:save`,
  },
  {
    name: "later-hops-are-blamed-on-the-fault",
    file: "harness/jury.ts",
    find: "if (edge > 0 && onlyFirst) continue;",
    replace: "",
    scenario: "timeouts/unset-hint/leaves-time-to-save",
    condition: `${THREE_HOPS}devices=nvme+mana request=none>nvme fault=host:no-timeout:save`,
  },
  {
    name: "a-disconnected-client-is-one-on-the-first-edge-only",
    file: "harness/oracles/normal_form.ts",
    find: "return unread ? first : settings;",
    replace: "return unread ? settings : settings;",
    scenario: "oracle/normal-form",
    condition:
      "openhcl@2411[nohost,privatepool]>2411[nohost,privatepool]>main[nohost,privatepool] " +
      "devices=relay request=none point=client:none",
  },
  {
    name: "features-are-those-of-the-first-boot",
    file: "harness/oracles/foretold.ts",
    find: "if (settings.point !== DISCONNECTED) return boot;",
    replace: "if (settings.point !== undefined) return boot;",
    scenario: "oracle/keepalive-mismatch",
    condition:
      "openhcl@2411[nohost,privatepool]>2505[nohost,privatepool]>2411[nohost,privatepool] " +
      "devices=relay request=none protocol=host-pausing point=client:none",
  },
  {
    name: "who-loses-an-answer-is-found-at-the-end",
    file: "harness/oracles/guest_takes_leave.ts",
    find: "if (machine !== undefined && wants(condition.settings)) checkStep(machine);",
    replace: "",
    scenario: "oracle/guest-takes-leave",
    condition:
      "openhcl@2411[nohost,privatepool]>2505[nohost,privatepool]>main[nohost,privatepool] " +
      "devices=nvme request=none point=offers:sent",
  },
  {
    name: "channels-are-compared-in-the-order-of-their-offers",
    file: "harness/oracles/saved_differences.ts",
    find: '  channels: [["channel_id"], ["id"]],\n',
    replace: "",
    scenario: "oracle/normal-form",
    condition:
      "openhcl@2505[nohost,privatepool]>1.7.2511[nohost,privatepool]>main[nohost,privatepool] " +
      "devices=relay request=none point=rescind:undone",
  },
];
