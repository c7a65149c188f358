/**
 * What the tables foretell of an edge: how its save and its restore end, and which table decides.
 * Steps are asked in the order in which a servicing boot takes them, so that an early failure
 * hides a later one.
 *
 * Source: facts/openhcl/semantics.md, Save and Restore.
 *
 * @module
 */
import type { Edge, Outcome } from "../oracle.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { type Kept, keptIn } from "./kept.ts";
import { modeOf } from "./mode.ts";
import {
  type CrossingRow,
  type DeviceRow,
  type FaultRow,
  LIFETIME,
  type LifetimeRow,
  MISMATCH,
  type PoolRow,
  QUEUE_LAYOUT,
  rowOf,
  SERVICING_ERRORS,
} from "./tables.ts";

export type Decider = "fault" | "lifetime" | "pool" | "nvme" | "layout" | "mana" | "nobody";

export interface Foretold {
  readonly kind: Outcome["kind"];
  /** Part of the reason. */
  readonly text?: string;
  readonly by: Decider;
}

/** The fault that strikes on `edge`: only the first one is disturbed. */
export function faultOn({ condition, index, writer, reader }: Edge): FaultRow | undefined {
  const fault = condition.settings.fault ?? "none";
  if (fault === "none" || index > 0) return undefined;
  return rowOf(SERVICING_ERRORS.rows, `fault ${fault}`, (row) => {
    const release = row.phase === "save" ? writer.release : reader.release;
    return row.fault === fault && row.releases.includes(release);
  });
}

export function lifetimeRow({ condition, writer, reader }: Edge): LifetimeRow {
  const { lifetime } = condition.settings;
  return rowOf(LIFETIME.restores, `lifetime ${lifetime}`, (row) => {
    if (row.lifetime !== lifetime) return false;
    return !!row.writers?.includes(writer.release) && !!row.readers?.includes(reader.release);
  });
}

export function poolRow({ reader }: Edge, { pool }: Kept): PoolRow {
  return rowOf(
    MISMATCH.pool,
    `pool on ${reader.release}`,
    (row) =>
      row.saved === pool &&
      row.readers.includes(reader.release) &&
      (row.pool ?? reader.inputs.pool) === reader.inputs.pool,
  );
}

export function deviceRow(edge: Edge, kept: Kept, device: "nvme" | "mana"): DeviceRow {
  const { release, inputs } = edge.reader;
  const mode = modeOf(edge.reader, device, edge.condition);
  return rowOf(
    MISMATCH[device],
    `${device} ${kept[device]} on ${release}`,
    (row) =>
      row.saved === kept[device] &&
      row.readers.includes(release) &&
      (row.pool ?? inputs.pool) === inputs.pool &&
      (row.mode ?? [mode]).includes(mode),
  );
}

export function crossingRow({ writer, reader }: Edge): CrossingRow {
  return rowOf(
    QUEUE_LAYOUT.crossings,
    `queues of ${writer.release} on ${reader.release}`,
    (row) => row.writers.includes(writer.release) && row.readers.includes(reader.release),
  );
}

/** How the save ends. */
export function foretoldSave(edge: Edge): Foretold {
  const { condition, index, writer } = edge;
  if (index === 0) {
    const boot = rowOf(LIFETIME.boots, "first boot", (row) => {
      return (
        row.lifetime === condition.settings.lifetime && !!row.releases?.includes(writer.release)
      );
    });
    if (boot.outcome !== "done") return foretell(boot.outcome, boot.text, "lifetime");
  }
  const fault = faultOn(edge);
  if (fault?.phase !== "save") return { kind: "done", by: "nobody" };
  return foretell(fault.outcome, fault.text, "fault");
}

/** How the restore ends; only for a save that succeeded. */
export function foretoldRestore(edge: Edge): Foretold {
  const state = decoded(edge);
  if (state === undefined) return { kind: "done", by: "nobody" };
  const fault = faultOn(edge);
  const struck = fault?.phase === "restore" && fault.outcome !== "done" ? fault : undefined;
  if (struck?.outcome === "hung") return foretell("hung", struck.text, "fault");
  const early = foretoldDevices(edge, state);
  if (early !== undefined) return early;
  return struck === undefined
    ? { kind: "done", by: "nobody" }
    : foretell(struck.outcome, struck.text, "fault");
}

function foretoldDevices(edge: Edge, state: Decoded): Foretold | undefined {
  const lifetime = lifetimeRow(edge);
  if (lifetime.outcome !== "done") return foretell(lifetime.outcome, lifetime.text, "lifetime");
  const kept = keptIn(state);
  const pool = poolRow(edge, kept);
  if (pool.outcome === "refused") return foretell("refused", pool.text, "pool");
  const nvme = deviceRow(edge, kept, "nvme");
  if (nvme.outcome === "attach") {
    const { outcome, text } = crossingRow(edge);
    if (outcome !== "attach") return foretell(outcome, text, "layout");
  }
  if (nvme.outcome === "refused") return foretell("refused", nvme.text, "nvme");
  const mana = deviceRow(edge, kept, "mana");
  if (mana.outcome === "refused") return foretell("refused", mana.text, "mana");
  return undefined;
}

function foretell(kind: Outcome["kind"], text: string | undefined, by: Decider): Foretold {
  return { kind, by, ...(text === undefined ? {} : { text }) };
}
