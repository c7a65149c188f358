/**
 * What the command line serves: implementations to run, formats to read and write, reporters.
 * The commands know none of them by name; `harness/product.ts` hands them in.
 *
 * @module
 */
import type { Adapter, SavedState } from "../adapter.ts";
import type { Space } from "../axis.ts";
import type { Condition } from "../condition.ts";
import type { Defect } from "../defect.ts";
import type { Expectation } from "../expectation.ts";
import type { Contents } from "../facets/codec.ts";
import type { KnownGrowth } from "../known_growth.ts";
import type { Oracle } from "../oracle.ts";
import type { ProbeDifference, ProbeState } from "../probe_state.ts";
import type { Reporter } from "../report.ts";
import type { Scenario, Suite } from "../scenario.ts";
import type { CaseBookEntry } from "./case_book.ts";
import type { Daemons } from "./daemon.ts";
import type { Protocol } from "./driving.ts";
import type { Json } from "./json.ts";
import type { Own } from "./own.ts";
import type { OwnBenches } from "./own_bench.ts";
import type { Schemas } from "./schemas.ts";

export type { Json } from "./json.ts";
export type { Schemas, Told } from "./schemas.ts";

/** By name, each loaded when it is asked for. */
export type Implementations = Readonly<Record<string, () => Promise<Implementation>>>;

/** Everything that runs one implementation. */
export interface Implementation {
  readonly adapter: Adapter;
  readonly space: Space;
  readonly suites: readonly Suite[];
  readonly oracles: readonly Oracle[];
  readonly expectations: readonly Expectation[];
  /** Real bugs that its machines can be given; see `run --defects`. */
  readonly defects?: readonly Defect[];
  /** What a machine that is saved and restored for ever is judged by; see `soak`. */
  readonly soak?: { readonly scenario: Scenario; readonly growths: readonly KnownGrowth[] };
  /** The same with programs and sets of devices of the user's; a bad file is a `RangeError`. */
  widened?(own: Own): Implementation;
  /** What the user has brought to it, as given. */
  readonly brought?: readonly string[];
  /** Ends the programs that it has started; nothing is asked of it any more. */
  end?(): Promise<void>;
  /** Codec of its saved states, and the correlation id in one; for captured states. */
  readonly codec: string;
  /** What is in its saved states, for whoever it is served to. */
  readonly contents?: Contents;
  /** What of a captured state no machine here can have, in words; undefined when it has all. */
  readonly leavesBehind?: (bytes: Uint8Array) => string | undefined;
  /** Name and digest of the captured state that the first hop saves, when there is one. */
  readonly captured?: string;
  /** Settings of the machines whose states are kept for review, by name; see `record`. */
  readonly recordings: Readonly<Record<string, Condition["settings"]>>;
  correlationIdOf(state: SavedState): string | undefined;
}

/** A format of saved states. What cannot be read or written is a {@linkcode FormatError}. */
export interface Format {
  readonly releases: readonly string[];
  /** Names of messages that `release` has. */
  messages(release: string): readonly string[];
  decode(release: string, message: string, bytes: Uint8Array): Json;
  encode(release: string, message: string, value: Json): Uint8Array;
  /** Decodes and encodes again: the normal form, without what the release does not know. */
  recode(release: string, message: string, bytes: Uint8Array): Uint8Array;
  /** A whole saved state with nested states opened and unknown fields listed. */
  decodeState(release: string, bytes: Uint8Array): Json;
}

/** What is wrong in a stream, and by which section of its specification. */
export interface StreamFault {
  readonly offset: number;
  readonly section: string;
  readonly text: string;
}

/** What a stream of records is and holds, and what is wrong with it. */
export interface InspectedStream {
  readonly layout: string;
  readonly why: string;
  readonly header: Json;
  readonly records: Iterable<Json>;
  readonly violations: readonly StreamFault[];
  readonly violationCount: number;
  /** What every stream of some writer has, and is no fault of this one. */
  readonly deviations: readonly StreamFault[];
  /** A record as a line of a table. */
  lineOf(record: Json): string;
}

/** A layout and a byte order that are named, in place of those that are found out. */
export interface NamedLayout {
  readonly layout?: string;
  readonly order?: string;
}

/** What was done to a stream so that a target accepts it. */
export interface StreamChange extends StreamFault {
  readonly action: string;
  /** What somebody does not get back by it. */
  readonly lost?: string;
}

export interface RepairedStream {
  readonly target: string;
  readonly layout: string;
  readonly why: string;
  readonly octets: Uint8Array;
  readonly changes: readonly StreamChange[];
  readonly changeCount: number;
  readonly lossCount: number;
  /** How many there are of each thing that it holds. */
  readonly holds: Readonly<Record<string, number>>;
}

/** A format that says itself which layout a stream has. */
export interface StreamFormat {
  readonly layouts: readonly string[];
  readonly orders: readonly string[];
  /** For whom a stream can be repaired. */
  readonly targets: readonly string[];
  inspect(bytes: Uint8Array, named: NamedLayout): InspectedStream;
  repair(bytes: Uint8Array, target: string, named: NamedLayout): RepairedStream;
}

/** The saved state of a whole machine, in sections. Texts come in pieces, as they are made. */
export interface MachineStream {
  /** Names of sections, each once. */
  readonly sections: readonly string[];
  /** A line for each part. */
  summary(): Iterable<string>;
  /** Lines of the tree of all sections, or of those called `section`. */
  tree(section?: string): Iterable<string>;
  /** Pieces of one JSON value, likewise. */
  json(section?: string): Iterable<string>;
}

/** A format of saved states that may be larger than memory: read as it comes. */
export interface MachineFormat {
  /** Takes octets one behind the other; what cannot be read is a {@linkcode FormatError}. */
  reader(keepsMemory?: boolean): { push(octets: Uint8Array): void; end(): MachineStream };
  /** What differs between two streams that this format read; in memory, where both kept it. */
  diff(a: MachineStream, b: MachineStream): MachineDifference;
}

export interface MachineDifference {
  readonly isSame: boolean;
  readonly json: Json;
  lines(): Iterable<string>;
}

/** What a program says of its saved states without running a machine; one text for all devices. */
export interface DescriptionFormat<T = unknown> {
  /** Those whose descriptions can be asked for here, when they are fetched. */
  readonly releases: readonly string[];
  /** The machine that is asked for when none is named. */
  readonly machine: string;
  /** The text of `release`; when it cannot be had, a {@linkcode FormatError}. */
  describe(release: string, machine: string): Promise<Uint8Array>;
  /** Octets that a text may have. */
  readonly sizeMax: number;
  read(text: Uint8Array): T;
  /** What may go wrong when the one with `writer` saves and the one with `reader` restores. */
  compare(writer: T, reader: T): DescriptionDifference;
  /** What becomes of loads between two releases, by the rows of a run, beside what is foretold. */
  beside(
    rows: readonly string[],
    names: readonly [string, string],
    described: readonly [T, T],
  ): AsyncIterable<string>;
}

export interface DescriptionDifference {
  readonly isHarmless: boolean;
  readonly json: Json;
  /** Lines below `title`, those of harmless differences only when asked for. */
  lines(title: string, showsHarmless: boolean): Iterable<string>;
}

/** Bytes or a value that a format cannot take. */
export class FormatError extends Error {
  override readonly name = "FormatError";
  /** First octet of the record at fault, in the whole input; absent when encoding. */
  readonly offset: number | undefined;
  /** Where in the message, such as `nvme_state.nvme_drivers[0]`; empty at the top. */
  readonly path: string;

  constructor(reason: string, offset?: number, path = "") {
    super(reason);
    this.offset = offset;
    this.path = path;
  }
}

/** Gets real programs; tells of each thing whether it is there now, and what it is. */
export interface Fetcher {
  (): AsyncIterable<{ readonly name: string; readonly text: string; readonly there: boolean }>;
  /** What is fetched and from where, for a key under which it is kept. */
  readonly wants?: readonly string[];
}

/** Asks a model and real daemons the same. */
export interface Probe {
  readonly daemons: readonly string[];
  /** Why a daemon cannot be asked here. */
  unavailable(daemon: string): string | undefined;
  /** Tells again and again what was found, until all requests are made. */
  run(daemon: string, requests: number, seed: number): AsyncIterable<ProbeState>;
  /** Asks the sequence of a token; a token that is none is a `RangeError`. */
  replay(token: string): Promise<{ daemon: string; shown: ProbeDifference | undefined }>;
}

export interface Product {
  readonly version: string;
  readonly protocol: Protocol<Implementation>;
  readonly implementations: Implementations;
  /** Names of those that have a {@linkcode Implementation.soak}. */
  readonly soaked: readonly string[];
  /** Module of a worker thread that serves the same implementations; see `serveCrew`. */
  readonly worker: URL;
  readonly formats: Readonly<Record<string, Format>>;
  readonly daemons: Daemons;
  readonly probes: Readonly<Record<string, () => Promise<Probe>>>;
  readonly caseBooks: Readonly<Record<string, CaseBookEntry>>;
  readonly fetchers: Readonly<Record<string, Fetcher>>;
  /** Formats that need no release to be decoded. */
  readonly streams: Readonly<Record<string, StreamFormat>>;
  readonly machines: Readonly<Record<string, MachineFormat>>;
  readonly descriptions: Readonly<Record<string, DescriptionFormat>>;
  readonly schemas: Schemas;
  readonly reporters: Readonly<Record<string, Reporter>>;
  /** Makes one file of a program that is started again and again, where that can be done. */
  readonly pack?: (source: string) => Promise<string | undefined>;
  /** Our own code, in pieces, and programs that are benches by themselves. */
  readonly benches: OwnBenches;
  readonly benchPrograms: readonly string[];
  readonly terminalInColour: Reporter;
}
