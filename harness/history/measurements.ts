/**
 * What was measured, in the tables of a history: headers as they are, and costs over all
 * configurations, as those of each configuration are many and only told of one result.
 *
 * @module
 */
import { ALL, type Cost, readHeader, type StoredResult } from "../bench/mod.ts";
import type { DatabaseSync } from "./database.ts";

/** A measurement of a history. */
export interface PastMeasurement extends StoredResult {
  /** 1 for the one that came first. */
  readonly id: number;
}

/** Adds `result`, whose JSON has `digest`, and answers its id. */
export function writeMeasurement(
  database: DatabaseSync,
  { header, costs }: StoredResult,
  digest: string,
): number {
  const { lastInsertRowid } = database
    .prepare("INSERT INTO measurement (digest, implementation, header) VALUES (?, ?, ?)")
    .run(digest, header.implementation, JSON.stringify(header));
  const insert = database.prepare(
    "INSERT OR IGNORE INTO cost VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
  );
  for (const cost of costs) {
    if (cost.configuration !== ALL) continue;
    const { writer, reader, keepalive, metric, unit, count, p50, p99, max } = cost;
    const place = [Number(lastInsertRowid), writer, reader, keepalive, metric] as const;
    insert.run(...place, cost.class, unit, count, p50, p99, max);
  }
  return Number(lastInsertRowid);
}

/** All measurements, oldest first. */
export function readMeasurements(database: DatabaseSync): PastMeasurement[] {
  const costs = database.prepare("SELECT * FROM cost WHERE measurement = ?");
  return database
    .prepare("SELECT id, header FROM measurement ORDER BY id")
    .all()
    .map(({ id, header }) => ({
      id: Number(id),
      header: readHeader(JSON.parse(String(header))),
      costs: costs.all(Number(id)).map((row) => {
        const { measurement: _, ...cost } = row;
        return { ...cost, configuration: ALL } as unknown as Cost;
      }),
    }));
}
