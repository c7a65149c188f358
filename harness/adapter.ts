/**
 * What drives one implementation. An adapter is the only code that knows how to start it.
 *
 * @module
 */
import type { Condition } from "./condition.ts";
import type { Machine } from "./facets/machine.ts";
import type { Hop } from "./path.ts";

/** Bytes a stopped machine leaves behind, and who wrote them. */
export interface SavedState {
  /** The release that wrote the bytes, as it reports itself. */
  readonly writer: { readonly implementation: string; readonly release: string };
  /** Codec that reads the bytes, such as `mesh`, `qemu-stream` or `xenstore-stream`. */
  readonly codec: string;
  readonly bytes: Uint8Array;
  /** Correlation id in the bytes, when they were captured earlier and not saved as requested. */
  readonly correlationId?: string;
  /** How long the save took, where it was made before it was asked for and somebody timed it. */
  readonly took?: Took | undefined;
}

/** Milliseconds that passed, and those in which a processor worked for this process. */
export interface Took {
  readonly ms: number;
  readonly ownMs: number;
  /** Those in which one worked for programs that were there at the end; where that is known. */
  readonly programsMs?: number;
}

/** Does something, and says how long that took. */
export type Timer = <T>(
  act: () => Promise<T>,
) => Promise<{ readonly answer: T; readonly took: Took | undefined }>;

/** What the host asks for. */
export interface SaveRequest {
  /** GUID in lower-case text form; must turn up again on the other side. */
  readonly correlationId: string;
  /** The settings as they are at this save, with what the host asks for. */
  readonly settings: Condition["settings"];
}

/** A machine under test: what a scenario sees, plus the verbs that only the runner may use. */
export interface RunningMachine extends Machine, AsyncDisposable {
  /** The release that runs, as it reports itself. */
  readonly release: string;
  /** The build that runs, where it says more than its release. */
  readonly build?: string;
  /**
   * Stops the machine and saves it. Throws {@linkcode SaveError} when it cannot, and says whether
   * the machine runs on; after success only dispose may be called.
   */
  save(request: SaveRequest): Promise<SavedState>;
  /**
   * Lets the guest of a machine that was restored go on with its work. Until then it only finds
   * what the restore has left it. Throws as {@linkcode Rig.restore} does.
   */
  goOn?(): Promise<void>;
  /**
   * At the end of a path: has the guest end what it is at and take leave of its machine. Answers in
   * words what it could not. Throws as {@linkcode Rig.restore} does; only dispose may follow.
   */
  takeLeave?(): Promise<readonly string[]>;
}

/** A fault that has struck. */
export interface Struck {
  readonly words: string;
  /** Nothing can be said of what comes after the edge that it is on. */
  readonly ends: boolean;
}

/**
 * What a program holds of its host, by name; a name of memory ends in ` (KiB)`, or in
 * ` (KiB, shared)` when other programs have part in it.
 */
export type Vitals = Readonly<Record<string, number>>;

/** The host and the hardware that outlive each hop of one condition. */
export interface Rig extends AsyncDisposable {
  /** Boots a fresh machine. */
  start(hop: Hop): Promise<RunningMachine>;
  /**
   * Starts a machine from `state`. Throws {@linkcode RefusedError}, {@linkcode CrashedError} or
   * {@linkcode HungError} when it does not come up.
   */
  restore(hop: Hop, state: SavedState): Promise<RunningMachine>;
  /** What the fault of the settings has done; null as long as it has done nothing. */
  struck?(): Struck | null;
  /** Calls `hear` with each message between clients and the program, in one line. */
  listen?(hear: (release: string, message: string) => void): void;
  /** True when a deadline has passed: one of the program itself, or one for its answer. */
  waited?(): boolean;
  /** Where what its programs wrote beside their answers is kept, once it has ended. */
  kept?(): string | undefined;
  /** What the program that runs now holds; the same names at each look, if it is there at all. */
  vitals?(): Vitals;
  /** A copy of host and hardware that goes on apart; only asked for between two machines. */
  fork?(): Rig;
}

export interface Adapter {
  readonly implementation: string;
  /** Every release it can start, oldest first. */
  readonly releases: readonly string[];
  /** Rigs that may be at work side by side, where that is mostly waiting; one when absent. */
  readonly rigsAtOnce?: number;
  /** Time after which it has given up what hangs itself; nobody else does so earlier. */
  readonly deadlineMs?: number;
  /** Why a release cannot be started on this machine at all; undefined when it can. */
  absent?(release: string): string | undefined;
  /**
   * What `hop` can do under `settings`: facet names and dotted names such as `nvme.keepalive`.
   * Values per save are those of the hop's own save; of the last save at the hop after it.
   */
  capabilities(hop: Hop, settings: Condition["settings"]): ReadonlySet<string>;
  /** What `hop` lacks to take over from the hop before it; undefined when it can. */
  lacksAfter?(before: Hop, hop: Hop): string | undefined;
  /** Told where conditions that come soon start, so that what rigs share may be made by then. */
  soon?(first: Hop, settings: Condition["settings"]): void;
  /** Forgets what rigs have made for each other: a condition is about to be attempted again. */
  afresh?(): void;
  /** Has what rigs make for each other timed from now on; see {@linkcode SavedState.took}. */
  timeWith?(timer: Timer): void;
  /**
   * Sets up a fresh host with the hardware that `settings` ask for. They are those of a condition:
   * what is per save comes again with each {@linkcode SaveRequest}.
   */
  rig(settings: Condition["settings"], seed: number): Promise<Rig>;
}

/** A restore that an implementation declined cleanly: reported, nothing else happened. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
}

/** A hop lacks what it was asked for: nothing happened, and nobody is to be judged by it. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";
}

/** The process of a hop died. */
export class CrashedError extends Error {
  override readonly name = "CrashedError";
  /** True when the fault of the settings has ended the process, and nothing that it did itself. */
  readonly killed: boolean;

  constructor(message: string, killed = false) {
    super(message);
    this.killed = killed;
  }
}

/** A hop did not answer before its deadline. */
export class HungError extends Error {
  override readonly name = "HungError";
}

/** A save that failed. */
export class SaveError extends Error {
  override readonly name = "SaveError";
  /** True when the machine runs on, as it should. */
  readonly machineRuns: boolean;

  constructor(message: string, machineRuns: boolean) {
    super(message);
    this.machineRuns = machineRuns;
  }
}
