/**
 * Rows of the decision tables in `fixtures/openhcl`: what each column means.
 *
 * @module
 */

/** Releases that a row speaks of, and where it comes from. */
interface Sourced {
  readonly source: string;
}

/** A row about pairs of releases. */
interface PairRow extends Sourced {
  readonly writers: readonly string[];
  readonly readers: readonly string[];
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

export interface PlaceRow extends Sourced {
  readonly placements: readonly string[];
  readonly releases: readonly string[];
  readonly images: readonly string[];
  /** A name for the ranges; null where the boot dies. */
  readonly place: string | null;
  readonly text?: string;
}

export interface LayoutRow extends Sourced {
  readonly releases: readonly string[];
  readonly pages: number;
  readonly memLen: number;
  readonly entriesMax: number;
}

export interface CrossingRow extends PairRow {
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

export interface LifetimeSaveRow extends Sourced {
  readonly lifetime: string;
  readonly writers: readonly string[];
  /** Whether field 6 is there. */
  readonly vmgs: boolean;
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

export interface ChangeRow extends PairRow {
  readonly message: string;
  readonly number: number;
  readonly field: string;
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
    | "controllers attached"
    | "controllers cleared"
    | "nics"
    | "nics kept";
  readonly correlated: boolean;
}

export interface SaveOrderRow extends Sourced {
  readonly releases: readonly string[];
  readonly steps: readonly {
    readonly step: string;
    readonly span?: string;
  }[];
  readonly fixup: boolean;
}

export interface UnitNameRow extends Sourced {
  readonly name: string;
  readonly devices: readonly string[];
}

export interface ManaReleaseRow extends Sourced {
  readonly releases: readonly string[];
  readonly option: boolean;
  /** Number of `mana_state`. */
  readonly field: number | null;
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
  /** `client`: as the client in the blob is. */
  readonly relayState: "Connected" | "client" | null;
}

export interface RelayFeaturesRow extends PairRow {
  readonly protocols: readonly string[];
  /** Part of the reason why the restore is refused. */
  readonly text: string;
}

export interface RelayConnectsRow extends Sourced {
  readonly readers: readonly string[];
  /** Whether a client that was saved Disconnected connects anew. */
  readonly connects: boolean;
}

export interface RelayOpenRow extends Sourced {
  readonly clientChannel: string;
  readonly isOpen: boolean;
}

export interface LazyWriterRow extends Sourced {
  readonly writers: readonly string[];
  readonly allowLazyRestore: boolean | null;
}

export interface LazyReaderRow extends PairRow {
  readonly live: "all" | "busy";
}

export interface EarlyProcessorsRow extends PairRow {
  readonly told: boolean;
}

/** What a guest can tell of a hop in between; `*` in a place stands for any text. */
export interface DetourRow extends Sourced {
  readonly place: string;
  readonly first: readonly string[];
  readonly via: readonly string[];
  readonly last: readonly string[];
  readonly fault?: string;
  /** What the guest is at when it is saved first. */
  readonly point?: string;
  /** The identifiers of devices that it takes. */
  readonly ids?: readonly string[];
}

export interface NormalFormWhen {
  readonly axis: string;
  readonly value: string | readonly string[];
  /** Releases that leave it as it is: so it is on later edges, too, if only they have read it. */
  readonly lasts?: readonly string[];
}

/** What differs when a state is saved again right after its restore; all releases when absent. */
export interface NormalFormRow extends Sourced {
  /** Names from the outside in; `*` is any text, `#` a number or numbers. Any of a list. */
  readonly place: string | readonly string[];
  readonly writers?: readonly string[];
  readonly readers?: readonly string[];
  /** All of a list. */
  readonly when?: NormalFormWhen | readonly NormalFormWhen[];
  readonly why: string;
}
