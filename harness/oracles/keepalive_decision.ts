/**
 * Each hop decides on keepalive as its release's table says, and a save writes the fields that
 * the decision and the request call for.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Servicing } from "../facets/servicing.ts";
import type { Edge, Oracle } from "../oracle.ts";
import type { Hop } from "../path.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { neverBoots } from "./foretold.ts";
import { type DeviceClass, gateOf, modeOf } from "./mode.ts";
import { faultOn } from "./rows_of_edge.ts";
import { KEEPALIVE_MODES, rowOf } from "./tables.ts";

/** What the writer says before the save. */
interface Modes {
  readonly nvme: string | undefined;
  readonly mana: string | undefined;
}

export const keepaliveDecision: Oracle<Modes> = {
  name: "keepalive-decision",
  must: "Keepalive is decided from host, pool and request as the release's table says",
  source: "fixtures/openhcl/keepalive_modes.json",
  needs: ["servicing"],
  before: ({ servicing }) => modesOf(servicing),
  judge(edge, seen) {
    // A machine that never booted has decided nothing.
    if (neverBoots(edge)) return;
    checkModes(edge.writer, edge.settings, seen);
    if (edge.machine) checkModes(edge.reader, edge.settings, modesOf(edge.machine.servicing));
    const state = decoded(edge);
    if (state !== undefined) checkSaved(edge, state);
  },
};

function modesOf(servicing: Servicing | undefined): Modes {
  return { nvme: servicing?.keepaliveMode("nvme"), mana: servicing?.keepaliveMode("mana") };
}

function checkModes(hop: Hop, settings: Edge["settings"], modes: Modes): void {
  for (const device of ["nvme", "mana"] satisfies DeviceClass[]) {
    const expected = modeOf(hop, device, settings);
    const { host, pool } = hop.inputs;
    check(
      modes[device] === expected,
      `${device} on ${hop.release}[${host},${pool}] is ${modes[device]}, table says ${expected}`,
    );
  }
}

function checkSaved(edge: Edge, { init }: Decoded): void {
  const { settings, writer } = edge;
  const gates = {
    nvme: gateOf(writer, "nvme", settings),
    mana: gateOf(writer, "mana", settings),
  };
  const { nvmeState, dmaState } = rowOf(
    KEEPALIVE_MODES.saves,
    `what ${writer.release} saves`,
    ({ releases, nvme, mana }) =>
      releases.includes(writer.release) && nvme.includes(gates.nvme) && mana.includes(gates.mana),
  );
  checkField("dma_manager_state", Boolean(init.dma_manager_state), dmaState);
  // Without a controller there may be no manager to ask, and a failed save of one stays silent.
  if (!settings.devices?.startsWith("nvme")) return;
  const lost = faultOn(edge)?.nvmeState === "lost";
  checkField("nvme_state", Boolean(init.nvme_state), nvmeState && !lost);
}

function checkField(name: string, saved: boolean, expected: boolean): void {
  check(saved === expected, `${name} is ${saved ? "" : "not "}saved, table says otherwise`);
}
