/**
 * The rows of the tables that speak of an edge.
 *
 * @module
 */
import type { Edge } from "../oracle.ts";
import type { Kept } from "./kept.ts";
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

const FAULT_ROWS: ReadonlyMap<string, readonly FaultRow[]> = Map.groupBy(
  SERVICING_ERRORS.rows,
  ({ fault }) => fault,
);

/** What the table says of the fault on `edge`, if it knows it: only the first one is disturbed. */
export function faultOn({ settings, index, writer, reader }: Edge): FaultRow | undefined {
  if (index > 0) return undefined;
  return FAULT_ROWS.get(settings.fault ?? "")?.find(({ phase, releases }) =>
    releases.includes(phase === "save" ? writer.release : reader.release),
  );
}

export function lifetimeRow({ settings, writer, reader }: Edge): LifetimeRow {
  const { lifetime } = settings;
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
  const mode = modeOf(edge.reader, device, edge.settings);
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
