/**
 * The decision tables in `fixtures/openhcl`, typed. They are written by hand from the facts, each
 * row with its source, so that no model is judged by itself. This file only reads them.
 *
 * @module
 */
import { readFileSync } from "node:fs";

/** Releases that a row speaks of, and where it comes from. */
interface Sourced {
  readonly source: string;
}

export interface ModeRow extends Sourced {
  readonly releases: readonly string[];
  readonly host: string;
  readonly pool: string;
  readonly disable: boolean;
  readonly commandLine: string;
  readonly mode: string;
  readonly enabled: boolean;
}

/** `kept`: enabled and asked for; `gated`: enabled and not asked for; `off`: not enabled. */
export type Gate = "kept" | "gated" | "off";

export interface SavesRow extends Sourced {
  readonly releases: readonly string[];
  readonly nvme: readonly Gate[];
  readonly mana: readonly Gate[];
  readonly nvmeState: boolean;
  readonly dmaState: boolean;
}

export interface StickyRow extends Sourced {
  readonly releases: readonly string[];
  readonly sticky: boolean;
}

/** What was saved of a device: its state, only its allocations, or nothing. */
export type SavedKind = "state" | "allocations" | "nothing";

export interface DeviceRow extends Sourced {
  readonly saved: SavedKind;
  readonly readers: readonly string[];
  readonly mode?: readonly string[];
  readonly pool?: string;
  readonly outcome: "attach" | "fresh" | "fresh-after-clear" | "refused";
  readonly text?: string;
  readonly restored?: boolean;
  readonly controllerReset?: boolean;
}

export interface PoolRow extends Sourced {
  readonly saved: "pool" | "nothing";
  readonly readers: readonly string[];
  readonly pool?: string;
  readonly outcome: "skipped" | "restored" | "fresh" | "refused";
  readonly text?: string;
}

export interface LayoutRow extends Sourced {
  readonly releases: readonly string[];
  readonly pages: number;
  readonly memLen: number;
  readonly entriesMax: number;
}

export interface CrossingRow extends Sourced {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  readonly outcome: "attach" | "crashed" | "hung";
  readonly text?: string;
}

export interface LifetimeRow extends Sourced {
  readonly lifetime: string;
  /** Of a first boot and of a save. */
  readonly releases?: readonly string[];
  readonly writers?: readonly string[];
  readonly readers?: readonly string[];
  readonly outcome: "done" | "refused" | "crashed";
  readonly text?: string;
  readonly vmgs?: string;
}

export interface FaultRow extends Sourced {
  readonly fault: string;
  readonly releases: readonly string[];
  readonly phase: "save" | "restore";
  readonly outcome: "done" | "refused" | "crashed" | "hung";
  readonly text?: string;
  readonly machineRuns?: boolean;
  /** Set when NVMe state that should have been saved is not. */
  readonly nvmeState?: "lost";
  readonly flushError?: string;
  readonly flushDurationUs?: number;
}

export interface ChangeRow extends Sourced {
  readonly message: string;
  readonly number: number;
  readonly field: string;
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  readonly effect:
    | "refused"
    | "dropped"
    | "default"
    | "reinterpreted"
    | "renamed"
    | "crash"
    | "misread";
  readonly when?: string;
  readonly text?: string;
  /** Of `default`: what the reader reads; `empty` is a message of defaults. */
  readonly value?: unknown;
  /** Of `reinterpreted`: what the reader takes it for. */
  readonly as?: string;
}

export interface SpanRow extends Sourced {
  readonly span: string;
  readonly side: "save" | "restore";
  readonly releases: readonly string[];
  readonly when:
    | "always"
    | "controllers"
    | "controllers kept"
    | "controllers saved"
    | "controllers attached";
  readonly correlated: boolean;
}

export interface SaveOrderRow extends Sourced {
  readonly releases: readonly string[];
  readonly steps: readonly {
    readonly step: string;
    readonly span?: string;
    readonly when?: string;
  }[];
}

export interface UnitNameRow extends Sourced {
  readonly name: string;
  readonly devices: readonly string[];
}

export interface UnitRuleRow extends Sourced {
  readonly rule: string;
  readonly outcome: string;
  readonly text?: string;
}

export interface ManaSavesRow extends Sourced {
  readonly writers: readonly string[];
  readonly enabled: readonly boolean[];
  readonly flag: readonly boolean[];
  readonly saved: boolean;
}

export interface RelayWireRow extends Sourced {
  readonly writers: readonly string[];
  readonly unit: boolean;
  readonly blob: "legacy" | null;
  readonly field10002: boolean;
}

export interface LazyWriterRow extends Sourced {
  readonly writers: readonly string[];
  readonly allowLazyRestore: boolean | null;
}

export interface LazyReaderRow extends Sourced {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
  readonly live: "all" | "busy";
}

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

export const QUEUE_LAYOUT = table<{
  readonly layouts: readonly LayoutRow[];
  readonly crossings: readonly CrossingRow[];
}>("queue_layout");

export const LAZY_RESTORE = table<{
  readonly writers: readonly LazyWriterRow[];
  readonly readers: readonly LazyReaderRow[];
}>("lazy_restore");

export const LIFETIME = table<{
  readonly boots: readonly LifetimeRow[];
  readonly restores: readonly LifetimeRow[];
}>("guest_state_lifetime");

export const SERVICING_ERRORS = table<{ readonly rows: readonly FaultRow[] }>("servicing_errors");

export const EVOLUTION = table<{ readonly rows: readonly ChangeRow[] }>("evolution");

export const SAVE_ORDER = table<{
  readonly saves: readonly SaveOrderRow[];
  readonly spans: readonly SpanRow[];
}>("save_order");

export const STATE_UNITS = table<{
  readonly rules: readonly UnitRuleRow[];
  readonly names: readonly UnitNameRow[];
}>("state_units");

export const MANA = table<{ readonly saves: readonly ManaSavesRow[] }>("mana");

export const RELAY = table<{ readonly wire: readonly RelayWireRow[] }>("relay_conversion");

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
