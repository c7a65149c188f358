/**
 * Drives the real xenstore daemons. A save is the first half of a live update, up to the moment
 * when the old program has gone; a restore is the second half, in the same process, with the same
 * connections. Each rig has a run directory and a process of its own.
 *
 * A daemon that dies, hangs or does not answer the update is `crashed` or `hung`. One that answers
 * OK is restored, with whatever it has kept: that is for suites to say.
 *
 * @module
 */
import {
  type Adapter,
  CrashedError,
  HungError,
  type Rig,
  type RunningMachine,
  type SavedState,
  type Struck,
  type Vitals,
} from "../../adapter.ts";
import { read } from "../../facets/xenstore_requests.ts";
import type { Hop } from "../../path.ts";
import { Clients } from "./clients.ts";
import { transplanted } from "./foreign_state.ts";
import type { Host } from "./host.ts";
import { type Answer, arrive, leave, PATIENCE_S } from "./live_update.ts";
import { Programs } from "./programs.ts";
import type { Reference } from "./reference.ts";
import { RELEASES, type Release, releaseNamed } from "./releases.ts";
import { RunDirectory } from "./run_directory.ts";
import { spoilt } from "./stream_faults.ts";
import { vitalsOf } from "./vitals.ts";

const IMPLEMENTATION = "xenstored";
/** Time in which a daemon starts to listen; they take 5 to 25 ms. */
const START_DEADLINE_MS = 5000;

/** They mostly wait, for deadlines and in select; more than eight are no faster on two cores. */
const RIGS_AT_ONCE = 8;
/** A save that has taken so long has waited for the daemon's own deadline; usual are 5 ms. */
const PATIENT_MS = PATIENCE_S * 450;

const CAPABILITIES: ReadonlySet<string> = new Set(["xenstore"]);
const NOTHING: ReadonlySet<string> = new Set();

/** The adapter; with the model among its releases where there is one. */
export function xenstoredAdapter(reference?: Reference): Adapter {
  const programs = new Programs(reference);
  return {
    implementation: IMPLEMENTATION,
    releases: RELEASES.map(({ name }) => name),
    rigsAtOnce: RIGS_AT_ONCE,
    absent: (release) => programs.whyNot(releaseNamed(release)),
    capabilities: ({ release }) =>
      programs.whyNot(releaseNamed(release)) === undefined ? CAPABILITIES : NOTHING,
    lacksAfter: (before, hop) =>
      programs.lacksAfter(releaseNamed(before.release), releaseNamed(hop.release)),
    rig: () => Promise.resolve(new XenstoredRig(programs)),
  };
}

/** What the old program has left. */
interface Left {
  readonly writer: Release;
  readonly bytes: Uint8Array;
  readonly answer: Answer;
  /** What becomes of the state before it is restored. */
  readonly fault: string;
}

/** A daemon between its start and its end. */
interface Running {
  readonly host: Host;
  readonly clients: Clients;
}

class XenstoredRig implements Rig {
  readonly #programs: Programs;
  readonly #directory = new RunDirectory();
  #running: Running | undefined;
  #left: Left | undefined;
  #waited = false;
  #struck: Struck | null = null;
  #hear: ((message: string) => void) | undefined;
  /** The release that is spoken to. */
  #spoken = "";

  listen(hear: (release: string, message: string) => void): void {
    this.#hear = (message) => hear(this.#spoken, message);
  }

  constructor(programs: Programs) {
    this.#programs = programs;
  }

  async start(hop: Hop): Promise<RunningMachine> {
    const release = releaseNamed(hop.release);
    const host = await this.#programs.start(release, this.#directory);
    this.#spoken = release.name;
    const clients = new Clients(this.#directory, this.#hear);
    this.#running = { host, clients };
    const listens = await host.herald.announced("listening", START_DEADLINE_MS);
    // It listens before it is ready; by its first answer it is.
    const answer = listens ? await clients.onlooker.ask(read("/")) : undefined;
    if (answer?.error !== null) {
      const { ending } = host.herald;
      if (ending === undefined) throw new HungError(`${release.name} does not start`);
      throw new CrashedError(`${release.name} ended with ${ending}: ${host.lastWords}`);
    }
    return this.#machine(release, this.#running);
  }

  async restore(hop: Hop, state: SavedState): Promise<RunningMachine> {
    const [running, left] = [this.#running, this.#left];
    if (running === undefined || left === undefined) {
      throw new Error("Cannot restore as a daemon must have been saved first");
    }
    const release = releaseNamed(hop.release);
    const { writer, bytes, answer, fault } = left;
    const { dialect } = writer;
    const { clients } = running;
    const own = state.bytes === bytes ? bytes : transplanted(state.bytes, bytes);
    const given = fault === "none" ? own : spoilt(fault, dialect, own);
    if (given !== bytes) this.#directory.writeState(dialect, given);
    if (fault !== "none" && !same(given, own)) {
      const words = `${fault} makes ${given.length} octets of ${own.length}`;
      this.#struck = { words, ends: false };
    }
    clients.take(own, own !== bytes);
    const place = { host: running.host, directory: this.#directory, dialect };
    this.#spoken = release.name;
    const host = await this.#programs.follow(place, release);
    this.#running = { host, clients };
    await arrive({ host, clients, dialect }, answer, {
      name: release.name,
      slow: release.kind === "model" && host.pid !== undefined,
    });
    return this.#machine(release, this.#running);
  }

  struck(): Struck | null {
    return this.#struck;
  }

  waited(): boolean {
    return this.#waited || this.#running?.clients.late === true;
  }

  vitals(): Vitals {
    const pid = this.#running?.host.pid;
    return pid === undefined ? {} : vitalsOf(pid, this.#directory.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.clients[Symbol.dispose]();
    await running?.host.kill();
    this.#directory[Symbol.dispose]();
  }

  /** Notices when a deadline passes meanwhile. */
  async #patiently<T>(work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.#waited = true;
    }, PATIENT_MS);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }

  #machine(planned: Release, { host, clients }: Running): RunningMachine {
    const { release } = host;
    return {
      xenstore: clients,
      release,
      save: async ({ settings }): Promise<SavedState> => {
        const { dialect } = planned;
        const update = { host, clients, dialect };
        const answer = await this.#patiently(() =>
          leave(update, settings.forced === "yes", () => clients.reach("asked")),
        );
        await clients.reach("between");
        const bytes = this.#directory.readState(dialect);
        this.#left = { writer: planned, bytes, answer, fault: settings.fault ?? "none" };
        const codec = dialect === "c" ? "xenstore-stream" : "oxenstored-dump";
        return { writer: { implementation: IMPLEMENTATION, release }, codec, bytes };
      },
      // The process goes on to the next hop; the rig ends it.
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }
}

function same(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
