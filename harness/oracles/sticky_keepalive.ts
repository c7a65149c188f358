/**
 * A request that does not ask for keepalive may disable it for good, even though its servicing
 * fails: by the table of the writer's release.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Servicing } from "../facets/servicing.ts";
import type { Oracle } from "../oracle.ts";
import { KEEPALIVE_MODES, rowOf } from "./tables.ts";

const DEVICES = ["nvme", "mana"] as const;

/** The writer, to be asked again when its save has failed, and its modes before. */
interface Seen {
  readonly servicing: Servicing | undefined;
  readonly modes: readonly (string | undefined)[];
}

export const stickyKeepalive: Oracle<Seen> = {
  name: "sticky-keepalive",
  must: "After a servicing that failed, keepalive is disabled exactly where the table says so",
  source: "fixtures/openhcl/keepalive_modes.json, sticky",
  needs: ["servicing"],
  before: ({ servicing }) => ({
    servicing,
    modes: DEVICES.map((device) => servicing?.keepaliveMode(device)),
  }),
  judge({ settings, save, writer }, seen) {
    if (save.kind !== "refused") return;
    const { fault, request = "none" } = settings;
    const { sticky } = rowOf(KEEPALIVE_MODES.sticky, `sticky on ${writer.release}`, (row) =>
      row.releases.includes(writer.release),
    );
    const asked = request.split("+");
    DEVICES.forEach((device, index) => {
      const disables = sticky && fault !== "machine:isolated:save" && !asked.includes(device);
      const expected = disables ? "disabled" : seen.modes[index];
      const is = seen.servicing?.keepaliveMode(device);
      check(is === expected, `${device} is ${is} after the failure, table says ${expected}`);
    });
  },
};
