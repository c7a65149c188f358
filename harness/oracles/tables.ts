/**
 * The decision tables in `fixtures/openhcl`, typed. They are written by hand from upstream, each
 * row with its source, so that no model is judged by itself. This file only reads them.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import type {
  ChangeRow,
  CrossingRow,
  DetourRow,
  DeviceRow,
  EarlyProcessorsRow,
  FaultRow,
  LayoutRow,
  LazyReaderRow,
  LazyWriterRow,
  LifetimeRow,
  LifetimeSaveRow,
  ManaReleaseRow,
  ManaSavesRow,
  ModeRow,
  NormalFormRow,
  PlaceRow,
  PoolRow,
  RelayConnectsRow,
  RelayFeaturesRow,
  RelayOpenRow,
  RelayWireRow,
  SaveOrderRow,
  SavesRow,
  SpanRow,
  StickyRow,
  UnitNameRow,
} from "./table_rows.ts";

export type * from "./table_rows.ts";

export const KEEPALIVE_MODES = table<{
  readonly rows: readonly ModeRow[];
  readonly saves: readonly SavesRow[];
  readonly sticky: readonly StickyRow[];
}>("keepalive_modes");

export const MISMATCH = table<{
  readonly pool: readonly PoolRow[];
  readonly nvme: readonly DeviceRow[];
  readonly mana: readonly DeviceRow[];
}>("keepalive_mismatch");

export const POOL_PLACEMENT = table<{ readonly rows: readonly PlaceRow[] }>("pool_placement");

export const QUEUE_LAYOUT = table<{
  readonly layouts: readonly LayoutRow[];
  readonly crossings: readonly CrossingRow[];
}>("queue_layout");

export const LAZY_RESTORE = table<{
  readonly writers: readonly LazyWriterRow[];
  readonly readers: readonly LazyReaderRow[];
}>("lazy_restore");

export const EARLY_PROCESSORS = table<{ readonly rows: readonly EarlyProcessorsRow[] }>(
  "early_processors",
);

export const LIFETIME = table<{
  readonly boots: readonly LifetimeRow[];
  readonly saves: readonly LifetimeSaveRow[];
  readonly restores: readonly LifetimeRow[];
}>("guest_state_lifetime");

export const SERVICING_ERRORS = table<{ readonly rows: readonly FaultRow[] }>("servicing_errors");

export const EVOLUTION = table<{ readonly rows: readonly ChangeRow[] }>("evolution");

export const SAVE_ORDER = table<{
  readonly saves: readonly SaveOrderRow[];
  readonly spans: readonly SpanRow[];
}>("save_order");

export const STATE_UNITS = table<{ readonly names: readonly UnitNameRow[] }>("state_units");

export const MANA = table<{
  readonly releases: readonly ManaReleaseRow[];
  readonly saves: readonly ManaSavesRow[];
}>("mana");

export const RELAY = table<{
  readonly wire: readonly RelayWireRow[];
  readonly open: readonly RelayOpenRow[];
  readonly connects: readonly RelayConnectsRow[];
  readonly features: readonly RelayFeaturesRow[];
}>("relay_conversion");

export const DETOUR = table<{ readonly rows: readonly DetourRow[] }>("detour");

export const NORMAL_FORM = table<{ readonly rows: readonly NormalFormRow[] }>("normal_form");

function table<T>(name: string): T {
  const url = new URL(`../../fixtures/openhcl/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as T;
}

/** The one row of `rows` that `matches`; a table without an answer is an error in the table. */
export function rowOf<T>(rows: readonly T[], what: string, matches: (row: T) => boolean): T {
  const found = rows.find(matches);
  if (found !== undefined) return found;
  throw new RangeError(`Cannot look up ${what} as no row speaks of it`);
}
