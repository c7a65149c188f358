/**
 * What the tables foretell of an edge: how its save and its restore end, and which table decides.
 * Steps are asked in the order in which a servicing boot takes them, so that an early failure
 * hides a later one.
 *
 * Source: the tables in fixtures/openhcl; for the order microsoft/openvmm,
 * openhcl/underhill_core/src/dispatch/mod.rs (`save`) and worker.rs (`new_underhill_vm`).
 *
 * @module
 */
import type { Edge, Outcome } from "../oracle.ts";
import type { Hop } from "../path.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { keptIn } from "./kept.ts";
import { placeRow } from "./place_row.ts";
import { crossingRow, deviceRow, faultOn, lifetimeRow, poolRow } from "./rows_of_edge.ts";
import { LIFETIME, RELAY, type RelayFeaturesRow, rowOf } from "./tables.ts";

export type Decider =
  | "memory"
  | "features"
  | "fault"
  | "lifetime"
  | "pool"
  | "nvme"
  | "layout"
  | "mana"
  | "nobody";

export interface Foretold {
  readonly kind: Outcome["kind"];
  /** Part of the reason. */
  readonly text?: string;
  readonly by: Decider;
}

/** The point of a machine whose client has no connection when it is saved first. */
const DISCONNECTED = "client:none";

const DONE: Foretold = { kind: "done", by: "nobody" };

/** How the save ends. */
export function foretoldSave(edge: Edge): Foretold {
  const quiet = quietSave(edge);
  const fault = faultOn(edge);
  if (quiet.kind !== "done" || fault?.phase !== "save") return quiet;
  return foretell(fault.outcome, fault.text, "fault");
}

/** True when not even the first boot succeeds, which is the business of other tables. */
export function neverBoots(edge: Edge): boolean {
  const { by } = foretoldSave(edge);
  return by === "lifetime" || by === "memory";
}

/** How the save ends without a fault. */
export function quietSave({ settings, index, writer }: Edge): Foretold {
  if (index > 0) return DONE;
  const place = placeRow(writer, settings);
  if (place?.place === null) return foretell("crashed", place.text, "memory");
  const boot = rowOf(LIFETIME.boots, "first boot", (row) => {
    return row.lifetime === settings.lifetime && !!row.releases?.includes(writer.release);
  });
  return boot.outcome === "done" ? DONE : foretell(boot.outcome, boot.text, "lifetime");
}

/** How the restore ends; only for a save that succeeded. */
export function foretoldRestore(edge: Edge): Foretold {
  const fault = faultOn(edge);
  const struck = fault?.phase === "restore" && fault.outcome !== "done" ? fault : undefined;
  const quiet = quietRestore(edge);
  if (quiet.by === "memory" || struck === undefined) return quiet;
  const first = struck.outcome === "hung" || quiet.kind === "done" || quiet.by === "features";
  return first ? foretell(struck.outcome, struck.text, "fault") : quiet;
}

/** How the restore ends without a fault of its own. */
export function quietRestore(edge: Edge): Foretold {
  const place = placeRow(edge.reader, edge.settings);
  if (place?.place === null) return foretell("crashed", place.text, "memory");
  const state = decoded(edge);
  if (state === undefined) return DONE;
  const early = foretoldDevices(edge, state);
  if (early !== undefined) return early;
  const strange = strangeFeatures(edge);
  return strange === undefined ? DONE : foretell("refused", strange.text, "features");
}

/** What the client has agreed on with the host and the reader does not know, if anything. */
function strangeFeatures(edge: Edge): RelayFeaturesRow | undefined {
  const { settings, writer, reader } = edge;
  const { protocol = "current", devices } = settings;
  // What is agreed on at first stays so.
  const first = connectedBy(edge);
  if (devices !== "relay" || first === undefined) return undefined;
  return RELAY.features.find(
    ({ protocols, writers, readers }) =>
      protocols.includes(protocol) &&
      writers.includes(first.release) &&
      writers.includes(writer.release) &&
      readers.includes(reader.release),
  );
}

/** The hop whose client has made the connection to the host, if one has. */
function connectedBy({ condition: { path, settings }, index }: Edge): Hop | undefined {
  const [boot, ...readers] = path;
  if (settings.point !== DISCONNECTED) return boot;
  return readers
    .slice(0, index)
    .find(
      ({ release }) =>
        rowOf(RELAY.connects, release, (row) => row.readers.includes(release)).connects,
    );
}

function foretoldDevices(edge: Edge, state: Decoded): Foretold | undefined {
  const lifetime = lifetimeRow(edge);
  if (lifetime.outcome !== "done") return foretell(lifetime.outcome, lifetime.text, "lifetime");
  const kept = keptIn(state);
  const pool = poolRow(edge, kept);
  if (pool.outcome === "refused") return foretell("refused", pool.text, "pool");
  if (pool.outcome === "restored" && moves(edge)) {
    return foretell("refused", "pool ranges do not match", "memory");
  }
  const nvme = deviceRow(edge, kept, "nvme");
  if (nvme.outcome === "attach") {
    const { outcome, text } = crossingRow(edge);
    if (outcome !== "attach") return foretell(outcome, text, "layout");
  }
  if (nvme.outcome === "refused") {
    // Where memory is scarce, fresh devices find none beside what nobody takes over.
    const scarce = edge.settings.placement === "scarce";
    return foretell("refused", scarce ? undefined : nvme.text, "nvme");
  }
  const mana = deviceRow(edge, kept, "mana");
  if (mana.outcome === "refused") return foretell("refused", mana.text, "mana");
  return undefined;
}

/** Whether the reader puts its pool elsewhere than the writer. */
function moves({ writer, reader, settings }: Edge): boolean {
  const [from, to] = [writer, reader].map((hop) => placeRow(hop, settings)?.place);
  return from !== undefined && to !== undefined && from !== to;
}

function foretell(kind: Outcome["kind"], text: string | undefined, by: Decider): Foretold {
  return { kind, by, ...(text === undefined ? {} : { text }) };
}
